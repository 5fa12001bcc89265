import { GatheredEvents } from './gathered-events.ts';
import type { StreamEvent, Terminal } from './events.ts';
import { ReplyStream, type StreamItem, type StreamSink, type StreamedReply, endedStream } from './reply.ts';

/** What an item takes beside its bytes and texts. */
const ITEM_BYTES = 64;

/** A stream that was waited for. */
export interface HeldStream {
  /** The same stream: what was held, and then whatever else comes. */
  readonly reply: StreamedReply;
  /** What it says; undefined where it is too long to be held, and goes on. */
  readonly events: readonly StreamEvent[] | undefined;
  /** How it ended; undefined where it goes on. */
  readonly terminal: Terminal | undefined;
}

/**
 * Waits for the end of a stream, or until more of it has come than is held. Nothing of it is seen by anybody before
 * that.
 * @param most bytes
 * @param change makes of each item what is given of it
 */
export function holdStream(
  reply: StreamedReply,
  most: number,
  change: (item: StreamItem) => StreamItem,
): Promise<HeldStream> {
  const { promise, resolve } = Promise.withResolvers<HeldStream>();
  reply.stream.read(new Holder(reply, most, change, resolve));
  return promise;
}

class Holder implements StreamSink {
  readonly #reply: StreamedReply;
  readonly #most: number;
  readonly #change: (item: StreamItem) => StreamItem;
  readonly #done: (held: HeldStream) => void;
  readonly #said = new GatheredEvents();
  #items: StreamItem[] = [];
  #bytes = 0;
  /** Where it goes on, once it is too long. */
  #out: ReplyStream | undefined;
  #paused = false;

  constructor(
    reply: StreamedReply,
    most: number,
    change: (item: StreamItem) => StreamItem,
    done: (held: HeldStream) => void,
  ) {
    this.#reply = reply;
    this.#most = most;
    this.#change = change;
    this.#done = done;
  }

  item(item: StreamItem): boolean {
    const changed = this.#change(item);
    if (this.#out) this.#out.push(changed);
    else this.#hold(changed);
    return !this.#paused;
  }

  terminal(terminal: Terminal): void {
    if (!this.#out) {
      const stream = endedStream(this.#items, terminal);
      this.#done({ reply: { ...this.#reply, stream }, events: this.#said.all, terminal });
    } else if (terminal.kind === 'aborted') this.#out.abort(terminal.by);
    else this.#out.end(terminal);
  }

  #hold(item: StreamItem): void {
    this.#items.push(item);
    this.#said.add(item.events);
    this.#bytes += sizeOf(item);
    if (this.#bytes > this.#most) this.#letGo();
  }

  #letGo(): void {
    const { stream } = this.#reply;
    this.#out = new ReplyStream({
      pause: () => {
        this.#paused = true;
      },
      resume: () => {
        this.#paused = false;
        stream.resume();
      },
      cancel: (by) => stream.abort(by),
    });
    for (const item of this.#items) this.#out.push(item);
    this.#items = [];
    this.#done({ reply: { ...this.#reply, stream: this.#out }, events: undefined, terminal: undefined });
  }
}

function sizeOf({ bytes, events }: StreamItem): number {
  if (bytes) return bytes.byteLength + ITEM_BYTES;
  let size = ITEM_BYTES;
  for (const event of events) {
    if ('text' in event) size += event.text.length;
    else if ('argumentsText' in event) size += event.argumentsText.length;
  }
  return size;
}
