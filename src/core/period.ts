import { type Day, dayAt, startOfDay } from './time-zone.ts';
import { DAY_MS } from './units.ts';

/** A part of the calendar, or all of time. */
export type PeriodKind = 'day' | 'week' | 'month' | 'total';

export interface Period {
  /** `2026-11-21`, `2026-W47`, `2026-11` or `total`. */
  readonly name: string;
  /** Epoch milliseconds, inclusive; undefined = always. */
  readonly startsAt: number | undefined;
  /** Epoch milliseconds, exclusive; undefined = never. */
  readonly endsAt: number | undefined;
}

export type CalendarKind = Exclude<PeriodKind, 'total'>;

/** One that has a beginning and an end. */
export interface CalendarPeriod extends Period {
  readonly startsAt: number;
  readonly endsAt: number;
}

const TOTAL: Period = { name: 'total', startsAt: undefined, endsAt: undefined };

/** More time zones than there are. */
const MAX_ZONES = 2000;

/** The latest that was asked for, of each time zone: requests ask for the current one, again and again. */
const CURRENT: Record<CalendarKind, Map<string, CalendarPeriod>> = {
  day: new Map(),
  week: new Map(),
  month: new Map(),
};

/**
 * The period that a time falls into. Days begin at local midnight and weeks on Monday; where midnight is skipped, they
 * begin with the first time that there is after it.
 * @throws RangeError where there is no such time zone
 */
export function periodAt(period: PeriodKind, timeZone: string, atMs: number): Period {
  if (period === 'total') return TOTAL;
  const known = CURRENT[period].get(timeZone);
  if (known && atMs >= known.startsAt && atMs < known.endsAt) return known;
  const found = calendarPeriodAt(period, timeZone, atMs);
  if (CURRENT[period].size >= MAX_ZONES) CURRENT[period].clear();
  CURRENT[period].set(timeZone, found);
  return found;
}

/** The same, worked out anew each time: for periods that nobody asks for again. @throws RangeError as above */
export function calendarPeriodAt(period: CalendarKind, timeZone: string, atMs: number): CalendarPeriod {
  let first = firstDay(period, dayAt(timeZone, atMs));
  let bounded = between(period, timeZone, first);
  // Where clocks are put back over midnight the day before comes again; those hours belong to the day that had begun.
  while (atMs >= bounded.endsAt) {
    first = nextFirstDay(period, first);
    bounded = between(period, timeZone, first);
  }
  return bounded;
}

function between(period: CalendarKind, timeZone: string, first: Day): CalendarPeriod {
  return {
    name: nameOf(period, first),
    startsAt: startOfDay(timeZone, first),
    endsAt: startOfDay(timeZone, nextFirstDay(period, first)),
  };
}

function firstDay(period: CalendarKind, day: Day): Day {
  if (period === 'day') return day;
  return period === 'month' ? { ...day, day: 1 } : plusDays(day, 1 - weekdayOf(day));
}

function nextFirstDay(period: CalendarKind, first: Day): Day {
  if (period === 'month') return plusDays({ ...first, month: first.month + 1 }, 0);
  return plusDays(first, period === 'week' ? 7 : 1);
}

function nameOf(period: CalendarKind, first: Day): string {
  if (period === 'week') return weekName(first);
  const month = `${fourDigits(first.year)}-${twoDigits(first.month)}`;
  return period === 'month' ? month : `${month}-${twoDigits(first.day)}`;
}

/** A week belongs to the year of its Thursday, as in ISO 8601. */
function weekName(monday: Day): string {
  const thursday = plusDays(monday, 3);
  const dayOfYear = (utc(thursday) - utc({ year: thursday.year, month: 1, day: 1 })) / DAY_MS;
  return `${fourDigits(thursday.year)}-W${twoDigits(Math.floor(dayOfYear / 7) + 1)}`;
}

/** 1 = Monday. */
function weekdayOf(day: Day): number {
  return new Date(utc(day)).getUTCDay() || 7;
}

function plusDays(day: Day, days: number): Day {
  const moved = new Date(utc({ ...day, day: day.day + days }));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

function utc({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function fourDigits(value: number): string {
  return String(value).padStart(4, '0');
}
