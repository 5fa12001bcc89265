import type { StreamEvent } from '../../src/core/events.ts';
import { type Reply, ReplyStream, type TranslatedReply } from '../../src/core/reply.ts';

const AT_ONCE = { pause: () => {}, resume: () => {}, cancel: () => {} };

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
    terminal: { kind: 'completed', finishReason: 'stop', usage: undefined },
  };
}

export function textReply(text: string): TranslatedReply {
  return eventReply(textEvents(text));
}

/** The same in pieces, all of which are there. */
export function streamReply(events: readonly StreamEvent[]): Reply {
  const stream = new ReplyStream(AT_ONCE);
  for (const event of events) stream.push({ events: [event], bytes: Buffer.from(`${JSON.stringify(event)}\n`) });
  stream.end({ kind: 'completed', finishReason: 'stop', usage: undefined });
  return { kind: 'stream', status: 200, headers: {}, translated: false, stream };
}
