import type { Amounts } from '../bounds/attempt-bound.ts';
import type { BudgetUnit } from '../budgets/counter-key.ts';

export function amountIn(unit: BudgetUnit, { tokens, nanoUsd }: Amounts): number | undefined {
  return unit === 'usd' ? nanoUsd : tokens;
}

/** Where one of the two is not known, neither is the sum. */
export function plus(a: Amounts, b: Amounts): Amounts {
  return { tokens: sum(a.tokens, b.tokens), nanoUsd: sum(a.nanoUsd, b.nanoUsd) };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** What nothing bounds is the dearest. */
export function dearer(a: Amounts, b: Amounts): boolean {
  return (a.nanoUsd ?? Number.POSITIVE_INFINITY) > (b.nanoUsd ?? Number.POSITIVE_INFINITY);
}
