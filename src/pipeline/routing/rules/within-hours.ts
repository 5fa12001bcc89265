import type { Hours } from '../../../core/routing.ts';
import { offsetAt } from '../../../core/time-zone.ts';
import { DAY_MS } from '../../../core/units.ts';

const MINUTE_MS = 60_000;
/** Clocks are changed at whole quarters of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;

/** Whether a time, epoch milliseconds, is within these hours. Where they end when they begin they are whole days. */
export function isWithinHours({ from, until, days, timeZone }: Hours, atMs: number): boolean {
  const localMs = atMs + offsetOf(timeZone, atMs);
  const minute = Math.floor((((localMs % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);
  const day = Math.floor(localMs / DAY_MS);
  if (from < until) return minute >= from && minute < until && isOn(days, day);
  if (minute >= from) return isOn(days, day);
  // What began yesterday goes on past midnight.
  return minute < until && isOn(days, day - 1);
}

/** 1970-01-01 was a Thursday. */
function isOn(days: readonly number[], day: number): boolean {
  return days.length === 0 || days.includes(((((day + 3) % 7) + 7) % 7) + 1);
}

/** The zones of the rules in force, each with the offset of the quarter in which somebody asked last. */
const OFFSETS = new Map<string, { readonly quarter: number; readonly offsetMs: number }>();
const MOST_ZONES = 1000;

function offsetOf(timeZone: string, atMs: number): number {
  const quarter = Math.floor(atMs / QUARTER_MS);
  const known = OFFSETS.get(timeZone);
  if (known?.quarter === quarter) return known.offsetMs;
  const offsetMs = offsetAt(timeZone, quarter * QUARTER_MS);
  if (OFFSETS.size >= MOST_ZONES) OFFSETS.clear();
  OFFSETS.set(timeZone, { quarter, offsetMs });
  return offsetMs;
}
