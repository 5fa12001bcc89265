import { isIPv4, isIPv6 } from 'node:net';

/** What text of a format looks like. All are linear in time. Formats that are not here are not checked. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: isTime,
  'date-time': (text) => /^[Tt ]$/.test(text.slice(10, 11)) && isDate(text.slice(0, 10)) && isTime(text.slice(11)),
  email: (text) => /^[^\s@]{1,64}@[^\s@]{1,255}$/.test(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
  uuid: (text) => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text),
};

/** Undefined where the format is not one that is checked here. @see https://www.rfc-editor.org/rfc/rfc3339 */
export function hasFormat(format: string, text: string): boolean | undefined {
  return Object.hasOwn(FORMATS, format) ? FORMATS[format]?.(text) : undefined;
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // Years below 100 are taken for ours by `Date.UTC`; their days are the same ones.
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function isTime(text: string): boolean {
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)(?:\.\d{1,20})?(?:z|[+-]\d\d:\d\d)$/i.exec(text) ?? [];
  return hours !== undefined && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) <= 60;
}
