import type { Call } from '../../core/call.ts';
import type { StreamEvent, Terminal } from '../../core/events.ts';
import { type Reply, endedStream } from '../../core/reply.ts';
import { addCausewayHeaders } from '../../core/reply-headers.ts';

/**
 * An answer that is there already, in one piece or as a stream, as its client asks for it.
 * @param rewritten all that it says is for the client
 */
export function eventReply(call: Call, events: readonly StreamEvent[], terminal: Terminal, rewritten: boolean): Reply {
  if (!call.facts.stream) {
    const headers = addCausewayHeaders(call, { 'content-type': 'application/json' });
    return { kind: 'translated', status: 200, headers, rewritten, events, terminal };
  }
  const stream = endedStream([{ events }], terminal);
  const headers = addCausewayHeaders(call, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  return { kind: 'stream', status: 200, headers, translated: true, rewritten, stream };
}
