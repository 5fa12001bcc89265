import type { Call } from '../../../core/call.ts';
import { abortError } from '../../../core/abort-error.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import { GatheredEvents } from '../../../core/gathered-events.ts';
import type { StreamedReply } from '../../../core/reply.ts';

/** A stream that was waited for. */
export interface HeldAnswer {
  readonly events: readonly StreamEvent[];
  readonly terminal: Extract<Terminal, { kind: 'completed' }>;
}

/**
 * Waits for the end of an answer of which its client is to read nothing yet.
 * @throws why it failed, client_aborted, deadline_exceeded, shutting_down; guard_failed where it is too long to be held
 */
export async function holdAnswer({ cancellation }: Call, { stream }: StreamedReply): Promise<HeldAnswer> {
  const { promise, resolve } = Promise.withResolvers<Terminal>();
  const gathered = new GatheredEvents();
  const forget = cancellation.onCancel((by) => stream.abort(by));
  stream.read({
    item({ events }) {
      gathered.add(events);
      if (gathered.isOver) stream.abort('guard');
      return !gathered.isOver;
    },
    terminal: resolve,
  });
  const terminal = await promise;
  forget();
  const events = gathered.all;
  if (!events) throw new GatewayError('guard_failed', { message: 'The answer is too long to be held for the guards.' });
  if (terminal.kind === 'failed') throw terminal.error;
  if (terminal.kind === 'aborted') throw abortError(terminal.by);
  return { events, terminal };
}
