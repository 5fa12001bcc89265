import { type EncodedEntry, type EntryStamp, entryLength, writeEntry } from './entry-codec.ts';

/** Entries in one piece of memory. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly records: number;
  /** Monotonic milliseconds of its first entry. */
  readonly since: number;
}

export const CHUNK_BYTES = 256 * 1024;

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

  get isEmpty(): boolean {
    return this.#records === 0;
  }

  /** Monotonic milliseconds of the oldest entry; undefined where there is none. */
  get since(): number | undefined {
    return this.isEmpty ? undefined : this.#since;
  }

  /** Whether the entry fits beside what is there; an empty buffer takes an entry of any size. */
  hasRoomFor(bytes: number): boolean {
    return this.isEmpty || this.#used + bytes <= this.#buffer.length;
  }

  /** There must be room for the entry. */
  add(entry: EncodedEntry, stamp: EntryStamp, now: number): void {
    if (this.isEmpty) {
      const bytes = entryLength(entry);
      if (bytes > this.#buffer.length) this.#buffer = newBuffer(bytes);
      this.#since = now;
    }
    this.#used = writeEntry(this.#buffer, this.#used, entry, stamp);
    this.#records += 1;
  }

  /** Hands out what was collected, until it comes back. */
  take(): Chunk {
    const bytes = this.#buffer.subarray(0, this.#used);
    const isCopied = this.#lent >= MAX_LENT && this.#used <= CHUNK_BYTES / 2;
    const chunk = { bytes: isCopied ? new Uint8Array(bytes) : bytes, records: this.#records, since: this.#since };
    if (!isCopied) this.#buffer = this.#nextBuffer();
    this.#used = 0;
    this.#records = 0;
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
