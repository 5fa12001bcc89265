import { AlikeFrames } from '../../../core/alike-frames.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { GatheredEvents } from '../../../core/gathered-events.ts';
import type { StreamItem } from '../../../core/reply.ts';

const CHARACTER_BYTES = 2;
/** Of one item that is given to who joins late, about. */
const ITEM_BYTES = 64 * 1024;

/** What a stream has said, for who joins late, in a small part of the memory that its items take. */
export class SaidSoFar {
  readonly #frames = new AlikeFrames();
  readonly #events = new GatheredEvents(Number.POSITIVE_INFINITY);

  /** Bytes of memory, about. */
  get size(): number {
    return this.#frames.size + CHARACTER_BYTES * this.#events.size;
  }

  add({ bytes, events }: StreamItem): void {
    if (bytes) this.#frames.add(bytes);
    this.#events.add(events);
  }

  /** What it has said by now, in few items, each made when it is asked for; all events are with the first of them. */
  items(): IterableIterator<StreamItem> {
    return itemsOf(this.#frames.pieces(ITEM_BYTES), this.#events.all ?? []);
  }
}

function* itemsOf(pieces: Iterable<Buffer>, events: readonly StreamEvent[]): Generator<StreamItem, void> {
  let isFirst = true;
  for (const bytes of pieces) {
    yield { bytes, events: isFirst ? events : [] };
    isFirst = false;
  }
  if (isFirst && events.length > 0) yield { events };
}
