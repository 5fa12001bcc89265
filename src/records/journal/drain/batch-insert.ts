import { reasonOf } from '../reason.ts';
import { type TraceRow, toPlainRow } from '../../traces/trace-row.ts';
import type { BatchRow } from './batch.ts';

export interface InsertPorts {
  /** Writes all rows and moves the position to the offset, or does neither. */
  insert(rows: readonly TraceRow[], to: number): Promise<void>;
  /** Moves the position alone. */
  move(to: number): Promise<void>;
  /** Whether the database would refuse the same rows again, so that trying again is useless. */
  isRefusal(error: unknown): boolean;
  /** All entries up to the offset are done with. */
  done(step: {
    readonly to: number;
    readonly written: number;
    readonly refused: number;
    readonly reason?: string;
  }): void;
}

/**
 * Writes rows in their order. A batch that is refused is halved until the row at fault is alone; that one is written
 * without what may be at fault, and where that is refused as well, left out.
 * @param end where the position is to be when all are written
 * @throws what is no refusal
 */
export async function insertBatch(ports: InsertPorts, rows: readonly BatchRow[], end: number): Promise<void> {
  const refusal = await refusalOf(ports, () =>
    ports.insert(
      rows.map(({ row }) => row),
      end,
    ),
  );
  if (refusal === undefined) return ports.done({ to: end, written: rows.length, refused: 0 });
  const [only] = rows;
  if (rows.length === 1 && only) return insertPlain(ports, only, end);
  const half = Math.ceil(rows.length / 2);
  const first = rows.slice(0, half);
  await insertBatch(ports, first, first.at(-1)?.end ?? end);
  return insertBatch(ports, rows.slice(half), end);
}

async function insertPlain(ports: InsertPorts, { row }: BatchRow, end: number): Promise<void> {
  const reason = await refusalOf(ports, () => ports.insert([toPlainRow(row)], end));
  if (reason === undefined) return ports.done({ to: end, written: 1, refused: 0 });
  await ports.move(end);
  ports.done({ to: end, written: 0, refused: 1, reason });
}

async function refusalOf(ports: InsertPorts, write: () => Promise<void>): Promise<string | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    if (ports.isRefusal(error)) return reasonOf(error);
    throw error;
  }
}
