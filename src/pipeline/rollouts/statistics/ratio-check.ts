import { logGamma } from './functions.ts';

/** How many were drawn into each arm, over a time in which the planned weights did not change. */
export interface Draws {
  /** What the arms should get, by the sum of all; an arm with 0 should get none. */
  readonly weights: readonly number[];
  /**
   * What they got, in the same order: of what is drawn by the hash, each once. Where users stay with their arm these
   * are users, not requests: one user with a thousand requests is one draw.
   */
  readonly counts: readonly number[];
}

/** How sure a mismatch has to be: it is a fault of somebody's, so it may not be a false alarm. */
const ALPHA = 0.001;
/** How closely the shares that it looks for lie around the planned ones: as if that many had been seen before. */
const CONCENTRATION = 100;

/**
 * Evidence that the arms do not get what was planned: the logarithm of an e-value that holds at any peek, exactly.
 * A Dirichlet mixture of all shares against the planned ones (Lindon and Malek); periods multiply.
 */
export function mismatchEvidence(periods: readonly Draws[]): number {
  let evidence = 0;
  for (const period of periods) evidence += evidenceOf(period);
  return evidence;
}

/** Whether it is sure that the arms do not get what was planned. */
export function isMismatch(periods: readonly Draws[]): boolean {
  return mismatchEvidence(periods) >= Math.log(1 / ALPHA);
}

function evidenceOf({ weights, counts }: Draws): number {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let evidence = 0;
  let drawn = 0;
  for (const [arm, weight] of weights.entries()) {
    const count = counts[arm] ?? 0;
    const share = weight / all;
    if (count === 0) continue;
    // What cannot happen has happened.
    if (!(share > 0)) return Number.POSITIVE_INFINITY;
    drawn += count;
    const prior = CONCENTRATION * share;
    evidence += logGamma(prior + count) - logGamma(prior) - count * Math.log(share);
  }
  return evidence + logGamma(CONCENTRATION) - logGamma(CONCENTRATION + drawn);
}
