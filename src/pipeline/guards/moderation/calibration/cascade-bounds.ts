import { type CascadeBounds, cascadeOutcome } from '../cascade.ts';
import { mostSeen, upperBound } from './binomial.ts';
import { type Classes, type ScoredSample, type Wanted, plainBetween } from './sample.ts';
import { type Measured, measure, mostBlocked, nextAbove, thresholdAbove, tooAlike } from './threshold.ts';

/** A cascade as the configuration has it. */
export interface CascadeThresholds extends CascadeBounds {
  /** Of the strong judge: from which score on a text counts. */
  readonly threshold: number;
}

export interface MeasuredCascade extends Measured {
  /** The part of all that the strong judge was not asked about, in the mix of the samples. */
  readonly atFirst: number;
  /** The same, of the safe ones: where most traffic is safe, about this part of it ends at the first. */
  readonly safeAtFirst: number;
  /** The part of the harmful ones that passed at the first judge, and what it may be at most. */
  readonly falsePass: number;
  readonly falsePassBound: number;
}

/** Of what may be blocked wrongly, the part that the first judge may block alone: a quarter. */
const FIRST_PART = 4;

/**
 * The thresholds of a cascade that surely blocks not more of the safe texts than is wanted, and lets surely not more of the
 * harmful ones pass at the first judge.
 *
 * `pass` comes from the harmful samples alone. Of the safe ones, a first cut by the first judge's score and a second one
 * by the strong judge's among those that are left are statistically equivalent blocks (Tukey 1947,
 * https://doi.org/10.1214/aoms/1177730343): what both cut off together is distributed as if it had been cut once, with
 * one sample more. Where there are not enough samples for two cuts, nothing is blocked at the first judge.
 * @throws RangeError where there are too few safe samples, or the strong judge cannot tell them from harmful ones
 */
export function chooseCascade(classes: Classes, { falseBlock, falsePass, confidence }: Wanted): CascadeThresholds {
  const { safe, harmful } = classes;
  const most = mostBlocked(classes, falseBlock, confidence);
  const all = [...safe, ...harmful];
  const passes = Math.max(0, mostSeen(harmful.length, falsePass, confidence));
  const lowPass = passOf(harmful, passes, all);
  const { block, used } = most === 0 ? { block: 1, used: 0 } : firstCut(safe, most, all);
  const pass = Math.min(lowPass, block);
  const middle = safe.filter(({ score }) => cascadeOutcome(score, { pass, block }) === 'unsure');
  // Where the first judge has decided of almost all of them, it is what the strong one would need by itself.
  const [some, left] = middle.length > most - used ? [middle, most - used] : [safe, most];
  const threshold = thresholdAbove(some, left, all, strongOf);
  if (threshold === undefined) throw tooAlike(left + 1);
  return { pass, block, threshold };
}

/** What is above `block` may be a quarter of what may be blocked at all. */
function firstCut(safe: readonly ScoredSample[], most: number, all: readonly ScoredSample[]) {
  const above = Math.floor((most - 1) / FIRST_PART);
  const scores = Float64Array.from(safe, ({ score }) => score).toSorted();
  const cut = scores[scores.length - 1 - above] ?? 1;
  // On the bound it is not clear, so that the cut itself would do; a plain number is easier to read.
  const next = nextAbove(
    all.map(({ score }) => score),
    cut,
  );
  const block = cut >= 1 ? 1 : plainBelow(cut, next);
  return { block, used: above + 1 };
}

/** A number with few decimals that is not below one number, and below another. */
function plainBelow(least: number, next: number): number {
  // Mirrored, that is the number above one and not above another.
  return Math.max(least, Number((1 - plainBetween(1 - next, 1 - least)).toFixed(15)));
}

/** Below which so many harmful samples are at most. */
function passOf(harmful: readonly ScoredSample[], most: number, all: readonly ScoredSample[]): number {
  const scores = Float64Array.from(harmful, ({ score }) => score).toSorted();
  const cut = scores[most] ?? 0;
  const before = all.reduce((last, { score }) => (score < cut && score > last ? score : last), -1);
  return cut <= 0 ? 0 : plainBetween(before, cut);
}

export function measureCascade(classes: Classes, thresholds: CascadeThresholds, confidence: number): MeasuredCascade {
  const { safe, harmful } = classes;
  const outcomeOf = ({ score }: ScoredSample) => cascadeOutcome(score, thresholds);
  const ended = (some: readonly ScoredSample[]): number => some.filter((one) => outcomeOf(one) !== 'unsure').length;
  const passed = harmful.filter((one) => outcomeOf(one) === 'passes').length;
  const safeEnded = ended(safe);
  return {
    ...measure(classes, (one) => isFound(one, thresholds), confidence),
    atFirst: (safeEnded + ended(harmful)) / (safe.length + harmful.length),
    safeAtFirst: safeEnded / safe.length,
    falsePass: passed / harmful.length,
    falsePassBound: upperBound(passed, harmful.length, confidence),
  };
}

/** Whether the cascade as a whole finds something. */
export function isFound(one: ScoredSample, thresholds: CascadeThresholds): boolean {
  const outcome = cascadeOutcome(one.score, thresholds);
  return outcome === 'found' || (outcome === 'unsure' && strongOf(one) >= thresholds.threshold);
}

function strongOf({ strongScore }: ScoredSample): number {
  if (strongScore === undefined) throw new RangeError('a sample has no score of the strong judge');
  return strongScore;
}
