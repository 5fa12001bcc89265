import { type CalendarKind, calendarPeriodAt } from '../../core/period.ts';
import { offsetAt } from '../../core/time-zone.ts';

/** Parts of time that usage can be grouped by, in a time zone. */
export const TIME_GROUPS = ['hour', 'day', 'week', 'month'] as const;
export type TimeGroup = (typeof TIME_GROUPS)[number];

export interface UsageBucket {
  /** `2026-11-21T08:00+08:00`, `2026-11-21`, `2026-W47` or `2026-11`. */
  readonly name: string;
  /** Epoch milliseconds; it ends where the next one begins. */
  readonly startsAt: number;
}

const HOUR_MS = 3_600_000;

/**
 * The parts that make up a time, in order; the first begins with it or before. No more than `limit` of them, and one.
 * @throws RangeError where there is no such time zone
 */
export function bucketsBetween(
  group: TimeGroup,
  timeZone: string,
  { from, until }: { readonly from: number; readonly until: number },
  limit: number,
): UsageBucket[] {
  const buckets: UsageBucket[] = [];
  const kind: CalendarKind = group === 'hour' ? 'day' : group;
  for (let at = from; at < until && buckets.length <= limit;) {
    const { name, startsAt, endsAt } = calendarPeriodAt(kind, timeZone, at);
    if (group === 'hour') buckets.push(...hoursBetween(timeZone, startsAt, endsAt));
    else buckets.push({ name, startsAt });
    at = endsAt;
  }
  const first = buckets.findLastIndex(({ startsAt }) => startsAt <= from);
  return buckets.slice(first).filter(({ startsAt }) => startsAt < until);
}

function hoursBetween(timeZone: string, from: number, until: number): UsageBucket[] {
  const count = Math.ceil((until - from) / HOUR_MS);
  return Array.from({ length: count }, (_, at) => {
    const startsAt = from + at * HOUR_MS;
    return { name: localHour(timeZone, startsAt), startsAt };
  });
}

/** With the offset, since an hour comes twice where clocks are put back. */
function localHour(timeZone: string, atMs: number): string {
  const offset = offsetAt(timeZone, atMs);
  const local = new Date(atMs + offset).toISOString().slice(0, 16);
  if (offset === 0) return `${local}Z`;
  return `${local}${offset < 0 ? '-' : '+'}${new Date(Math.abs(offset)).toISOString().slice(11, 16)}`;
}
