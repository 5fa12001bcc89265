import { parseLimitReset } from './limit-reset.ts';

const MAX_MS = 24 * 3_600_000;

/**
 * How long a provider asks to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(headers: Readonly<Record<string, string>>, now = Date.now()): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return Math.min(ms, MAX_MS);
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds))
    return seconds < 0 ? undefined : Math.min(seconds * 1000, MAX_MS);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), MAX_MS);
}

/**
 * How long a refusal asks to wait; where a 429 does not say it, until the limit that it speaks of is whole again.
 * Never more than a day.
 */
export function waitOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  now = Date.now(),
): number | undefined {
  const asked = parseRetryAfter(headers, now);
  if (asked !== undefined || status !== 429) return asked;
  const reset = parseLimitReset(headers, now);
  return reset === undefined ? undefined : Math.min(Math.ceil(reset), MAX_MS);
}
