import { type Apart, type EncodedEntry, type EntryStamp, copiedLength, writeEntry } from './entry-codec.ts';

/** Entries in one piece of memory, but for long texts, which stay where they are until they are on the disk. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In their order. */
  readonly apart?: readonly Apart[];
  readonly records: number;
  /** Monotonic milliseconds of its first entry. */
  readonly since: number;
}

export const CHUNK_BYTES = 256 * 1024;
/** A chunk that has more apart takes no other entry. */
const MOST_APART = 1024 * 1024;

/** How long a chunk is as a whole. */
export function lengthOf({ bytes, apart }: Chunk): number {
  let length = bytes.length;
  if (apart) for (const one of apart) length += one.bytes.length;
  return length;
}

/** What a chunk is made of, in its order. */
export function piecesOf({ bytes, apart }: Chunk): Uint8Array[] {
  if (!apart) return [bytes];
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const one of apart) {
    if (one.at > from) pieces.push(bytes.subarray(from, one.at));
    pieces.push(one.bytes);
    from = one.at;
  }
  if (from < bytes.length) pieces.push(bytes.subarray(from));
  return pieces;
}

/** A chunk in one piece: a copy where it has several. */
export function wholeOf(chunk: Chunk): Uint8Array {
  return chunk.apart ? Buffer.concat(piecesOf(chunk)) : chunk.bytes;
}

/**
 * Memory that goes to and fro: fresh memory for every chunk costs page faults and garbage collections. Where more of it is
 * on its way, chunks that are mostly empty are copied, so that what waits is as large as it says.
 */
const MAX_LENT = 8;

/** Collects entries until a chunk is full. */
export class EntryBuffer {
  readonly #spare: ArrayBuffer[] = [];
  #lent = 0;
  #buffer = newBuffer(CHUNK_BYTES);
  #used = 0;
  #records = 0;
  #since = 0;
  #apart: Apart[] = [];
  #apartBytes = 0;

  get isEmpty(): boolean {
    return this.#records === 0;
  }

  /** Monotonic milliseconds of the oldest entry; undefined where there is none. */
  get since(): number | undefined {
    return this.isEmpty ? undefined : this.#since;
  }

  /** Whether an entry of which so much is copied fits beside what is there; an empty buffer takes one of any size. */
  hasRoomFor(bytes: number): boolean {
    return this.isEmpty || (this.#used + bytes <= this.#buffer.length && this.#apartBytes < MOST_APART);
  }

  /** There must be room for the entry. */
  add(entry: EncodedEntry, stamp: EntryStamp, now: number): void {
    if (this.isEmpty) {
      const bytes = copiedLength(entry);
      if (bytes > this.#buffer.length) this.#buffer = newBuffer(bytes);
      this.#since = now;
    }
    const before = this.#apart.length;
    this.#used = writeEntry(this.#buffer, this.#used, entry, stamp, this.#apart);
    for (let at = before; at < this.#apart.length; at += 1) this.#apartBytes += this.#apart[at]?.bytes.length ?? 0;
    this.#records += 1;
  }

  /** Hands out what was collected, until it comes back. */
  take(): Chunk {
    const bytes = this.#buffer.subarray(0, this.#used);
    const isCopied = this.#lent >= MAX_LENT && this.#used <= CHUNK_BYTES / 2;
    const own = { bytes: isCopied ? new Uint8Array(bytes) : bytes, records: this.#records, since: this.#since };
    const chunk = this.#apart.length === 0 ? own : { ...own, apart: this.#apart };
    if (!isCopied) this.#buffer = this.#nextBuffer();
    this.#used = 0;
    this.#records = 0;
    if (this.#apart.length > 0) this.#apart = [];
    this.#apartBytes = 0;
    return chunk;
  }

  /** Takes back the memory of a chunk that is done with; what has another size than a chunk is left to the collector. */
  recycle(memory: ArrayBuffer): void {
    if (memory.byteLength !== CHUNK_BYTES) return;
    this.#lent -= 1;
    if (this.#spare.length < MAX_LENT) this.#spare.push(memory);
  }

  #nextBuffer(): Buffer<ArrayBuffer> {
    if (this.#buffer.length === CHUNK_BYTES) this.#lent += 1;
    const memory = this.#spare.pop();
    return memory ? Buffer.from(memory) : newBuffer(CHUNK_BYTES);
  }
}

/** Not from the shared pool, which would be kept whole for as long as a small part of it waits. */
function newBuffer(bytes: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(bytes);
}
