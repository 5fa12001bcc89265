import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { LimitRule, LimitUnit } from '../rules/limit-rules.ts';
import type { MatchedBudget } from '../rules/rule-book.ts';

const LIMIT_CODES = {
  requests: 'limit_requests',
  tokens: 'limit_tokens',
  concurrency: 'limit_concurrency',
} as const satisfies Record<LimitUnit, string>;

/** How long a place is taken nobody knows; SDKs wait longer each time. */
const PLACE_RETRY_MS = 1000;

export function limitExceeded(
  { unit, text }: Pick<LimitRule, 'unit' | 'text'>,
  retryAfterMs: number | undefined,
  headers: Readonly<Record<string, string>>,
): GatewayError {
  const waitMs = Math.max(1, Math.ceil(retryAfterMs ?? PLACE_RETRY_MS));
  const when = unit === 'concurrency' ? 'when another one has ended' : `in ${waitMs / 1000} s`;
  return new GatewayError(LIMIT_CODES[unit], {
    message: `The limit of ${text} has no room for this request. Send it again ${when}.`,
    retryAfterMs: waitMs,
    headers: { ...headers, 'retry-after-ms': String(waitMs) },
  });
}

/** @param refusing the budgets, of which at least one has not enough left */
export function budgetExhausted(refusing: readonly MatchedBudget[], nowMs: number): GatewayError {
  const [first] = refusing;
  const resets = refusing.map(({ rule }) => rule.period(nowMs).endsAt).filter((endsAt) => endsAt !== undefined);
  const resetsAt = Math.min(...resets);
  const budget = first?.rule.budget;
  const whose = budget ? `per ${budget.per}${budget.subject === undefined ? '' : ` (${budget.subject})`}` : '';
  const anew = Number.isFinite(resetsAt) ? ` It begins anew at ${new Date(resetsAt).toISOString()}.` : '';
  return new GatewayError('budget_exhausted', {
    message: `The ${periodWord(budget?.period)}budget ${whose} has not enough left for this request.${anew}`,
    ...(budget?.paymentRequired ? { status: 402 } : {}),
    ...(Number.isFinite(resetsAt) ? { retryAfterMs: Math.max(1, resetsAt - nowMs) } : {}),
  });
}

function periodWord(period: string | undefined): string {
  const words: Readonly<Record<string, string>> = { day: 'daily ', week: 'weekly ', month: 'monthly ' };
  return words[period ?? ''] ?? '';
}

export function costUnbounded(call: Call): GatewayError {
  const target = call.assignment?.targets[0];
  const what = target ? `of ${target.provider}/${target.model} ` : '';
  return new GatewayError('cost_unbounded', {
    message:
      `A hard budget is in force, and nothing bounds what this request ${what}may cost: its price is not known here, or ` +
      'it asks for something without an end. Ask the operator for a price, or for a soft budget.',
  });
}
