import { DAY_MS } from './units.ts';

/** A day of the calendar. Fields beyond their bounds carry over, as those of `Date.UTC` do. */
export interface Day {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/** More than there are; only spellings of upper and lower case could make more of them. */
const MAX_ZONES = 2000;

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Whether this is the IANA name of a time zone, in any case. */
export function isTimeZone(name: string): boolean {
  // The engine takes offsets such as +08:00 as well, which know no summer time and are no names.
  if (!/^[a-z]/i.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The local day at a time. @throws RangeError where there is no such time zone */
export function dayAt(timeZone: string, atMs: number): Day {
  const local = new Date(localMs(timeZone, atMs));
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

/**
 * Epoch milliseconds at which a local day begins: at 00:00, at the first of two where the clocks are put back over it,
 * and at the first time that there is after it where they are put forward over it.
 * @see https://tc39.es/proposal-temporal/#sec-temporal-getstartofday (checked 2026-11-21)
 */
export function startOfDay(timeZone: string, { year, month, day }: Day): number {
  const midnight = Date.UTC(year, month - 1, day);
  // No zone has two changes within two days, so one of these two offsets is that of midnight, if there is one.
  const before = offsetAt(timeZone, midnight - DAY_MS);
  const after = offsetAt(timeZone, midnight + DAY_MS);
  const found = [midnight - before, midnight - after].filter((at) => localMs(timeZone, at) === midnight);
  return found.length > 0 ? Math.min(...found) : firstAtOrAfter(timeZone, midnight);
}

/** There is one change between the two ends, and it jumps over midnight. */
function firstAtOrAfter(timeZone: string, midnight: number): number {
  let [before, after] = [midnight - 2 * DAY_MS, midnight + 2 * DAY_MS];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localMs(timeZone, middle) >= midnight) after = middle;
    else before = middle;
  }
  return after;
}

/** Milliseconds that the local clocks are ahead of UTC. @throws RangeError where there is no such time zone */
export function offsetAt(timeZone: string, atMs: number): number {
  return localMs(timeZone, atMs) - atMs;
}

/** What local clocks show, as the epoch milliseconds at which UTC's show it. */
function localMs(timeZone: string, atMs: number): number {
  const fields = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) {
    if (type in fields) fields[type as keyof typeof fields] = Number(value);
  }
  const { year, month, day, hour, minute, second } = fields;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((atMs % 1000) + 1000) % 1000);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (FORMATS.size >= MAX_ZONES) FORMATS.clear();
  FORMATS.set(timeZone, format);
  return format;
}
