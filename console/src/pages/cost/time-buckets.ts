export type Bucket = 'hour' | 'day';

const HOUR_MS = 3_600_000;
const HOURS_SHOWN_MS = 3 * 24 * HOUR_MS;
/** More than a chart can show, and less than would make it slow. */
const MOST_BUCKETS = 2000;

/** Where the reader's days begin. */
export function readerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Hours for a few days, days for longer. */
export function usualBucket(lengthMs: number): Bucket {
  return lengthMs <= HOURS_SHOWN_MS ? 'hour' : 'day';
}

/** `2026-11-21T08:00+08:00`, or `2026-11-21`, which is midnight where the reader is: milliseconds since 1970. */
export function bucketStart(name: string): number {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(name) ?? [];
  return year === undefined ? Date.parse(name) : new Date(Number(year), Number(month) - 1, Number(day)).getTime();
}

function bucketOf(at: number, bucket: Bucket): Date {
  const date = new Date(at);
  if (bucket === 'hour') date.setMinutes(0, 0, 0);
  else date.setHours(0, 0, 0, 0);
  return date;
}

/** The beginnings of all hours or days that a time touches, also of those in which nothing happened. */
export function bucketsOf(since: number, until: number, bucket: Bucket): number[] {
  const starts: number[] = [];
  let start = bucketOf(since, bucket);
  while (start.getTime() < until && starts.length < MOST_BUCKETS) {
    starts.push(start.getTime());
    // Hours by their length: of those that come twice a clock would show the same. Days by the calendar.
    start =
      bucket === 'hour'
        ? new Date(start.getTime() + HOUR_MS)
        : new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1);
  }
  return starts;
}
