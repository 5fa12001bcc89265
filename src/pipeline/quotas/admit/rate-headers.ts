import type { Dialect } from '../../../core/call.ts';
import type { ClaimState } from '../ledger/ledger.ts';
import type { LimitRule } from '../rules/limit-rules.ts';

/**
 * How the caller's limits stand, in the form that its SDK reads: of requests and of tokens the one with the least left.
 * `remaining` is what may be used now, which a burst bounds; `reset` is when all of the burst may be used again.
 * Gemini's dialect has no such headers and gets OpenAI's.
 *
 * @see https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers (checked 2026-11-21)
 * @see https://docs.anthropic.com/en/api/rate-limits#response-headers (checked 2026-11-21)
 */
export function rateHeaders(
  dialect: Dialect,
  rules: LimitStands['rules'],
  states: LimitStands['states'],
  nowMs: number,
): Record<string, string> {
  const headers = {};
  addRateHeaders(headers, dialect, { rules, states, nowMs });
  return headers;
}

/** How limits stood at a moment. */
export interface LimitStands {
  readonly rules: readonly Pick<LimitRule, 'unit' | 'limit'>[];
  /** One for each of the rules; others may follow. */
  readonly states: readonly Pick<ClaimState, 'remaining' | 'resetMs'>[];
  readonly nowMs: number;
}

/** The same beside other headers. */
export function addRateHeaders(
  headers: Record<string, string>,
  dialect: Dialect,
  { rules, states, nowMs }: LimitStands,
): void {
  for (const unit of UNITS) {
    const at = tightestOf(rules, states, unit);
    const rule = rules[at];
    const state = states[at];
    if (!rule || !state) continue;
    const [limit, remaining, reset] = NAMES[dialect === 'anthropic' ? 'anthropic' : 'openai'][unit];
    headers[limit] = String(rule.limit);
    headers[remaining] = String(state.remaining);
    headers[reset] = dialect === 'anthropic' ? rfc3339(nowMs + state.resetMs) : goDuration(state.resetMs);
  }
}

const UNITS = ['requests', 'tokens'] as const;

const NAMES = {
  openai: {
    requests: ['x-ratelimit-limit-requests', 'x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'],
    tokens: ['x-ratelimit-limit-tokens', 'x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
  },
  anthropic: {
    requests: [
      'anthropic-ratelimit-requests-limit',
      'anthropic-ratelimit-requests-remaining',
      'anthropic-ratelimit-requests-reset',
    ],
    tokens: [
      'anthropic-ratelimit-tokens-limit',
      'anthropic-ratelimit-tokens-remaining',
      'anthropic-ratelimit-tokens-reset',
    ],
  },
} as const;

/** Index of the one with the least left; -1 where there is none. */
function tightestOf(
  rules: readonly Pick<LimitRule, 'unit'>[],
  states: readonly Pick<ClaimState, 'remaining'>[],
  unit: 'requests' | 'tokens',
): number {
  let tightest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < rules.length; at += 1) {
    const remaining = states[at]?.remaining ?? 0;
    if (rules[at]?.unit !== unit || remaining >= least) continue;
    tightest = at;
    least = remaining;
  }
  return tightest;
}

/** Whole seconds, as Anthropic writes it; rounded up, so that the limit has rested by then. */
function rfc3339(atMs: number): string {
  return new Date(Math.ceil(atMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** `6m0s`, `1s`, `120ms`, as Go prints durations. */
export function goDuration(ms: number): string {
  const whole = Math.ceil(ms);
  if (whole < 1000) return `${whole}ms`;
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor((whole % 3_600_000) / 60_000);
  const seconds = Number(((whole % 60_000) / 1000).toFixed(3));
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
