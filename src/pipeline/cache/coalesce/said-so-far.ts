import { AlikeFrames } from '../../../core/alike-frames.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { GatheredEvents } from '../../../core/gathered-events.ts';
import type { StreamItem } from '../../../core/reply.ts';

/** Of one item that is given to who joins late, about. */
const ITEM_BYTES = 64 * 1024;
/** The same of one that has no bytes. */
const ITEM_CHARACTERS = 16 * 1024;

/** What a stream has said, for who joins late, in a small part of the memory that its items take. */
export class SaidSoFar {
  readonly #frames = new AlikeFrames();
  readonly #events = new GatheredEvents(Number.POSITIVE_INFINITY);

  /** Bytes of memory, about. */
  get size(): number {
    return this.#frames.size + this.#events.bytes;
  }

  add({ bytes, events }: StreamItem): void {
    if (bytes) this.#frames.add(bytes);
    this.#events.add(events);
  }

  /**
   * What it has said by now, in few items, each made when it is asked for; where there are bytes all events are with the
   * first of them.
   */
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
  if (isFirst) yield* itemsOfEvents(events);
}

/** Who reads slowly does not get all at once. */
function* itemsOfEvents(events: readonly StreamEvent[]): Generator<StreamItem, void> {
  let some: StreamEvent[] = [];
  let characters = 0;
  for (const event of events) {
    for (const part of partsOf(event)) {
      some.push(part);
      characters += textOf(part).length;
      if (characters < ITEM_CHARACTERS) continue;
      yield { events: some };
      some = [];
      characters = 0;
    }
  }
  if (some.length > 0) yield { events: some };
}

/** A long text in pieces; no pair of units is cut in two. */
function* partsOf(event: StreamEvent): Generator<StreamEvent, void> {
  const text = textOf(event);
  let from = 0;
  for (; text.length - from > ITEM_CHARACTERS;) {
    const end = from + ITEM_CHARACTERS;
    const to = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end;
    yield withText(event, text.slice(from, to));
    from = to;
  }
  yield from === 0 ? event : withText(event, text.slice(from));
}

function textOf(event: StreamEvent): string {
  if ('text' in event) return event.text;
  return 'argumentsText' in event ? event.argumentsText : '';
}

function withText(event: StreamEvent, text: string): StreamEvent {
  if ('text' in event) return { ...event, text };
  return 'argumentsText' in event ? { ...event, argumentsText: text } : event;
}
