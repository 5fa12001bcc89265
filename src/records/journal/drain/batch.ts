import { keptTexts } from '../../redaction/kept-texts.ts';
import { type TraceRow, toPlainRow, toTraceRow } from '../../traces/trace-row.ts';
import type { JournalEntry } from '../entry-codec.ts';
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

/** Most rows of one INSERT; more gains nothing. */
const MAX_ROWS = 500;
/** Most bytes of one INSERT, but for a single entry that is larger. */
const MAX_BYTES = 4 * 1024 * 1024;

export function readBatch(reader: SegmentReader, from: number, limit: number): Batch {
  const rows: BatchRow[] = [];
  let [end, entries, damagedBytes] = [from, 0, 0];
  let reason: string | undefined;
  while (rows.length < MAX_ROWS) {
    const found = reader.next(end, limit);
    if (!found || (rows.length > 0 && found.end - from > MAX_BYTES)) break;
    if (found.kind === 'damage') damagedBytes += found.end - end;
    end = found.end;
    if (found.kind !== 'entry') continue;
    entries += 1;
    try {
      rows.push({ row: rowOf(found.entry), end });
    } catch (error) {
      reason = `a record has no form that is known: ${String(error)}`;
    }
  }
  return { rows, end, entries, damagedBytes, reason };
}

/** Whatever is wrong with a text, the facts are kept; what was not redacted is not. */
function rowOf(entry: JournalEntry): TraceRow {
  try {
    return toTraceRow(keptTexts(entry));
  } catch {
    return toPlainRow(toTraceRow({ ...entry, input: undefined, output: undefined }));
  }
}
