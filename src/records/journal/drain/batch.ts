import { keptTexts } from '../../redaction/kept-texts.ts';
import { type TraceRow, toPlainRow, toTraceRow } from '../../traces/trace-row.ts';
import type { JournalEntry } from '../entry-codec.ts';
import type { CallRecord } from '../record.ts';
import type { SegmentReader } from '../segment-reader.ts';

/** One row, and where its entry ends in the segment. */
export interface BatchRow {
  readonly row: TraceRow;
  readonly end: number;
}

/** What is written with one statement, if the database takes it. */
export interface Batch {
  readonly rows: readonly BatchRow[];
  /** Where it ends, damage behind its last entry included. */
  readonly end: number;
  /** Entries that were read, also those that became no row. */
  readonly entries: number;
  readonly damagedBytes: number;
  /** Why an entry became no row. */
  readonly reason: string | undefined;
}

/** Most rows of one INSERT. More gain nothing; fewer share what a statement costs that has any rows. */
const MAX_ROWS = 1000;
/** Most bytes of one INSERT, but for a single entry that is larger. */
const MAX_BYTES = 4 * 1024 * 1024;

const NOT_REDACTED = 'The message could not be redacted, so it was left out.';

/** A batch while it is read. */
export class BatchDraft {
  readonly #reader: SegmentReader;
  readonly #from: number;
  readonly #rows: BatchRow[] = [];
  #end: number;
  #entries = 0;
  #damagedBytes = 0;
  #reason: string | undefined;

  constructor(reader: SegmentReader, from: number) {
    this.#reader = reader;
    this.#from = from;
    this.#end = from;
  }

  /** Takes in so many entries at most, up to the limit. @returns whether there may be more for this batch */
  grow(most: number, limit: number): boolean {
    for (let taken = 0; taken < most; taken += 1) {
      const found = this.#rows.length < MAX_ROWS ? this.#reader.next(this.#end, limit) : undefined;
      if (!found || (this.#rows.length > 0 && found.end - this.#from > MAX_BYTES)) return false;
      if (found.kind === 'damage') this.#damagedBytes += found.end - this.#end;
      this.#end = found.end;
      if (found.kind === 'entry') this.#add(found.entry);
    }
    return true;
  }

  get batch(): Batch {
    return {
      rows: this.#rows,
      end: this.#end,
      entries: this.#entries,
      damagedBytes: this.#damagedBytes,
      reason: this.#reason,
    };
  }

  #add(entry: JournalEntry): void {
    this.#entries += 1;
    try {
      this.#rows.push({ row: rowOf(entry), end: this.#end });
    } catch (error) {
      this.#reason = `a record has no form that is known: ${String(error)}`;
    }
  }
}

/** Whatever is wrong with a text, the facts are kept; what was not redacted is not. */
function rowOf(entry: JournalEntry): TraceRow {
  try {
    return toTraceRow(keptTexts(entry));
  } catch {
    return toPlainRow(
      toTraceRow({ ...entry, record: withoutTexts(entry.record), input: undefined, output: undefined }),
    );
  }
}

/** All that clients and providers may have written something into is left out. */
function withoutTexts(record: CallRecord): CallRecord {
  return {
    ...record,
    requestModel: undefined,
    metadata: undefined,
    warnings: [],
    patches: [],
    spans: [],
    attempts: record.attempts.map((attempt) => ({ ...attempt, patches: [] })),
    error: record.error && { ...record.error, message: NOT_REDACTED },
  };
}
