import { fewestSamples, mostSeen, upperBound } from './binomial.ts';
import { type Classes, type ScoredSample, type Wanted, plainBetween } from './sample.ts';

/** What a way to decide did to samples. */
export interface Measured {
  /** The part of the harmful ones that was found. */
  readonly recall: number;
  /** The part of the safe ones that was treated as found, and what it may be at most. */
  readonly falseBlock: number;
  readonly falseBlockBound: number;
  /** The part of all that was decided as labelled, in the mix of the samples. */
  readonly accuracy: number;
}

export function measure(
  { safe, harmful }: Classes,
  isFound: (one: ScoredSample) => boolean,
  confidence: number,
): Measured {
  const blocked = safe.filter(isFound).length;
  const found = harmful.filter(isFound).length;
  return {
    recall: found / harmful.length,
    falseBlock: blocked / safe.length,
    falseBlockBound: upperBound(blocked, safe.length, confidence),
    accuracy: (found + safe.length - blocked) / (safe.length + harmful.length),
  };
}

/** From which score on a text counts. */
export function measureThreshold(classes: Classes, threshold: number, confidence: number): Measured {
  return measure(classes, ({ score }) => score >= threshold, confidence);
}

/**
 * The lowest threshold that blocks surely not more of the safe texts than is wanted; half-way to the next score, where
 * there is room.
 *
 * As many of the safe samples may be above it as leave the bound of Clopper and Pearson at the wanted rate. Which samples
 * these are is decided by their order alone, so that the bound holds for the threshold that was chosen by it: the share
 * of all safe texts above the (k+1)-th highest of n samples is distributed as Beta(k+1, n−k), whatever the scores are
 * (Wilks 1941, https://doi.org/10.1214/aoms/1177731788).
 * @throws RangeError where there are too few safe samples, or too many of them have the highest score
 */
export function chooseThreshold(
  classes: Classes,
  { falseBlock, confidence }: Pick<Wanted, 'falseBlock' | 'confidence'>,
): number {
  const most = mostBlocked(classes, falseBlock, confidence);
  const threshold = thresholdAbove(classes.safe, most, [...classes.safe, ...classes.harmful], ({ score }) => score);
  if (threshold === undefined) throw tooAlike(most + 1);
  return threshold;
}

/** How many safe samples may be blocked. @throws RangeError where even none would not be enough to be sure */
export function mostBlocked({ safe }: Classes, rate: number, confidence: number): number {
  const most = mostSeen(safe.length, rate, confidence);
  if (most >= 0) return most;
  const fewest = fewestSamples(rate, confidence);
  throw new RangeError(
    `to be ${percent(confidence)} sure of a false-block rate of at most ${percent(rate)} it needs at least ${fewest} safe samples, and there are ${safe.length}`,
  );
}

export function tooAlike(count: number): RangeError {
  return new RangeError(
    `no threshold blocks so few: the ${count} highest scores of safe samples are the highest that there is; this guard cannot tell them from harmful ones`,
  );
}

/**
 * Above which so many of some samples are at most.
 * @param all among whose scores it stands
 * @returns undefined where none up to 1 is
 */
export function thresholdAbove(
  samples: readonly ScoredSample[],
  most: number,
  all: readonly ScoredSample[],
  scoreOf: (one: ScoredSample) => number,
): number | undefined {
  const scores = Float64Array.from(samples, scoreOf).toSorted();
  const cut = scores[scores.length - 1 - most] ?? -1;
  if (cut >= 1) return undefined;
  return plainBetween(cut, nextAbove(all.map(scoreOf), cut));
}

/** The lowest of some scores that is above one; 1 where none is. */
export function nextAbove(scores: readonly number[], than: number): number {
  return scores.reduce((next, score) => (score > than && score < next ? score : next), 1);
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
