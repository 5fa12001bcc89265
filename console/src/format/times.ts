import { languageNow } from '../i18n/i18n.ts';

const locale = (): string => (languageNow() === 'zh' ? 'zh-CN' : 'en-GB');

type Instant = string | number | Date;

/** `14:05:09` of today, else with the day: in the time zone of whoever looks. */
export function clockTime(at: Instant, now = Date.now()): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  const dayToo = isToday ? {} : ({ month: 'short', day: '2-digit' } as const);
  return date.toLocaleString(locale(), { ...dayToo, hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** `22 Nov 2026, 14:05:09`. */
export function dayAndTime(at: Instant): string {
  return new Date(at).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'medium' });
}

/** `22 Nov 2026, 14:05:09.123 GMT+8`: what a title shows where a list shows less. */
export function fullTime(at: Instant): string {
  const text = new Date(at).toLocaleString(locale(), {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  const zone = new Intl.DateTimeFormat(locale(), { timeZoneName: 'short' })
    .formatToParts(new Date(at))
    .find(({ type }) => type === 'timeZoneName');
  return `${text} ${zone?.value ?? ''}`.trim();
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** `3 minutes ago`, `in 2 hours`. */
export function relative(at: Instant, now = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' });
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return format.format(Math.trunc(seconds / size), unit);
}
