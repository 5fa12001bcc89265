import type { Call } from '../../core/call.ts';
import type { AbortedBy } from '../../core/cancellation.ts';
import { GatewayError } from '../../core/errors.ts';
import type { FinishReason, StreamEvent, Terminal } from '../../core/events.ts';
import { type Reply, ReplyStream, type StreamedReply, type TranslatedReply } from '../../core/reply.ts';
import { costHeader } from '../../core/reply-headers.ts';
import { type Usage, addUsage, mergeUsage } from '../../core/usage.ts';
import type { RunningAttempt } from './run-attempt.ts';

/** One of several attempts that make up an answer. */
export type Copy = Pick<RunningAttempt, 'reply' | 'cancel'>;

/**
 * Several answers (`n`) from a target that gives one at a time: as many attempts side by side, shown as the choices
 * of one reply. All have to succeed; where one fails the others are ended, and what they used is settled.
 */
export async function fanOut(call: Call, attempts: readonly Copy[]): Promise<Reply> {
  let replies: Reply[];
  try {
    replies = await Promise.all(attempts.map(({ reply }) => reply));
  } catch (thrown) {
    for (const attempt of attempts) attempt.cancel('client');
    throw thrown;
  }
  const whole = replies.filter((reply) => reply.kind === 'translated');
  if (whole.length === replies.length) return joinWhole(call, whole);
  const streamed = replies.filter((reply) => reply.kind === 'stream');
  if (streamed.length === replies.length) return joinStreams(call, streamed);
  throw new GatewayError('internal', { cause: new Error('copies of a request were answered in different forms') });
}

/** The event of one attempt's only answer, as that of the answer number `choice`. */
function asChoice(event: StreamEvent, choice: number): StreamEvent {
  return 'choice' in event ? { ...event, choice } : event;
}

function joinWhole(call: Call, replies: readonly TranslatedReply[]): TranslatedReply {
  const [first] = replies as [TranslatedReply, ...TranslatedReply[]];
  const events = replies.flatMap((reply, choice) => choiceEvents(reply.events, choice));
  const usage = replies.map(({ terminal }) => terminal.usage).reduce(sumUsage);
  const closing: StreamEvent[] = usage ? [{ type: 'usage', usage }, { type: 'end' }] : [{ type: 'end' }];
  return {
    kind: 'translated',
    status: first.status,
    headers: { ...first.headers, ...costHeader(call), 'x-causeway-attempts': String(call.attempts.all.length) },
    events: [...events, ...closing],
    terminal: { ...first.terminal, usage },
  };
}

/** Without what speaks of the attempt as a whole, but for the first one's start. */
function choiceEvents(events: readonly StreamEvent[], choice: number): StreamEvent[] {
  return events
    .filter(({ type }) => type !== 'usage' && type !== 'end' && (type !== 'message-start' || choice === 0))
    .map((event) => asChoice(event, choice));
}

/** Undefined where one of them is: a sum without it would be too small. */
function sumUsage(a: Usage | undefined, b: Usage | undefined): Usage | undefined {
  return a && b && addUsage(a, b);
}

function joinStreams(call: Call, replies: readonly StreamedReply[]): StreamedReply {
  const [first] = replies as [StreamedReply, ...StreamedReply[]];
  const { stream } = new JoinedStreams(replies.map((reply) => reply.stream));
  const headers = { ...first.headers, 'x-causeway-attempts': String(call.attempts.all.length) };
  return { ...first, headers, stream };
}

/** Streams of one answer each, as one stream of several. */
class JoinedStreams {
  readonly stream: ReplyStream;
  readonly #parts: readonly ReplyStream[];
  readonly #usage: (Usage | undefined)[] = [];
  /** Until the reader starts. */
  #paused = true;
  #running: number;
  #over = false;
  #finishReason: FinishReason | undefined;

  constructor(parts: readonly ReplyStream[]) {
    this.#parts = parts;
    this.#running = parts.length;
    this.stream = new ReplyStream({
      pause: () => {
        this.#paused = true;
      },
      resume: () => this.#resume(),
      cancel: (by) => this.#abortParts(by),
    });
    for (const [choice, part] of parts.entries()) {
      part.read({
        item: ({ events }) => this.#push(events, choice),
        terminal: (terminal) => this.#partEnded(terminal, choice),
      });
    }
  }

  /** False where the reader is behind, so that the part waits. */
  #push(events: readonly StreamEvent[], choice: number): boolean {
    for (const event of events) {
      if (event.type !== 'usage') continue;
      const earlier = this.#usage[choice];
      this.#usage[choice] = earlier ? mergeUsage(earlier, event.usage) : event.usage;
    }
    const shown = choiceEvents(events, choice);
    if (shown.length > 0) this.stream.push({ events: shown });
    return !this.#paused;
  }

  #resume(): void {
    this.#paused = false;
    for (const part of this.#parts) part.resume();
  }

  #partEnded(terminal: Terminal, choice: number): void {
    this.#running -= 1;
    if (this.#over) return;
    if (terminal.kind === 'completed') {
      if (choice === 0) this.#finishReason = terminal.finishReason;
      if (this.#running === 0) this.#complete();
      return;
    }
    this.#over = true;
    this.#abortParts('client');
    this.stream.end(terminal);
  }

  #complete(): void {
    const usage = this.#parts.map((_, choice) => this.#usage[choice]).reduce(sumUsage);
    this.stream.push({ events: usage ? [{ type: 'usage', usage }, { type: 'end' }] : [{ type: 'end' }] });
    this.stream.end({ kind: 'completed', finishReason: this.#finishReason, usage });
  }

  #abortParts(by: AbortedBy): void {
    for (const part of this.#parts) part.abort(by);
  }
}
