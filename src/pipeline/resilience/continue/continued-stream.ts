import type { AbortedBy } from '../../../core/cancellation.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import { type Reply, ReplyStream, type StreamedReply } from '../../../core/reply.ts';
import { ContinuedEvents } from './continued-events.ts';
import { SaidSoFar } from './said-so-far.ts';
import { PrefillSeam, type Seam, instructedSeam } from './seam.ts';
import { type Started, type Succession, Successor } from './successor.ts';

/** The provider's fault, which another one may not have. */
const GONE_ON_FROM: ReadonlySet<ErrorCode> = new Set([
  'stream_interrupted',
  'provider_timeout',
  'provider_overloaded',
  'provider_rate_limited',
  'provider_error',
  'provider_bad_response',
]);

type Failed = Extract<Terminal, { kind: 'failed' }>;

/** The reply with a stream that goes on elsewhere where it breaks off; any other reply as it is. */
export function continued(reply: Reply, from: Succession): Reply {
  if (reply.kind !== 'stream' || !reply.translated) return reply;
  return { ...reply, stream: new ContinuedStream(reply, from).stream };
}

/**
 * Streams that go on. Where a provider breaks off in the middle of a text, the next target of the chain is given the
 * conversation with the text so far, and its answer follows in the same stream: once, and only while nothing but text
 * and reasoning was said. Nobody goes on with a tool call, a refusal, or one of several answers. If the second attempt
 * fails as well, the stream ends in the dialect's error event, as any other does.
 */
class ContinuedStream {
  readonly stream: ReplyStream;
  readonly #from: Succession;
  readonly #said = new SaidSoFar();
  /** Which one is read now; the first one, then what follows it. */
  #part: ReplyStream;
  #successor: Successor | undefined;
  /** Until the reader starts. */
  #paused = true;
  #over = false;

  constructor(first: StreamedReply, from: Succession) {
    this.#from = from;
    this.#part = first.stream;
    this.stream = new ReplyStream({
      pause: () => {
        this.#paused = true;
      },
      resume: () => {
        this.#paused = false;
        this.#part.resume();
      },
      cancel: (by) => this.#cancel(by),
    });
    this.#part.read({
      item: ({ events }) => {
        for (const event of events) this.#said.note(event);
        return this.#push(events);
      },
      terminal: (terminal) => this.#firstEnded(terminal),
    });
  }

  /** False where the reader is behind, so that the provider waits. */
  #push(events: readonly StreamEvent[]): boolean {
    if (events.length > 0) this.stream.push({ events });
    return !this.#paused;
  }

  #cancel(by: AbortedBy): void {
    this.#over = true;
    this.#successor?.cancel(by);
    this.#part.abort(by);
  }

  #firstEnded(terminal: Terminal): void {
    if (terminal.kind === 'failed' && this.#mayGoOn(terminal)) void this.#goOn(terminal);
    else this.#end(terminal);
  }

  #mayGoOn({ error }: Failed): boolean {
    return GONE_ON_FROM.has(error.code) && this.#said.isOpenText;
  }

  /** Never rejects. */
  async #goOn(failed: Failed): Promise<void> {
    const { call } = this.#from;
    const { text: said } = this.#said;
    const { index: attempt = 0, closing } = call.attempts.shown ?? {};
    this.#successor = new Successor(this.#from, { said, code: failed.error.code, attempt });
    const started = await this.#successor.start();
    this.#successor = undefined;
    const { by } = call.cancellation;
    if (started && !this.#over)
      this.#follow(started, new ContinuedEvents(this.#said, seamOf(started, said), closing?.usage));
    else if (by) this.stream.abort(by);
    else this.#end(failed);
  }

  #follow({ stream }: Started, events: ContinuedEvents): void {
    this.#part = stream;
    stream.read({
      item: (item) => this.#push(events.apply(item.events)),
      terminal: (terminal) => {
        this.#push(events.end());
        this.#end(terminal.kind === 'aborted' ? terminal : { ...terminal, usage: events.usage });
      },
    });
  }

  #end(terminal: Terminal): void {
    if (this.#over) return;
    if (terminal.kind === 'aborted') this.stream.abort(terminal.by);
    else this.stream.end(terminal);
    this.#over = true;
  }
}

function seamOf({ manner }: Started, said: string): Seam {
  return manner === 'prefill' ? new PrefillSeam(said) : instructedSeam(said);
}
