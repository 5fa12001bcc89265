/** One of the limits that a provider counts, as its headers speak of it. */
interface Limit {
  readonly remaining: string;
  readonly reset: string;
  /** A request counts as one, so where something remains it was not refused for that. */
  readonly ofRequests: boolean;
}

const LIMITS: readonly Limit[] = [
  limit('x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests', true),
  limit('x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens', false),
  limit('x-ratelimit-remaining', 'x-ratelimit-reset', false),
  limit('anthropic-ratelimit-requests-remaining', 'anthropic-ratelimit-requests-reset', true),
  limit('anthropic-ratelimit-tokens-remaining', 'anthropic-ratelimit-tokens-reset', false),
  limit('anthropic-ratelimit-input-tokens-remaining', 'anthropic-ratelimit-input-tokens-reset', false),
  limit('anthropic-ratelimit-output-tokens-remaining', 'anthropic-ratelimit-output-tokens-reset', false),
];

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** From here on a number is a moment in seconds, or in milliseconds, and no length of time. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;

type Headers = Readonly<Record<string, string>>;

/**
 * How long until the limit that refused a request is whole again, in milliseconds: of those with nothing left the one
 * that takes longest, and only where all have something left, of those that a large request may have gone beyond.
 * Undefined where no header says so, or the time is over.
 *
 * @see https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
 * @see https://docs.anthropic.com/en/api/rate-limits#response-headers
 */
export function parseLimitReset(headers: Headers, now: number): number | undefined {
  const used = LIMITS.filter(({ remaining }) => remains(headers, remaining) === 0);
  const possible = LIMITS.filter(({ remaining, ofRequests }) => !ofRequests || !(remains(headers, remaining) > 0));
  return longest(used, headers, now) ?? longest(possible, headers, now);
}

function limit(remaining: string, reset: string, ofRequests: boolean): Limit {
  return { remaining, reset, ofRequests };
}

/** NaN where nothing is said. */
function remains(headers: Headers, name: string): number {
  return Number(headers[name] || Number.NaN);
}

function longest(limits: readonly Limit[], headers: Headers, now: number): number | undefined {
  const waits = limits.map(({ reset }) => untilReset(headers[reset] ?? '', now)).filter((wait) => wait > 0);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** `6m0s`, `12ms`, `7.5` (seconds), a moment in seconds or milliseconds, or a date; NaN where it is nothing of these. */
function untilReset(value: string, now: number): number {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (number >= EPOCH_MS) return number - now;
  if (number >= EPOCH_SECONDS) return number * 1000 - now;
  if (!Number.isNaN(number)) return number * 1000;
  return lengthOf(value) ?? Date.parse(value) - now;
}

function lengthOf(value: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(value)) return undefined;
  let total = 0;
  for (const [, count, unit = ''] of value.matchAll(/([\d.]+)(ms|[dhms])/g))
    total += Number(count) * (UNITS[unit] ?? 0);
  return total;
}
