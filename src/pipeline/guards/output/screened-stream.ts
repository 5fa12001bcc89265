import type { AbortedBy } from '../../../core/cancellation.ts';
import { GatewayError, toGatewayError } from '../../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import type { Usage } from '../../../core/usage.ts';
import { ReplyStream, type StreamItem, type StreamSink } from '../../../core/reply.ts';
import type { AnswerScreen } from './answer-screen.ts';

type Completed = Extract<Terminal, { kind: 'completed' }>;

export interface ScreenedStreamOptions {
  readonly inner: ReplyStream;
  readonly screen: AnswerScreen;
  /** What is cleared goes on as events; else the items go on as they came, and are only looked at. */
  readonly rewrites: boolean;
  /** What a client reads whose answer is blocked before it has said anything. */
  readonly refusalOf: (screen: AnswerScreen) => string;
  /** What its provider charges for it, once it has been told to stop. */
  readonly used: () => Usage | undefined;
  /** Held against its sources when all has been said. Never rejects. */
  readonly ground: () => Promise<unknown> | undefined;
}

/**
 * A stream with guards on it. What they clear goes on at once; while a judge is asked the provider waits. What they block
 * ends the stream as its dialect has it, and the provider is told to stop.
 */
export class ScreenedStream implements StreamSink {
  readonly stream: ReplyStream;
  readonly #options: ScreenedStreamOptions;
  /** Until the reader starts. */
  #paused = true;
  /** Somebody is asked. */
  #isBusy = false;
  #isOver = false;

  constructor(options: ScreenedStreamOptions) {
    this.#options = options;
    this.stream = new ReplyStream({
      pause: () => {
        this.#paused = true;
      },
      resume: () => {
        this.#paused = false;
        if (!this.#isBusy) options.inner.resume();
      },
      cancel: (by) => this.#cancel(by),
    });
    options.inner.read(this);
  }

  item(item: StreamItem): boolean {
    if (this.#isOver) return false;
    this.#work(
      () => this.#options.screen.take(item.events),
      () => this.#pass(item),
    );
    return !this.#isBusy && !this.#paused;
  }

  terminal(terminal: Terminal): void {
    if (this.#isOver) return;
    if (terminal.kind === 'completed') this.#complete(terminal);
    else this.#end(terminal);
  }

  #complete(terminal: Completed): void {
    this.#work(
      () => this.#options.screen.end(),
      () => {
        this.#pass({ events: [] });
        if (this.#isOver) return;
        this.#work(this.#options.ground, () => this.#end(terminal));
      },
    );
  }

  /** Does what may take some time, and then what follows, unless the stream is over by then. */
  #work(work: () => Promise<unknown> | undefined, then: () => void): void {
    try {
      const waited = work();
      if (!waited) {
        then();
        return;
      }
      this.#isBusy = true;
      void this.#after(waited, then);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** Never rejects. */
  async #after(waited: Promise<unknown>, then: () => void): Promise<void> {
    try {
      await waited;
      this.#isBusy = false;
      if (this.#isOver) return;
      then();
      if (!this.#isBusy && !this.#paused && !this.#ended) this.#options.inner.resume();
    } catch (thrown) {
      this.#isBusy = false;
      this.#fail(thrown);
    }
  }

  /** A method, since it changes while what follows is done. */
  get #ended(): boolean {
    return this.#isOver;
  }

  #pass(item: StreamItem): void {
    const { screen, rewrites } = this.#options;
    const cleared = screen.drain();
    const { stop } = screen;
    if (!rewrites) {
      if (item.bytes || item.events.length > 0) this.stream.push(item);
    } else if (cleared.length > 0) this.stream.push({ events: joined(cleared) });
    if (!stop || this.#isOver) return;
    if (stop.kind === 'failed') this.#fail(new GatewayError('guard_failed'));
    else this.#block();
  }

  #block(): void {
    const { screen, refusalOf, used } = this.#options;
    this.#stopInner();
    const usage = used() ?? screen.usage;
    const known: StreamEvent[] = usage ? [{ type: 'usage', usage }] : [];
    this.stream.push({ events: [...known, ...screen.blocked(refusalOf(screen))] });
    this.stream.end({ kind: 'completed', finishReason: 'content-filter', usage });
  }

  #fail(thrown: unknown): void {
    if (this.#isOver) return;
    const error = toGatewayError(thrown);
    this.#stopInner();
    const known = error.code === 'guard_failed' ? error : new GatewayError('guard_failed', { cause: thrown });
    this.stream.end({ kind: 'failed', error: known, usage: this.#options.screen.usage });
  }

  /** Its attempt is settled before anybody hears of the end. */
  #stopInner(): void {
    this.#isOver = true;
    this.#options.inner.abort('guard');
    this.#options.screen.tell();
  }

  #end(terminal: Terminal): void {
    this.#isOver = true;
    this.#options.screen.tell();
    if (terminal.kind === 'aborted') this.stream.abort(terminal.by);
    else this.stream.end(terminal);
  }

  #cancel(by: AbortedBy): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#options.inner.abort(by);
    }
    this.#options.screen.tell();
  }
}

/** Pieces of one text that go on together are one. */
function joined(events: StreamEvent[]): readonly StreamEvent[] {
  if (events.length === 1) return events;
  const all: StreamEvent[] = [];
  for (const event of events) {
    const last = all.at(-1);
    const isMore =
      last?.type === 'text-delta' &&
      event.type === 'text-delta' &&
      last.choice === event.choice &&
      last.index === event.index;
    if (isMore) all[all.length - 1] = { ...last, text: last.text + event.text };
    else all.push(event);
  }
  return all;
}
