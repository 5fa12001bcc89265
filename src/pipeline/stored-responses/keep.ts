import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import { GatheredEvents } from '../../core/gathered-events.ts';
import { parseExact } from '../../core/inference/exact-json.ts';
import { responseId } from '../../core/inference/response-ids.ts';
import { type Json, isJsonObject } from '../../core/json.ts';
import type { Reply } from '../../core/reply.ts';
import { type StoredResponsesDeps, projectOf } from './deps.ts';
import { itemsOf, keptItems } from './items.ts';
import type { Resolved } from './resolve.ts';
import type { StoredResponse } from './stored-response.ts';

const NOT_STORED = 'store: the response is not kept, as this gateway is set up to keep none';

/** Keeps a translated answer once it is complete, unless the client or the operator does not want it. */
export function keepAnswer(deps: StoredResponsesDeps, call: Call, reply: Reply, resolved: Resolved | undefined): void {
  if (reply.kind !== 'translated' && !(reply.kind === 'stream' && reply.translated)) return;
  if (call.body.json['store'] === false || !deps.settings().store) return;
  if (reply.kind === 'translated') {
    keepLater(deps, call, reply.events, resolved);
    return;
  }
  const gathered = new GatheredEvents();
  reply.stream.observe({
    item: ({ events }) => gathered.add(events),
    terminal({ kind }) {
      if (kind === 'completed') keepLater(deps, call, gathered.all, resolved);
    },
  });
}

/** What a client that asks for it in so many words is told. It has to be said before the answer begins. */
export function warnIfOff(deps: StoredResponsesDeps, call: Call): void {
  if (call.body.json['store'] === true && !deps.settings().store) call.warnings.push(NOT_STORED);
}

function keepLater(
  deps: StoredResponsesDeps,
  call: Call,
  events: readonly StreamEvent[] | undefined,
  resolved: Resolved | undefined,
): void {
  const endedAt = deps.clock.now();
  deps.archive.keepSoon(responseId(call.id), () => {
    try {
      if (!events) throw new GatewayError('internal', { cause: new Error('the answer is too long to be kept') });
      return answerToKeep(deps, call, { events, endedAt, resolved });
    } catch (error) {
      deps.failed(call, error);
      return undefined;
    }
  });
}

/** What the client wrote: prompts and guards have changed what the provider got, and look at the next turn anew. */
function ownInput({ body }: Call): Json | undefined {
  const own = parseExact(body.raw.toString('utf8'));
  return isJsonObject(own) ? own['input'] : undefined;
}

interface Answer {
  readonly events: readonly StreamEvent[];
  readonly endedAt: number;
  readonly resolved: Resolved | undefined;
}

function answerToKeep(deps: StoredResponsesDeps, call: Call, { events, endedAt, resolved }: Answer): StoredResponse {
  const given = resolved?.items ?? itemsOf(ownInput(call));
  return {
    id: responseId(call.id),
    project: projectOf(call),
    keyId: call.principal?.keyId ?? '',
    model: call.facts.model,
    previousId: resolved?.previousId,
    input: JSON.stringify(keptItems(given, call.id)),
    response: JSON.stringify(deps.encode(call, events, endedAt)),
    createdAt: call.receivedAt,
    expiresAt: call.receivedAt + deps.settings().ttl,
  };
}
