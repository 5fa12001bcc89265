import type { BudgetClaim, Claim } from './ledger.ts';

/**
 * What share of the way from `least` to `amount` all budgets have room for, 0 to 1: the same for all, since an answer
 * has one length.
 * @param room of a budget, at least its `least`
 */
export function portionOf(claims: readonly Claim[], room: (claim: BudgetClaim, at: number) => number): number {
  let portion = 1;
  for (let at = 0; at < claims.length; at += 1) {
    const claim = claims[at] as Claim;
    if (claim.kind !== 'budget' || !claim.hard || claim.least === undefined) continue;
    const left = room(claim, at);
    if (claim.amount <= left || claim.amount <= claim.least) continue;
    portion = Math.min(portion, (left - claim.least) / (claim.amount - claim.least));
  }
  return portion;
}

/** What a claim takes: of a place, one. */
export function grantOf(claim: Claim, portion: number): number {
  if (claim.kind === 'concurrency') return 1;
  const { amount } = claim;
  if (claim.kind === 'rate' || claim.least === undefined || portion >= 1) return amount;
  return claim.least + Math.floor((amount - claim.least) * portion);
}
