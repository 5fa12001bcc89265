import { useMemo } from 'react';

import { useBeat } from './beat.ts';
import { useSearchState } from './search-state.ts';

export const RANGES = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type RangeName = (typeof RANGES)[number];

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A stretch of time that a page shows: the last so and so long, or from one moment to another. */
export interface TimeRange {
  readonly name: RangeName | 'custom';
  /** For queries: RFC 3339. Of a moving range it moves only by steps, so that questions can be answered from memory. */
  readonly since: string;
  /** Absent: until now. */
  readonly until: string | undefined;
  readonly lengthMs: number;
}

function rangeLengthMs(name: RangeName): number {
  return Number.parseInt(name, 10) * (UNITS[name.slice(-1)] ?? 0);
}

const STEPS = 200;

export function readRange(search: Readonly<Record<string, string>>, fallback: RangeName, now: number): TimeRange {
  const { since, until, range } = search;
  if (since !== undefined && !Number.isNaN(Date.parse(since))) {
    const end = until !== undefined && !Number.isNaN(Date.parse(until)) ? until : undefined;
    const lengthMs = (end === undefined ? now : Date.parse(end)) - Date.parse(since);
    return { name: 'custom', since, until: end, lengthMs };
  }
  const name = RANGES.find((known) => known === range) ?? fallback;
  const lengthMs = rangeLengthMs(name);
  const stepMs = lengthMs / STEPS;
  const start = Math.floor((now - lengthMs) / stepMs) * stepMs;
  return { name, since: new Date(start).toISOString(), until: undefined, lengthMs };
}

/** The range of the page's address: `?range=24h` or `?since=…&until=…`. */
export function useTimeRange(fallback: RangeName = '24h'): TimeRange {
  const [{ since, until, range }] = useSearchState();
  const now = useBeat();
  return useMemo(
    () => readRange({ ...(since && { since }), ...(until && { until }), ...(range && { range }) }, fallback, now),
    [since, until, range, fallback, now],
  );
}
