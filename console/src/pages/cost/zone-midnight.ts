/** How far a time zone is ahead of UTC at this moment. */
function offsetMs(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(at / 1000) * 1000;
}

/** The beginning of a day such as `2026-11-01` in a time zone: milliseconds since 1970. */
export function midnightIn(timeZone: string, day: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const first = utc - offsetMs(timeZone, utc);
  // Where clocks are changed between the guess and midnight, the offset at midnight counts.
  return utc - offsetMs(timeZone, first);
}
