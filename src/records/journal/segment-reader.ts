import { HEAD_BYTES, type JournalEntry, MARKER_BYTES, decodeEntry, isWhole, readHead } from './entry-codec.ts';

/** Bytes of a file, wherever they are. */
export interface SegmentBytes {
  /** As many as there are, at most so many. */
  read(offset: number, bytes: number): Buffer;
}

/** What stands at an offset; `end` is where the next begins. */
export type Found =
  | { readonly kind: 'entry'; readonly entry: JournalEntry; readonly appendedAt: number; readonly end: number }
  /** Bytes that are no entry, up to the next that begins like one. */
  | { readonly kind: 'damage'; readonly end: number }
  /** The beginning of an entry that was never written to its end: where a process was killed. */
  | { readonly kind: 'torn'; readonly end: number };

/** What is read at a time. */
const WINDOW_BYTES = 1024 * 1024;

/** Reads a segment from any offset on, and finds its way again after damage. */
export class SegmentReader {
  readonly #source: SegmentBytes;
  readonly #marker: Buffer;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(source: SegmentBytes, marker: Buffer) {
    this.#source = source;
    this.#marker = marker;
  }

  /** Undefined where nothing is between the offset and the limit, which nothing is read beyond. */
  next(offset: number, limit: number): Found | undefined {
    if (offset >= limit) return undefined;
    const head = this.#headAt(offset, limit);
    if (head === 'torn') return { kind: 'torn', end: limit };
    if (!head) return { kind: 'damage', end: this.#resync(offset + 1, limit) };
    const { length, appendedAt } = head;
    if (offset + length > limit) {
      const next = this.#resync(offset + 1, limit);
      return { kind: next < limit ? 'damage' : 'torn', end: next };
    }
    const bytes = this.#at(offset, length, limit);
    const entry = bytes.length === length && isWhole(bytes, 0, length) ? decoded(bytes) : undefined;
    return entry
      ? { kind: 'entry', entry, appendedAt, end: offset + length }
      : { kind: 'damage', end: this.#resync(offset + 1, limit) };
  }

  /** When the entry at an offset was appended, and where it ends, by its head alone; undefined where there is none. */
  peek(offset: number, limit: number): { readonly appendedAt: number; readonly end: number } | undefined {
    if (offset >= limit) return undefined;
    const head = this.#headAt(offset, limit);
    if (!head || head === 'torn' || offset + head.length > limit) return undefined;
    return { appendedAt: head.appendedAt, end: offset + head.length };
  }

  /** How many entries are between two offsets, by their heads; damage may hide some. */
  count(offset: number, limit: number): number {
    let count = 0;
    for (let head = this.peek(offset, limit); head; head = this.peek(head.end, limit)) count += 1;
    return count;
  }

  #headAt(offset: number, limit: number) {
    const bytes = this.#at(offset, HEAD_BYTES, limit);
    if (bytes.length >= HEAD_BYTES) return readHead(bytes, 0, this.#marker);
    const known = Math.min(bytes.length, MARKER_BYTES);
    return bytes.compare(this.#marker, 0, known, 0, known) === 0 ? 'torn' : undefined;
  }

  /** Where the next entry begins, or the limit. */
  #resync(from: number, limit: number): number {
    for (let at = from; at < limit;) {
      const bytes = this.#at(at, Math.min(WINDOW_BYTES, limit - at), limit);
      const found = bytes.indexOf(this.#marker);
      if (found >= 0) return at + found;
      if (bytes.length < MARKER_BYTES) return limit;
      at += bytes.length - MARKER_BYTES + 1;
    }
    return limit;
  }

  /** A view of the bytes at an offset: fewer than asked for only where the limit or the file ends. */
  #at(offset: number, bytes: number, limit: number): Buffer {
    const wanted = Math.min(bytes, limit - offset);
    const isThere = offset >= this.#start && offset + wanted <= this.#start + this.#window.length;
    if (!isThere) {
      this.#window = this.#source.read(offset, Math.min(Math.max(wanted, WINDOW_BYTES), limit - offset));
      this.#start = offset;
    }
    return this.#window.subarray(offset - this.#start, offset - this.#start + wanted);
  }
}

/** The checksum holds, so it was written like this; then whatever JSON cannot read is no reason to stop. */
function decoded(bytes: Buffer): JournalEntry | undefined {
  try {
    return decodeEntry(bytes, 0);
  } catch {
    return undefined;
  }
}
