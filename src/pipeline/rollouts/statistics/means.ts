import { type Weighted, designEffect } from './design-effect.ts';
import { logNormalBelow } from './functions.ts';
import { type Moments, meanOf, spreadOf } from './moments.ts';

/** What was measured in both arms, over a time in which the shares of the arms did not change. */
export interface Means {
  readonly candidate: Moments;
  readonly control: Moments;
}

/** How values of a kind behave. */
export interface MeanRules {
  /** Values that are needed of each arm before anything is said. */
  readonly least: number;
  /** The values are scores from 0 to 1, most of them often the same. */
  readonly isScore: boolean;
  /** Effective pairs (n₁·n₂/(n₁+n₂)) at which evidence is sharpest. */
  readonly sharpestAt: number;
}

/** A claim: the candidate's mean is above `factor` times the control's, plus `by`. */
export interface Claim {
  readonly factor: number;
  readonly by: number;
}

/** How a claim is tested. */
export interface Testing {
  readonly rules: MeanRules;
  /** The level at which the evidence is to be as strong as can be. */
  readonly alpha: number;
  /** See `alikeIn`. */
  readonly alike: number;
}

/** Values of the other arm that stand in for an arm's own where it has few, when its variance is estimated. */
const BORROWED = 10;
/** No values vary less than this part of their mean: below it differences are those of rounding. */
const LEAST_VARIATION = 1e-6;

/**
 * Evidence for a claim: the logarithm of an e-value that holds at any peek, in the limit of many values. One-sided.
 *
 * Differences of the means are summed over the strata, each weighted by its effective number of pairs; where the
 * claim's opposite is true the sum behaves like a Brownian motion, whose clock is its variance. Robbins' mixture of
 * all possible effects bounds it at all times (Waudby-Smith et al., asymptotic confidence sequences).
 * @returns 0, which is evidence of nothing, where an arm has too few values
 */
export function meanEvidence(strata: readonly Means[], claim: Claim, { rules, alpha, alike }: Testing): number {
  if (!hasEnough(strata, rules)) return 0;
  const sums = contrast(strata, claim, alike);
  if (sums === undefined) return 0;
  const { difference, weight, variance } = sums;
  const perPair = variance / weight;
  const tau = rules.sharpestAt / sharpness(alpha);
  const scaled = difference / Math.sqrt(perPair);
  const clock = weight + tau;
  return (scaled * scaled) / (2 * clock) + Math.log(4 * (tau / clock)) / 2 + logNormalBelow(scaled / Math.sqrt(clock));
}

/** The candidate's mean less the claim's, each stratum weighted by its effective pairs; NaN where there are none. */
export function meanDifference(strata: readonly Means[], { factor, by }: Claim): number {
  let [sum, weights] = [0, 0];
  for (const { candidate, control } of comparable(strata)) {
    const weight = pairs(candidate, control);
    sum += weight * (meanOf(candidate) - factor * meanOf(control) - by);
    weights += weight;
  }
  return sum / weights;
}

/** At which of the control's means the candidate stands, as a factor; NaN where there is nothing to compare. */
export function meanFactor(strata: readonly Means[]): number {
  let [above, below] = [0, 0];
  for (const { candidate, control } of comparable(strata)) {
    const weight = pairs(candidate, control);
    above += weight * meanOf(candidate);
    below += weight * meanOf(control);
  }
  return above / below;
}

/** Whether both arms have as many values as the rules ask. */
export function hasEnough(strata: readonly Means[], { least, isScore }: MeanRules): boolean {
  const all = comparable(strata);
  let [candidates, controls, sum] = [0, 0, 0];
  for (const { candidate, control } of all) {
    candidates += candidate.n;
    controls += control.n;
    sum += candidate.sum + control.sum;
  }
  const fewest = Math.min(candidates, controls);
  if (fewest < least) return false;
  return !isScore || fewest >= LOPSIDED * lopsidedness(sum / (candidates + controls), candidates + controls);
}

/** How many values there must be for each unit of squared skewness: a few of both kinds, so that sums look normal. */
const LOPSIDED = 10;

/** The squared skewness of yes and no with that mean, of which one more of each is added. */
function lopsidedness(mean: number, n: number): number {
  const rate = (mean * n + 1) / (n + 2);
  return (1 - 2 * rate) ** 2 / (rate * (1 - rate));
}

interface Contrast {
  readonly difference: number;
  readonly weight: number;
  readonly variance: number;
}

function contrast(strata: readonly Means[], claim: Claim, alike: number): Contrast | undefined {
  const used = comparable(strata);
  const { candidate: own, control: others } = variances(used, claim.factor);
  let [difference, weight, variance] = [0, 0, 0];
  for (const { candidate, control } of used) {
    const w = pairs(candidate, control);
    difference += w * (meanOf(candidate) - claim.factor * meanOf(control) - claim.by);
    variance += w * w * (own / candidate.n + (claim.factor ** 2 * others) / control.n);
    weight += w;
  }
  if (!(weight > 0)) return undefined;
  return { difference, weight, variance: variance * alike };
}

/** How many values count as one, since those of one user are alike; at least 1. */
export function alikeIn(strata: readonly Means[]): number {
  const used = comparable(strata);
  const weighted = (arm: 'candidate' | 'control'): Weighted[] =>
    used.map((means) => ({ moments: means[arm], weight: pairs(means.candidate, means.control) }));
  return designEffect([weighted('candidate'), weighted('control')]);
}

/**
 * Of both arms, over all strata; each borrows a few values of the other, and counts as varying at least as the other
 * does. A few values can lack by chance the rare large one, or the rare no, and look far more certain than they are.
 */
function variances(strata: readonly Means[], factor: number): { candidate: number; control: number } {
  const own = within(strata.map(({ candidate }) => candidate));
  const others = within(strata.map(({ control }) => control));
  const scale = factor ** 2;
  const candidate = borrowing(own, scale * perDegree(others));
  const control = borrowing(others, perDegree(own) / scale);
  return { candidate: Math.max(candidate, control * scale), control: Math.max(control, candidate / scale) };
}

function borrowing({ spread, degrees, floor }: Spread, borrowed: number): number {
  return Math.max(floor, (spread + BORROWED * borrowed) / (degrees + BORROWED));
}

interface Spread {
  readonly spread: number;
  readonly degrees: number;
  readonly floor: number;
}

function within(parts: readonly Moments[]): Spread {
  let [spread, degrees, largest] = [0, 0, 0];
  for (const part of parts) {
    spread += spreadOf(part);
    degrees += part.n - 1;
    largest = Math.max(largest, Math.abs(meanOf(part)));
  }
  return { spread, degrees, floor: (LEAST_VARIATION * Math.max(largest, LEAST_VARIATION)) ** 2 };
}

function perDegree({ spread, degrees, floor }: Spread): number {
  return degrees > 0 ? Math.max(floor, spread / degrees) : floor;
}

function comparable(strata: readonly Means[]): Means[] {
  return strata.filter(({ candidate, control }) => candidate.n > 0 && control.n > 0);
}

function pairs(candidate: Moments, control: Moments): number {
  return (candidate.n * control.n) / (candidate.n + control.n);
}

/** By what the clock is divided so that the mixture is sharpest there, for a one-sided test at that level. */
function sharpness(alpha: number): number {
  const log = 2 * Math.log(1 / Math.min(0.5, 2 * alpha));
  return log + Math.log(1 + log) + 1;
}
