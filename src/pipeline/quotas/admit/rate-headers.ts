import type { Dialect } from '../../../core/call.ts';
import type { ClaimState } from '../ledger/ledger.ts';
import type { LimitRule } from '../rules/limit-rules.ts';
import { type ShownRules, shownOf } from '../rules/quota-plan.ts';

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
  addRateHeaders(headers, dialect, { rules, shown: shownOf(rules), states, nowMs });
  return headers;
}

/** How limits stood at a moment. */
export interface LimitStands {
  readonly rules: readonly Pick<LimitRule, 'unit' | 'limit'>[];
  readonly shown: ShownRules;
  /** One for each of the rules; others may follow. */
  readonly states: readonly Pick<ClaimState, 'remaining' | 'resetMs'>[];
  readonly nowMs: number;
}

/** The same beside other headers. */
export function addRateHeaders(headers: Record<string, string>, dialect: Dialect, stands: LimitStands): void {
  const { shown } = stands;
  const names = NAMES[dialect === 'anthropic' ? 'anthropic' : 'openai'];
  if (shown.requests.length > 0) addTightest(headers, names.requests, shown.requests, stands, dialect);
  if (shown.tokens.length > 0) addTightest(headers, names.tokens, shown.tokens, stands, dialect);
}

function addTightest(
  headers: Record<string, string>,
  [limit, remaining, reset]: readonly [string, string, string],
  among: readonly number[],
  { rules, states, nowMs }: LimitStands,
  dialect: Dialect,
): void {
  let least = Number.POSITIVE_INFINITY;
  let tightest = -1;
  for (let index = 0; index < among.length; index += 1) {
    const at = among[index] as number;
    const left = states[at]?.remaining ?? 0;
    if (left >= least) continue;
    tightest = at;
    least = left;
  }
  const rule = rules[tightest];
  const state = states[tightest];
  if (!rule || !state) return;
  headers[limit] = String(rule.limit);
  headers[remaining] = String(state.remaining);
  headers[reset] = dialect === 'anthropic' ? rfc3339(nowMs + state.resetMs) : goDuration(state.resetMs);
}

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
