import type { AbortedBy } from './cancellation.ts';
import type { StreamEvent, Terminal } from './events.ts';
import type { EmbeddingAnswer } from './inference/embedding.ts';

/** What goes to the edge at once: relayed bytes as they came, what they say, or both. */
export interface StreamItem {
  /** Whole frames in the wire form of the reply's dialect; absent where the edge has to encode the events. */
  readonly bytes?: Uint8Array;
  readonly events: readonly StreamEvent[];
}

/** What the producing side lets a stream do to it. */
export interface StreamProducer {
  /** @param isBrief the reader has not begun yet, and is on its way */
  pause(isBrief?: boolean): void;
  resume(): void;
  /** Called once, when the reader left or the call was cancelled. */
  cancel(by: AbortedBy): void;
}

/** The reading side. `item` returns false when it wants no more until it calls `resume`. */
export interface StreamSink {
  item(item: StreamItem): boolean;
  terminal(terminal: Terminal): void;
}

/** Who looks on. Neither of the two ever throws. */
export interface StreamWatcher {
  item?(item: StreamItem): void;
  terminal?(terminal: Terminal): void;
}

/**
 * A reply on its way: items in order, then exactly one terminal event.
 *
 * The producer calls `push` and `end`; the reader `read`, `resume` and `abort`; stages that only watch use `observe`.
 * A terminal counts when it is delivered, so a reader that leaves before the last item was taken makes it `aborted`.
 */
export class ReplyStream {
  readonly #producer: StreamProducer;
  #waiting: StreamItem[] = [];
  #ending: Terminal | undefined;
  #terminal: Terminal | undefined;
  #sink: StreamSink | undefined;
  #congested = false;
  readonly #watchers: StreamWatcher[] = [];

  constructor(producer: StreamProducer) {
    this.#producer = producer;
  }

  /** The one terminal event, once it happened. */
  get terminal(): Terminal | undefined {
    return this.#terminal;
  }

  /**
   * Watches items as they are delivered, and the terminal when it happens (at once where it has happened already);
   * must be called before the reader starts.
   */
  observe(watcher: StreamWatcher): void {
    if (this.#terminal) watcher.terminal?.(this.#terminal);
    else this.#watchers.push(watcher);
  }

  push(item: StreamItem): void {
    if (this.#ending || this.#terminal) return;
    if (this.#sink && !this.#congested) {
      this.#deliver(item);
      return;
    }
    this.#waiting.push(item);
    this.#producer.pause(this.#sink === undefined);
  }

  /** The producer's last word; the first one counts. */
  end(terminal: Terminal): void {
    if (this.#ending || this.#terminal) return;
    this.#ending = terminal;
    this.#flush();
  }

  /** Starts delivery. A stream has one reader. */
  read(sink: StreamSink): void {
    if (this.#sink) throw new Error('a reply stream has one reader');
    this.#sink = sink;
    if (this.#terminal) sink.terminal(this.#terminal);
    else this.resume();
  }

  /** The reader has room again. */
  resume(): void {
    if (this.#terminal) return;
    this.#congested = false;
    this.#flush();
    if (!this.#congested && !this.#ending) this.#producer.resume();
  }

  /** Ends it from the reading side: the producer is cancelled and what was not delivered is dropped. */
  abort(by: AbortedBy): void {
    if (this.#terminal) return;
    this.#waiting = [];
    const ended = this.#ending;
    const terminal: Terminal = { kind: 'aborted', by, usage: ended?.usage };
    this.#ending = terminal;
    // The producer settles first, so that whoever watches the terminal finds what was used.
    if (!ended) this.#producer.cancel(by);
    this.#settle(terminal);
  }

  #flush(): void {
    while (this.#sink && !this.#congested && !this.#terminal) {
      const item = this.#waiting.shift();
      if (!item) break;
      this.#deliver(item);
    }
    if (this.#ending && this.#waiting.length === 0 && this.#sink && !this.#congested) this.#settle(this.#ending);
  }

  #deliver(item: StreamItem): void {
    for (const watcher of this.#watchers) watcher.item?.(item);
    if (this.#sink?.item(item) === false) {
      this.#congested = true;
      if (!this.#ending) this.#producer.pause();
    }
  }

  #settle(terminal: Terminal): void {
    if (this.#terminal) return;
    this.#terminal = terminal;
    for (const watcher of this.#watchers) watcher.terminal?.(terminal);
    this.#sink?.terminal(terminal);
  }
}

/** All of it is there. */
const NO_PRODUCER: StreamProducer = { pause: () => {}, resume: () => {}, cancel: () => {} };

/** A stream of which everything is there already. */
export function endedStream(items: Iterable<StreamItem>, terminal: Terminal): ReplyStream {
  const stream = new ReplyStream(NO_PRODUCER);
  for (const item of items) stream.push(item);
  stream.end(terminal);
  return stream;
}

interface ReplyBase {
  readonly status: number;
  /** Lower-case names; only what the header policy lets out. */
  readonly headers: Record<string, string>;
}

/** An answer in one piece, already in the client's dialect. */
export interface WholeReply extends ReplyBase {
  readonly kind: 'whole';
  readonly body: Uint8Array;
  readonly terminal: Terminal;
}

/** An answer in pieces; its headers may go out now, since the first content is there. */
export interface StreamedReply extends ReplyBase {
  readonly kind: 'stream';
  /** It comes from a provider of another dialect: the edge encodes its events, and there are no bytes. */
  readonly translated: boolean;
  /** It is translated although its provider speaks the client's dialect: all that it says is for the client. */
  readonly rewritten?: boolean;
  /** `bytes`: a file such as audio, in which no error can be said; a failed one is cut. `events` where absent. */
  readonly framing?: 'events' | 'bytes';
  readonly stream: ReplyStream;
}

/** An answer in one piece from a provider of another dialect; the edge encodes it in the client's. */
export interface TranslatedReply extends ReplyBase {
  readonly kind: 'translated';
  /** Its provider speaks the client's dialect: all that it says is for the client. */
  readonly rewritten?: boolean;
  readonly events: readonly StreamEvent[];
  readonly terminal: Terminal;
}

/** Vectors, which the edge writes in the client's dialect. */
export interface VectorsReply extends ReplyBase {
  readonly kind: 'vectors';
  readonly answer: EmbeddingAnswer;
  readonly terminal: Terminal;
}

export type Reply = WholeReply | TranslatedReply | VectorsReply | StreamedReply;
