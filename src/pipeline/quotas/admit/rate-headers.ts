import type { Dialect } from '../../../core/call.ts';
import type { ClaimState } from '../ledger/ledger.ts';
import type { LimitRule } from '../rules/limit-rules.ts';

/** How one limit stands for a caller. */
export interface LimitState {
  readonly rule: Pick<LimitRule, 'unit' | 'limit'>;
  readonly state: Pick<ClaimState, 'remaining' | 'resetMs'>;
}

/**
 * How the caller's limits stand, in the form that its SDK reads: of requests and of tokens the one with the least left.
 * `remaining` is what may be used now, which a burst bounds; `reset` is when all of the burst may be used again.
 * Gemini's dialect has no such headers and gets OpenAI's.
 *
 * @see https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers (checked 2026-11-21)
 * @see https://docs.anthropic.com/en/api/rate-limits#response-headers (checked 2026-11-21)
 */
export function rateHeaders(dialect: Dialect, states: readonly LimitState[], nowMs: number): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const unit of ['requests', 'tokens'] as const) {
    const tightest = tightestOf(states, unit);
    if (!tightest) continue;
    const { rule, state } = tightest;
    if (dialect === 'anthropic') {
      headers[`anthropic-ratelimit-${unit}-limit`] = String(rule.limit);
      headers[`anthropic-ratelimit-${unit}-remaining`] = String(state.remaining);
      headers[`anthropic-ratelimit-${unit}-reset`] = rfc3339(nowMs + state.resetMs);
    } else {
      headers[`x-ratelimit-limit-${unit}`] = String(rule.limit);
      headers[`x-ratelimit-remaining-${unit}`] = String(state.remaining);
      headers[`x-ratelimit-reset-${unit}`] = goDuration(state.resetMs);
    }
  }
  return headers;
}

function tightestOf(states: readonly LimitState[], unit: 'requests' | 'tokens'): LimitState | undefined {
  let tightest: LimitState | undefined;
  for (const one of states) {
    if (one.rule.unit !== unit) continue;
    if (!tightest || one.state.remaining < tightest.state.remaining) tightest = one;
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
