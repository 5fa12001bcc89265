import type { NameHash } from './places.ts';

/**
 * One piece of memory with records one behind the other, each at a multiple of 8 bytes: a head of fixed fields, by which
 * most questions are answered without the rest, and the bytes that are kept.
 */
export interface RecordHead {
  readonly name: NameHash;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Hashes of the labels, in the order of the filter's. */
  readonly labels: readonly number[];
}

export const HEAD_BYTES = 48;
export const LABELS = 5;

const WORD = 4;
const LENGTH = 0;
const USED = 1;
const EXPIRES = 1;
const HIGH = 4;
const LOW = 5;
const FIRST_LABEL = 6;

/** What a record of that many bytes takes. */
export function recordBytes(length: number): number {
  return (HEAD_BYTES + length + 7) & ~7;
}

export class Segment {
  readonly number: number;
  readonly capacity: number;
  readonly #bytes: Buffer;
  readonly #words: Uint32Array;
  readonly #doubles: Float64Array;
  #fill = 0;

  /** @param from one whose memory it takes over, with what is moved to its beginning */
  constructor(number: number, capacity: number, from?: Segment) {
    this.number = number;
    this.capacity = capacity;
    this.#bytes = from ? from.#bytes : Buffer.allocUnsafeSlow(capacity);
    const { buffer } = this.#bytes;
    this.#words = from ? from.#words : new Uint32Array(buffer);
    this.#doubles = from ? from.#doubles : new Float64Array(buffer);
  }

  hasRoom(length: number): boolean {
    return this.#fill + recordBytes(length) <= this.capacity;
  }

  /** There must be room. @returns where it begins */
  append({ name, expiresAt, labels }: RecordHead, content: Buffer): number {
    const at = this.#fill;
    const word = at / WORD;
    this.#words[word + LENGTH] = content.length;
    this.#words[word + USED] = 0;
    this.#doubles[at / 8 + EXPIRES] = expiresAt;
    this.#words[word + HIGH] = name.high;
    this.#words[word + LOW] = name.low;
    for (let index = 0; index < LABELS; index += 1) this.#words[word + FIRST_LABEL + index] = labels[index] ?? 0;
    this.#bytes.set(content, at + HEAD_BYTES);
    this.#fill += recordBytes(content.length);
    return at;
  }

  /** Takes over a record of the segment whose memory this one uses; it must stand at or behind the end of this one. */
  moveUp(at: number): number {
    const size = recordBytes(this.#words[at / WORD + LENGTH] ?? 0);
    const to = this.#fill;
    this.#bytes.copyWithin(to, at, at + size);
    this.#words[to / WORD + USED] = 0;
    this.#fill += size;
    return to;
  }

  /** Where records begin, in their order. */
  *places(): Generator<number> {
    const end = this.#fill;
    for (let at = 0; at < end;) {
      // Looked at before the place is given away: what stands there may be moved and written over.
      const next = at + this.sizeOf(at);
      yield at;
      at = next;
    }
  }

  /** What the record takes, head included. */
  sizeOf(at: number): number {
    return recordBytes(this.#words[at / WORD + LENGTH] ?? 0);
  }

  nameAt(at: number): NameHash {
    return { high: this.#words[at / WORD + HIGH] ?? 0, low: this.#words[at / WORD + LOW] ?? 0 };
  }

  expiresAt(at: number): number {
    return this.#doubles[at / 8 + EXPIRES] ?? 0;
  }

  labelAt(at: number, index: number): number {
    return this.#words[at / WORD + FIRST_LABEL + index] ?? 0;
  }

  /** It was asked for since it was written, or last moved. */
  isUsed(at: number): boolean {
    return this.#words[at / WORD + USED] === 1;
  }

  use(at: number): void {
    this.#words[at / WORD + USED] = 1;
  }

  /** The bytes that are kept, in place: they change when the memory is used again. */
  contentAt(at: number): Buffer {
    const from = at + HEAD_BYTES;
    return this.#bytes.subarray(from, from + (this.#words[at / WORD + LENGTH] ?? 0));
  }
}
