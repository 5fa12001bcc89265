import { FIXED_LABELS, type WantedLabels } from './label-hashes.ts';
import type { NameHash } from './places.ts';

/** By which most questions about a record are answered without what it keeps. */
export interface RecordHead {
  readonly name: NameHash;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Hashes as `labelHashes` makes them. */
  readonly labels: readonly number[];
}

// Where the head of a record has what, in words of 32 bits.
const LENGTH = 0;
/** How many tags it has, twice; and 1 where it was asked for since it was written, or last moved. */
const TAGS_AND_USE = 1;
const EXPIRES = 2;
const HIGH = 4;
const LOW = 5;
const FIRST_LABEL = 6;
const FIRST_TAG = FIRST_LABEL + FIXED_LABELS;

/** What a record takes, in bytes: its head and so many bytes of content. */
export function recordBytes(length: number, labels: number): number {
  return headBytes(labels - FIXED_LABELS) + toEight(length);
}

function headBytes(tags: number): number {
  return toEight((FIRST_TAG + tags) * 4);
}

function toEight(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** One piece of memory with records one behind the other, each at a multiple of 8 bytes. */
export class Segment {
  readonly number: number;
  readonly capacity: number;
  readonly #bytes: Buffer;
  readonly #words: Uint32Array;
  readonly #doubles: Float64Array;
  #end = 0;

  /** @param from one whose memory it takes over, with what is moved to its beginning */
  constructor(number: number, capacity: number, from?: Segment) {
    this.number = number;
    this.capacity = capacity;
    this.#bytes = from ? from.#bytes : Buffer.allocUnsafeSlow(capacity);
    const { buffer } = this.#bytes;
    this.#words = from ? from.#words : new Uint32Array(buffer);
    this.#doubles = from ? from.#doubles : new Float64Array(buffer);
  }

  /** Where the next record would begin; the first begins at 0, and each behind the one before. */
  get end(): number {
    return this.#end;
  }

  hasRoom(size: number): boolean {
    return this.#end + size <= this.capacity;
  }

  /** There must be room. @returns where it begins */
  append({ name, expiresAt, labels }: RecordHead, content: Uint8Array): number {
    const start = this.#end;
    const words = this.#words;
    const word = start / 4;
    const tags = labels.length - FIXED_LABELS;
    words[word + LENGTH] = content.length;
    words[word + TAGS_AND_USE] = tags * 2;
    this.#doubles[(word + EXPIRES) / 2] = expiresAt;
    words[word + HIGH] = name.high;
    words[word + LOW] = name.low;
    for (let at = 0; at < labels.length; at += 1) words[word + FIRST_LABEL + at] = labels[at] ?? 0;
    this.#bytes.set(content, start + headBytes(tags));
    this.#end += recordBytes(content.length, labels.length);
    return start;
  }

  /** Takes over a record of the segment whose memory this one uses; it must stand at or behind the end of this one. */
  moveUp(at: number): number {
    const size = this.sizeOf(at);
    const to = this.#end;
    this.#bytes.copyWithin(to, at, at + size);
    this.#words[to / 4 + TAGS_AND_USE] = this.#tagsAt(to) * 2;
    this.#end += size;
    return to;
  }

  /** What the record takes, head included. */
  sizeOf(at: number): number {
    return headBytes(this.#tagsAt(at)) + toEight(this.#lengthAt(at));
  }

  nameAt(at: number): NameHash {
    const word = at / 4;
    return { high: this.#words[word + HIGH] ?? 0, low: this.#words[word + LOW] ?? 0 };
  }

  expiresAt(at: number): number {
    return this.#doubles[(at / 4 + EXPIRES) / 2] ?? 0;
  }

  isUsed(at: number): boolean {
    return (this.#words[at / 4 + TAGS_AND_USE] ?? 0) % 2 === 1;
  }

  use(at: number): void {
    this.#words[at / 4 + TAGS_AND_USE] = this.#tagsAt(at) * 2 + 1;
  }

  hasLabels(at: number, { fixed, tag }: WantedLabels): boolean {
    const first = at / 4 + FIRST_LABEL;
    for (let index = 0; index < FIXED_LABELS; index += 1) {
      const wanted = fixed[index];
      if (wanted !== undefined && wanted !== this.#words[first + index]) return false;
    }
    return tag === undefined || this.#hasTag(at, tag);
  }

  /** The bytes that are kept, in place: they change when the memory is used again. */
  contentAt(at: number): Buffer {
    const from = at + headBytes(this.#tagsAt(at));
    return this.#bytes.subarray(from, from + this.#lengthAt(at));
  }

  #hasTag(at: number, wanted: number): boolean {
    const first = at / 4 + FIRST_TAG;
    for (let index = this.#tagsAt(at) - 1; index >= 0; index -= 1)
      if (this.#words[first + index] === wanted) return true;
    return false;
  }

  #lengthAt(at: number): number {
    return this.#words[at / 4 + LENGTH] ?? 0;
  }

  #tagsAt(at: number): number {
    return Math.floor((this.#words[at / 4 + TAGS_AND_USE] ?? 0) / 2);
  }
}
