import type { StreamEvent, Terminal } from '../../src/core/events.ts';
import { ReplyStream, type StreamedReply, type TranslatedReply } from '../../src/core/reply.ts';

const AT_ONCE = { pause: () => {}, resume: () => {}, cancel: () => {} };

const COMPLETED: Terminal = { kind: 'completed', finishReason: 'stop', usage: undefined };

/** What an answer of one text says. */
export function textEvents(text: string): StreamEvent[] {
  return [
    { type: 'message-start', id: 'm1', model: 'm' },
    { type: 'text-delta', choice: 0, index: 0, text },
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'end' },
  ];
}

/** An answer in one piece, as events. */
export function eventReply(events: readonly StreamEvent[]): TranslatedReply {
  return {
    kind: 'translated',
    status: 200,
    headers: {},
    events,
    terminal: COMPLETED,
  };
}

export function textReply(text: string): TranslatedReply {
  return eventReply(textEvents(text));
}

/** The same in pieces, all of which are there; with bytes of their own unless it is `translated`. */
export function streamReply(
  events: readonly StreamEvent[],
  translated = false,
  ending: Terminal = COMPLETED,
): StreamedReply {
  const stream = new ReplyStream(AT_ONCE);
  for (const event of events) {
    stream.push({ events: [event], ...(translated ? {} : { bytes: Buffer.from(`${JSON.stringify(event)}\n`) }) });
  }
  stream.end(ending);
  return { kind: 'stream', status: 200, headers: {}, translated, stream };
}
