import { DAY_MS } from '../../core/units.ts';

/** A stretch of time, epoch milliseconds: inclusive, exclusive. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** A day (UTC) of which there are traces, and how many partitions hold them: one for each retention class. */
export interface PartitionDay extends Stretch {
  readonly partitions: number;
}

/**
 * What one statement may read. To plan it the database locks each partition and its ten indexes, and PostgreSQL has room
 * for 6,400 locks of everybody together, unless it is told otherwise.
 */
export const MOST_PARTITIONS = 31;

/**
 * The last part of a stretch that is worth a statement: it ends where there are partitions, begins with a day if it is
 * long, and is of few partitions, but of a day at least.
 * @param days those of which there are partitions, the oldest first
 * @returns undefined where there are no partitions
 */
export function lastPart(
  days: readonly PartitionDay[],
  { from, until }: Stretch,
  lengthMs = Infinity,
): Stretch | undefined {
  let at = days.findLastIndex((day) => day.from < until);
  const last = days[at];
  if (!last || last.until <= from || until <= from) return undefined;
  const end = Math.min(until, last.until);
  const wanted = Math.max(from, beginning(end, lengthMs));
  let start = end;
  let partitions = 0;
  for (let day = days[at]; day && day.until > wanted; at -= 1, day = days[at]) {
    partitions += day.partitions;
    if (partitions > MOST_PARTITIONS && start < end) break;
    start = Math.max(wanted, day.from);
  }
  return { from: start, until: end };
}

/** The whole of a stretch in such parts, the oldest first. */
export function partsOf(days: readonly PartitionDay[], { from, until }: Stretch): Stretch[] {
  const parts: Stretch[] = [];
  for (let part = lastPart(days, { from, until }); part; part = lastPart(days, { from, until: part.from })) {
    parts.unshift(part);
  }
  return parts;
}

/** Long stretches begin with a day, as partitions do. */
function beginning(end: number, lengthMs: number): number {
  const start = end - lengthMs;
  return lengthMs < DAY_MS ? start : Math.ceil(start / DAY_MS) * DAY_MS;
}
