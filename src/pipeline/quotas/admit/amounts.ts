import type { Amounts } from '../bounds/attempt-bound.ts';
import type { BudgetUnit } from '../budgets/counter-key.ts';

export function amountIn(unit: BudgetUnit, { tokens, nanoUsd }: Amounts): number | undefined {
  return unit === 'usd' ? nanoUsd : tokens;
}

/** So many times as much. */
export function timesOf({ tokens, nanoUsd }: Amounts, factor: number): Amounts {
  return {
    tokens: tokens === undefined ? undefined : tokens * factor,
    nanoUsd: nanoUsd === undefined ? undefined : nanoUsd * factor,
  };
}
