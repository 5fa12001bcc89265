import { type PartitionDay, type Stretch, lastPart } from './stretches.ts';

export interface WalkOptions extends Stretch {
  /** Of which there are partitions, the oldest first. */
  readonly days: readonly PartitionDay[];
  /** Rows that are wanted. */
  readonly limit: number;
  /** Of the first stretch that is read. */
  readonly firstMs: number;
  /** How long the whole may take. */
  readonly limitMs: number;
  readonly monotonic: () => number;
}

export interface Walked<Row> {
  readonly rows: Row[];
  /** Where the time was over and rows may be left before it; undefined where all was read that is wanted. */
  readonly stoppedAt: number | undefined;
}

/** A statement took longer than it was given. */
export class TimeIsOverError extends Error {
  override readonly name = 'TimeIsOverError';
}

/** Faster than this, and the next stretch is twice as long; slower than the other, and it is half. */
const FAST_MS = 250;
const SLOW_MS = 1000;
const SHORTEST_MS = 60_000;

/**
 * Reads the newest rows first, stretch by stretch back in time until there are enough. So each statement reads few
 * partitions, and none that is not needed; and what has to read through everything neither holds the database for long
 * at a time nor for ever.
 * @param read gives the newest `limit` rows of a stretch within the given milliseconds. @throws TimeIsOverError
 * @throws TimeIsOverError where the time is over before the first stretch is read
 */
export async function walkBack<Row>(
  { days, from, until, limit, firstMs, limitMs, monotonic }: WalkOptions,
  read: (stretch: Stretch, limit: number, limitMs: number) => Promise<readonly Row[]>,
): Promise<Walked<Row>> {
  const rows: Row[] = [];
  const deadline = monotonic() + limitMs;
  let lengthMs = firstMs;
  for (let part = lastPart(days, { from, until }, lengthMs), isFirst = true; part; isFirst = false) {
    const began = monotonic();
    try {
      if (began >= deadline) throw new TimeIsOverError();
      rows.push(...(await read(part, limit - rows.length, deadline - began)));
    } catch (error) {
      if (!(error instanceof TimeIsOverError) || isFirst) throw error;
      return { rows, stoppedAt: part.until };
    }
    if (rows.length >= limit) break;
    const tookMs = monotonic() - began;
    if (tookMs < FAST_MS) lengthMs *= 2;
    else if (tookMs > SLOW_MS) lengthMs = Math.max(SHORTEST_MS, lengthMs / 2);
    part = lastPart(days, { from, until: part.from }, lengthMs);
  }
  return { rows, stoppedAt: undefined };
}
