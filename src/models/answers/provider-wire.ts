import { type Call, targetName } from '../../core/call.ts';
import type { StreamEvent } from '../../core/events.ts';
import { parseExact } from '../../core/inference/exact-json.ts';
import { type JsonObject, isJsonObject } from '../../core/json.ts';
import type { ModelCatalog } from '../catalog.ts';
import type { Wire } from '../providers/provider.ts';

/** What of a call says how its answers are read. */
export type AnswerForm = Pick<Call, 'dialect' | 'operation'>;

/**
 * Who reads what a target said to a client of its own dialect.
 * @param target `provider/model`
 * @returns undefined where the provider is gone, or speaks another dialect now
 */
export function relayingWire(catalog: ModelCatalog, call: AnswerForm, target: string): Wire | undefined {
  const slash = target.indexOf('/');
  const name = target.slice(0, slash);
  const provider = catalog.providers.find((one) => one.name === name);
  const wire = provider?.wire(call.dialect, call.operation, target.slice(slash + 1));
  return wire?.dialect === call.dialect ? wire : undefined;
}

/** A whole answer, read. */
export interface ReadAnswer {
  readonly json: JsonObject;
  readonly events: StreamEvent[];
}

/** A whole answer, and what it says event by event; undefined where nobody can read it any more. */
export function readWhole(
  catalog: ModelCatalog,
  call: AnswerForm,
  target: string,
  body: Buffer,
): ReadAnswer | undefined {
  const wire = relayingWire(catalog, call, target);
  if (!wire) return undefined;
  try {
    const json = parseExact(body.toString('utf8'));
    return isJsonObject(json) ? { json, events: wire.answerEvents(json) } : undefined;
  } catch {
    return undefined;
  }
}

/** Only what it says. */
export function eventsIn(
  catalog: ModelCatalog,
  call: AnswerForm,
  target: string,
  body: Buffer,
): StreamEvent[] | undefined {
  return readWhole(catalog, call, target, body)?.events;
}

/** Whether the provider keeps what it answers under an id that the client is told, so that its owner may delete it. */
export function isKeptByProvider(catalog: ModelCatalog, call: Call): boolean {
  if (call.dialect !== 'responses' || call.operation !== 'chat' || call.body.json['store'] === false) return false;
  return call.assignment?.targets.some((target) => relayingWire(catalog, call, targetName(target))) ?? false;
}
