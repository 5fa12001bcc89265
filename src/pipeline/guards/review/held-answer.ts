import type { Call } from '../../../core/call.ts';
import type { FinishReason, StreamEvent, Terminal } from '../../../core/events.ts';
import type { Reply, WholeReply } from '../../../core/reply.ts';
import { addCausewayHeaders } from '../../../core/reply-headers.ts';
import { eventReply } from '../event-reply.ts';
import type { HeldAnswer, RenderedAnswer } from './review.ts';

/** An answer that was held, as its client asks for it now. What it cost was counted when it was made. */
export function replyOfHeld(call: Call, { events, rewritten }: HeldAnswer): Reply {
  const terminal: Terminal = { kind: 'completed', finishReason: finishReasonOf(events), usage: undefined };
  return eventReply(call, events, terminal, rewritten);
}

/** An answer that was made already, byte by byte as its client would have got it. */
export function wholeReply(call: Call, { status, contentType, body }: RenderedAnswer): WholeReply {
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
  const before = held?.events ?? [];
  const start = before.find((event) => event.type === 'message-start') ?? { type: 'message-start' as const };
  const events: StreamEvent[] = [
    start,
    { type: 'text-delta', choice: 0, index: 0, text },
    ...before.filter((event) => event.type === 'usage'),
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'end' },
  ];
  return { events, rewritten: held?.rewritten === true };
}

/** As JSON text, to be sealed. */
export function heldToText(held: HeldAnswer): string {
  // An error has no form that can be kept, and no answer that is held has one.
  return JSON.stringify({ ...held, events: held.events.filter((event) => event.type !== 'error') });
}

/** @param text of {@link heldToText} */
export function heldFromText(text: string): HeldAnswer {
  return JSON.parse(text) as HeldAnswer;
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
