import type { Call } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import type { Wire } from '../../../models/providers/provider.ts';

/**
 * Who reads what a target said to a client of its own dialect.
 * @param target `provider/model`
 * @returns undefined where the provider is gone, or speaks another dialect now
 */
export function relayingWire(catalog: ModelCatalog, call: Call, target: string): Wire | undefined {
  const slash = target.indexOf('/');
  const name = target.slice(0, slash);
  const provider = catalog.providers.find((one) => one.name === name);
  const wire = provider?.wire(call.dialect, call.operation, target.slice(slash + 1));
  return wire?.dialect === call.dialect ? wire : undefined;
}

/** What a whole answer says, event by event; undefined where nobody can read it any more. */
export function eventsIn(catalog: ModelCatalog, call: Call, target: string, body: Buffer): StreamEvent[] | undefined {
  const wire = relayingWire(catalog, call, target);
  if (!wire) return undefined;
  try {
    const json = parseExact(body.toString('utf8'));
    return isJsonObject(json) ? wire.answerEvents(json) : undefined;
  } catch {
    return undefined;
  }
}
