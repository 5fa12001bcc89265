import type { Call } from '../../core/call.ts';
import { targetName } from '../../core/call.ts';
import type { Terminal } from '../../core/events.ts';
import type { Reply, ReplyStream } from '../../core/reply.ts';
import { eventsIn } from '../../models/answers/provider-wire.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { type Said, SaidCollector, saidIn } from './compare/said.ts';

/** An answer that was read to its end. */
export interface ReadReply {
  readonly terminal: Terminal;
  /** Undefined where it cannot be read, or is longer than what is compared. */
  readonly said: Said | undefined;
}

/** A larger one is not read. */
export const MOST_BYTES = 1024 * 1024;

/** Reads a reply as its client would. Never rejects. */
export async function readReply(catalog: ModelCatalog, call: Call, reply: Reply): Promise<ReadReply> {
  if (reply.kind === 'stream') return readStream(call, reply.stream);
  if (reply.kind === 'translated') return { terminal: reply.terminal, said: saidIn(reply.events) };
  if (reply.kind === 'vectors') return { terminal: reply.terminal, said: undefined };
  return { terminal: reply.terminal, said: saidInBody(catalog, call, reply.body) };
}

/** What a whole answer in the dialect of its client says. */
export function saidInBody(catalog: ModelCatalog, call: Call, body: Uint8Array): Said | undefined {
  const target = call.answeredBy ? targetName(call.answeredBy) : call.attempts.shown?.opening.target;
  if (target === undefined || body.byteLength > MOST_BYTES) return undefined;
  const { buffer, byteOffset, byteLength } = body;
  const events = eventsIn(catalog, call, target, Buffer.from(buffer, byteOffset, byteLength));
  return events && saidIn(events);
}

function readStream({ cancellation }: Call, stream: ReplyStream): Promise<ReadReply> {
  const { promise, resolve } = Promise.withResolvers<ReadReply>();
  const collector = new SaidCollector();
  const forget = cancellation.onCancel((by) => stream.abort(by));
  stream.read({
    item({ events }) {
      collector.take(events);
      return true;
    },
    terminal(terminal) {
      forget();
      resolve({ terminal, said: collector.said });
    },
  });
  return promise;
}
