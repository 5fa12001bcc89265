import { parseDuration } from '../../../core/units.ts';

/** What a limit counts. */
export type Counted = 'requests' | 'tokens' | 'inputTokens' | 'outputTokens';

/** What an answer's headers say about one limit. */
export interface LimitReading {
  /** What tells it from other limits of the same provider. */
  readonly name: string;
  readonly counts: Counted;
  readonly limit: number | undefined;
  readonly remaining: number;
  /** Milliseconds until it is as it was before anything was sent. */
  readonly resetMs: number | undefined;
  /** How exactly that is known, milliseconds. */
  readonly resolutionMs: number;
  /** Its window, where the name says so. */
  readonly windowMs: number | undefined;
}

interface LimitHeaders {
  readonly name: string;
  readonly counts: Counted;
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
  readonly windowMs: number | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

type Headers = Readonly<Record<string, string>>;

/**
 * The headers in which providers tell their limits.
 *
 * - OpenAI, and who speaks its API (Azure, Groq): `x-ratelimit-limit-requests: 60`, `x-ratelimit-remaining-requests: 59`,
 *   `x-ratelimit-reset-requests: 1s`, and the same of tokens. The reset is a duration (`6m0s`); of Azure, seconds.
 * - Anthropic: `anthropic-ratelimit-requests-limit`, `-remaining`, `-reset`, and of tokens, input and output tokens. The
 *   reset is a time.
 * - Cerebras: the window is in the name, `x-ratelimit-remaining-tokens-minute`. The reset is in seconds.
 * - Mistral: the window is in the name as well, requests are `req`, and there is no reset.
 *
 * @see https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers (checked 2026-11-21)
 * @see https://console.groq.com/docs/rate-limits (checked 2026-11-21)
 * @see https://docs.aws.amazon.com/claude-platform/latest/userguide/rate-limits.html (checked 2026-11-21)
 * @see https://inference-docs.cerebras.ai/support/rate-limits (checked 2026-11-21)
 */
const FAMILIES: readonly LimitHeaders[] = [
  openAi('requests', 'requests'),
  openAi('tokens', 'tokens'),
  anthropic('requests', 'requests'),
  anthropic('tokens', 'tokens'),
  anthropic('input-tokens', 'inputTokens'),
  anthropic('output-tokens', 'outputTokens'),
  openAi('requests-minute', 'requests', MINUTE_MS),
  openAi('requests-day', 'requests', DAY_MS),
  openAi('tokens-minute', 'tokens', MINUTE_MS),
  openAi('tokens-day', 'tokens', DAY_MS),
  openAi('req-minute', 'requests', MINUTE_MS),
];

/**
 * What an answer says about the limits of who gave it. What cannot be read, or is no number of 0 or more (Azure writes
 * -1 for "not known"), is left out. `now`: the wall clock, milliseconds.
 */
export function readLimits(headers: Headers, now: number): readonly LimitReading[] {
  const readings: LimitReading[] = [];
  for (const family of FAMILIES) {
    const remaining = readCount(headers[family.remaining]);
    if (remaining === undefined) continue;
    const { name, counts, windowMs } = family;
    const limit = readCount(headers[family.limit]);
    const reset = readReset(headers[family.reset], now);
    // A limit of 0 is how a model looks that the account may not use: the answer itself says so, there is no waiting.
    if (limit === 0 || (reset === undefined && windowMs === undefined)) continue;
    readings.push({ name, counts, limit, remaining, windowMs, resetMs: reset?.ms, resolutionMs: reset?.exact ?? 0 });
  }
  return readings;
}

function openAi(name: string, counts: Counted, windowMs?: number): LimitHeaders {
  const header = (what: string): string => `x-ratelimit-${what}-${name}`;
  return { name, counts, windowMs, limit: header('limit'), remaining: header('remaining'), reset: header('reset') };
}

function anthropic(name: string, counts: Counted): LimitHeaders {
  const header = (what: string): string => `anthropic-ratelimit-${name}-${what}`;
  const headers = { limit: header('limit'), remaining: header('remaining'), reset: header('reset') };
  return { name: `anthropic ${name}`, counts, windowMs: undefined, ...headers };
}

function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A duration of Go (`1h2m3.5s`, `120ms`), seconds, or a time (RFC 3339). */
function readReset(text: string | undefined, now: number): { ms: number; exact: number } | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return { ms: bounded(Number(text) * 1000), exact: text.includes('.') ? 1 : 1000 };
  if (/^(\d+(\.\d+)?(ms|[hms]))+$/.test(text)) return { ms: bounded(readGoDuration(text)), exact: 1 };
  const time = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : { ms: bounded(time - now), exact: 1000 };
}

function readGoDuration(text: string): number {
  const parts = text.match(/\d+(\.\d+)?(ms|[hms])/g) ?? [];
  return parts.reduce((sum, part) => sum + (parseDuration(part) ?? 0), 0);
}

/** A reset farther away is a mistake, or a quota of the month that nobody waits for. */
function bounded(ms: number): number {
  return Math.min(Math.max(0, ms), DAY_MS);
}
