import { logBeta } from './functions.ts';

/** How often something happened, in both arms, over a time in which the shares of the arms did not change. */
export interface Proportions {
  readonly candidate: Count;
  readonly control: Count;
}

export interface Count {
  readonly n: number;
  readonly hits: number;
}

/** What is thought of a rate before anything is known: rare, and not sure of it. Shape parameters of a beta distribution. */
const FIRST = { hits: 0.5, misses: 20 };
/** Of how many requests of the earlier strata a guess is made for the next: enough to help, and soon outweighed. */
const REMEMBERED = 500;
const HALVINGS = 40;

/**
 * Evidence that the candidate's rate is more than `by` above the control's: the logarithm of an e-value that holds at
 * any peek, exactly, for counts of any size and arms of any share. Where the rate is not higher by more than that in
 * any stratum, it exceeds ln(1/α) at some time with a probability of at most α.
 *
 * In each stratum it is the probability of the counts by a guess that was made before the stratum began (a beta
 * mixture around what the earlier strata showed), over the highest probability that any rates within the hypothesis
 * give them (universal inference); strata multiply. Rates may differ between strata.
 */
export function proportionEvidence(strata: readonly Proportions[], by: number): number {
  const seen = { candidate: { n: 0, hits: 0 }, control: { n: 0, hits: 0 } };
  let evidence = 0;
  for (const { candidate, control } of strata) {
    evidence += logMixture(candidate, seen.candidate) + logMixture(control, seen.control);
    evidence -= likeliest(candidate, control, by);
    seen.candidate = plus(seen.candidate, candidate);
    seen.control = plus(seen.control, control);
  }
  return evidence;
}

/** The difference of the rates, each stratum weighted by what it tells; NaN where none tells anything. */
export function proportionDifference(strata: readonly Proportions[]): number {
  let [sum, weights] = [0, 0];
  for (const { candidate, control } of strata) {
    if (candidate.n === 0 || control.n === 0) continue;
    const weight = (candidate.n * control.n) / (candidate.n + control.n);
    sum += weight * (candidate.hits / candidate.n - control.hits / control.n);
    weights += weight;
  }
  return sum / weights;
}

/** The same data seen from the other side. */
export function swapped(strata: readonly Proportions[]): Proportions[] {
  return strata.map(({ candidate, control }) => ({ candidate: control, control: candidate }));
}

function plus(one: Count, other: Count): Count {
  return { n: one.n + other.n, hits: one.hits + other.hits };
}

function logMixture({ n, hits }: Count, seen: Count): number {
  const weight = seen.n > REMEMBERED ? REMEMBERED / seen.n : 1;
  const a = FIRST.hits + weight * seen.hits;
  const b = FIRST.misses + weight * (seen.n - seen.hits);
  return logBeta(a + hits, b + n - hits) - logBeta(a, b);
}

/** The highest log-likelihood of both counts where the candidate's rate is at most `by` above the control's. */
function likeliest(candidate: Count, control: Count, by: number): number {
  const free = { candidate: rateOf(candidate, 0), control: rateOf(control, 1) };
  if (free.candidate <= free.control + by) {
    return logLikelihood(candidate, free.candidate) + logLikelihood(control, free.control);
  }
  // The best is where the hypothesis ends. There the sum is a concave function of the control's rate.
  let [low, high] = [Math.max(0, -by), Math.min(1, 1 - by)];
  for (let step = 0; step < HALVINGS; step += 1) {
    const rate = (low + high) / 2;
    if (slope(candidate, rate + by) + slope(control, rate) > 0) low = rate;
    else high = rate;
  }
  const rate = (low + high) / 2;
  return logLikelihood(candidate, rate + by) + logLikelihood(control, rate);
}

/** @param ofNone what suits the hypothesis best where nothing was seen */
function rateOf({ n, hits }: Count, ofNone: number): number {
  return n === 0 ? ofNone : hits / n;
}

function logLikelihood({ n, hits }: Count, rate: number): number {
  return times(hits, Math.log(rate)) + times(n - hits, Math.log1p(-rate));
}

function slope({ n, hits }: Count, rate: number): number {
  return times(hits, 1 / rate) - times(n - hits, 1 / (1 - rate));
}

/** Nothing of something endless is nothing. */
function times(count: number, value: number): number {
  return count === 0 ? 0 : count * value;
}
