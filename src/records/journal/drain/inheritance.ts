import type { Inherited } from '../backlog.ts';
import type { SegmentReader } from '../segment-reader.ts';

interface Share {
  readonly records: number;
  readonly bytes: number;
  readonly oldestAt: number | undefined;
}

/** Counts what earlier processes left, by the heads of entries; damage may hide some. */
export class Inheritance {
  readonly #shares = new Map<string, Share>();
  readonly #begun = new Set<string>();

  knows(path: string): boolean {
    return this.#shares.has(path);
  }

  /** Before anything is known of what the database has: all that is in the segment. */
  guess(path: string, reader: SegmentReader, limit: number): void {
    this.#shares.set(path, shareOf(reader, 0, limit));
  }

  /** Reading begins here; what is before it was taken over long ago. */
  begin(path: string, reader: SegmentReader, offset: number, limit: number): void {
    if (this.#begun.has(path)) return;
    this.#begun.add(path);
    this.#shares.set(path, shareOf(reader, offset, limit));
  }

  /** So many entries were taken over, up to the offset. */
  take(path: string, entries: number, reader: SegmentReader, offset: number, limit: number): void {
    const records = Math.max(0, (this.#shares.get(path)?.records ?? 0) - entries);
    this.#shares.set(path, { records, bytes: limit - offset, oldestAt: reader.peek(offset, limit)?.appendedAt });
  }

  drop(path: string): void {
    this.#shares.delete(path);
    this.#begun.delete(path);
  }

  total(): Inherited {
    let [records, bytes] = [0, 0];
    let oldestAt: number | undefined;
    for (const share of this.#shares.values()) {
      records += share.records;
      bytes += share.bytes;
      if (share.oldestAt !== undefined) oldestAt = Math.min(oldestAt ?? share.oldestAt, share.oldestAt);
    }
    return { records, bytes, oldestAt };
  }
}

function shareOf(reader: SegmentReader, offset: number, limit: number): Share {
  const records = reader.count(offset, limit);
  return { records, bytes: limit - offset, oldestAt: reader.peek(offset, limit)?.appendedAt };
}
