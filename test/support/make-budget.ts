import type { Budget } from '../../src/pipeline/quotas/budgets/budget.ts';

/** A budget of one dollar a day of UTC for each user, made through the admin API. */
export function makeBudget(parts: Partial<Budget> = {}): Budget {
  return {
    id: 'daily',
    origin: 'admin',
    per: 'user',
    subject: undefined,
    nanoUsd: 1_000_000_000,
    tokens: undefined,
    period: 'day',
    timeZone: 'UTC',
    hard: false,
    alertAt: [0.5, 0.8, 1],
    degradeTo: undefined,
    atLimit: 'refuse',
    paymentRequired: false,
    maxOutputTokens: undefined,
    settleAborted: 'received',
    ...parts,
  };
}
