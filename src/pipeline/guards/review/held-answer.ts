import type { Call } from '../../../core/call.ts';
import type { FinishReason, StreamEvent, Terminal } from '../../../core/events.ts';
import { ReplyStream, type Reply, type WholeReply } from '../../../core/reply.ts';
import { addCausewayHeaders } from '../../../core/reply-headers.ts';
import type { HeldAnswer, RenderedAnswer } from './review.ts';

const JSON_TYPE = 'application/json';
const EVENT_STREAM = 'text/event-stream';
/** All of it is there. */
const NO_PRODUCER = { pause: () => {}, resume: () => {}, cancel: () => {} };

/** An answer that was held, as its client asks for it now. What it cost was counted when it was made. */
export function replyOfHeld(call: Call, held: HeldAnswer): Reply {
  if (held.kind === 'bytes') return wholeReply(call, held);
  const { status, events, rewritten } = held;
  const terminal: Terminal = { kind: 'completed', finishReason: finishReasonOf(events), usage: undefined };
  if (!call.facts.stream) {
    const headers = addCausewayHeaders(call, { 'content-type': JSON_TYPE });
    return { kind: 'translated', status, headers, rewritten, events, terminal };
  }
  const stream = new ReplyStream(NO_PRODUCER);
  stream.push({ events });
  stream.end(terminal);
  const headers = addCausewayHeaders(call, { 'content-type': EVENT_STREAM, 'cache-control': 'no-cache' });
  return { kind: 'stream', status, headers, translated: true, rewritten, stream };
}

/** An answer that was made already, byte by byte as its client would have got it. */
export function wholeReply(
  call: Call,
  { status, contentType, body }: Pick<RenderedAnswer, 'status' | 'contentType' | 'body'>,
): WholeReply {
  const headers = addCausewayHeaders(call, { 'content-type': contentType });
  return {
    kind: 'whole',
    status,
    headers,
    body,
    terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
  };
}

/** What a reviewer wrote in place of an answer; the usage stays, since it was used. */
export function editedAnswer(held: HeldAnswer | undefined, text: string): HeldAnswer {
  const before = held?.kind === 'events' ? held.events : [];
  const start = before.find((event) => event.type === 'message-start') ?? { type: 'message-start' as const };
  const events: StreamEvent[] = [
    start,
    { type: 'text-delta', choice: 0, index: 0, text },
    ...before.filter((event) => event.type === 'usage'),
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'end' },
  ];
  return { kind: 'events', status: 200, events, rewritten: held?.kind === 'events' && held.rewritten };
}

/** As JSON text, to be sealed. */
export function heldToText(held: HeldAnswer): string {
  if (held.kind === 'bytes') return JSON.stringify({ ...held, body: Buffer.from(held.body).toString('base64') });
  // An error has no form that can be kept, and no answer that is held has one.
  return JSON.stringify({ ...held, events: held.events.filter((event) => event.type !== 'error') });
}

/** @param text of {@link heldToText} */
export function heldFromText(text: string): HeldAnswer {
  const held = JSON.parse(text) as
    | HeldAnswer
    | (Omit<HeldAnswer & { kind: 'bytes' }, 'body'> & { readonly body: string });
  return held.kind === 'bytes' && typeof held.body === 'string'
    ? { ...held, body: Buffer.from(held.body, 'base64') }
    : (held as HeldAnswer);
}

export function renderedToText(answer: RenderedAnswer): string {
  return JSON.stringify({ ...answer, body: Buffer.from(answer.body).toString('base64') });
}

/** @param text of {@link renderedToText} */
export function renderedFromText(text: string): RenderedAnswer {
  const { body, ...answer } = JSON.parse(text) as Omit<RenderedAnswer, 'body'> & { readonly body: string };
  return { ...answer, body: Buffer.from(body, 'base64') };
}

function finishReasonOf(events: readonly StreamEvent[]): FinishReason | undefined {
  const finish = events.findLast((event) => event.type === 'finish');
  return finish?.type === 'finish' ? finish.reason : undefined;
}
