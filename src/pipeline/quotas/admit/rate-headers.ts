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
  const write = WRITERS[dialect === 'anthropic' ? 'anthropic' : 'openai'];
  if (shown.requests.length > 0) addTightest(headers, write.requests, shown.requests, stands);
  if (shown.tokens.length > 0) addTightest(headers, write.tokens, shown.tokens, stands);
}

function addTightest(
  headers: Record<string, string>,
  write: Writer,
  among: readonly number[],
  { rules, states, nowMs }: LimitStands,
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
  if (rule && state) write(headers, rule.limit, state, nowMs);
}

type Writer = (
  headers: Record<string, string>,
  limit: number,
  state: LimitStands['states'][number],
  nowMs: number,
) => void;

/** Each name is written out where it is set: to set one that is only known by then costs several times as much. */
const WRITERS: Readonly<Record<'openai' | 'anthropic', Readonly<Record<'requests' | 'tokens', Writer>>>> = {
  openai: {
    requests(headers, limit, { remaining, resetMs }) {
      headers['x-ratelimit-limit-requests'] = String(limit);
      headers['x-ratelimit-remaining-requests'] = String(remaining);
      headers['x-ratelimit-reset-requests'] = goDuration(resetMs);
    },
    tokens(headers, limit, { remaining, resetMs }) {
      headers['x-ratelimit-limit-tokens'] = String(limit);
      headers['x-ratelimit-remaining-tokens'] = String(remaining);
      headers['x-ratelimit-reset-tokens'] = goDuration(resetMs);
    },
  },
  anthropic: {
    requests(headers, limit, { remaining, resetMs }, nowMs) {
      headers['anthropic-ratelimit-requests-limit'] = String(limit);
      headers['anthropic-ratelimit-requests-remaining'] = String(remaining);
      headers['anthropic-ratelimit-requests-reset'] = rfc3339(nowMs + resetMs);
    },
    tokens(headers, limit, { remaining, resetMs }, nowMs) {
      headers['anthropic-ratelimit-tokens-limit'] = String(limit);
      headers['anthropic-ratelimit-tokens-remaining'] = String(remaining);
      headers['anthropic-ratelimit-tokens-reset'] = rfc3339(nowMs + resetMs);
    },
  },
};

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
