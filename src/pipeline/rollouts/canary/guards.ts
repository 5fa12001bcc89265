import { type Comparison, type Interval, type Stratum, compare, intervalOf } from '../statistics/compare.ts';
import { type ArmMetric, isMoreBetter } from '../statistics/moments.ts';
import type { Guard } from './canary.ts';

/**
 * `violated`: the candidate is surely worse, and most likely by more than is tolerated. `suspicious`: it looks so, and
 * is not sure. `cleared`: it is surely not worse by more than is tolerated. `open`: neither.
 */
type GuardStanding = 'violated' | 'suspicious' | 'cleared' | 'open';

export interface GuardView {
  readonly metric: ArmMetric;
  readonly tolerance: number;
  readonly standing: GuardStanding;
  /** How much worse the candidate is, on the tolerance's scale; below 0 where it is better, undefined where unknown. */
  readonly harm: number | undefined;
  /** The logarithm of the evidence that it is worse at all. */
  readonly evidence: number;
  /** From which evidence on it is sure. */
  readonly needed: number;
  /** Whether there are values enough to say anything. */
  readonly hasEnough: boolean;
  /** Whether there is a single one, in either arm. */
  readonly hasValues: boolean;
  readonly isUsual: boolean;
}

/**
 * How alpha is shared out. What few requests tell has more of it: an error rate has every request to go by, and
 * feedback one in twenty of them or less.
 */
const SHARES: Readonly<Record<ArmMetric, number>> = { errors: 1, latency: 1, ttft: 1, cost: 1, judge: 2, feedback: 4 };

/** ln 4: a candidate that is no worse looks so with a probability of at most a quarter, in all of its time. */
const SUSPICION = Math.log(4);

/**
 * How each guard stands. The probability that any is ever violated where the candidate is not worse is at most
 * `alpha`; that one is ever cleared which is worse by more than the tolerance, at most `alpha` for that one, and so for
 * all of them together, since all have to be cleared.
 */
export function guardViews(guards: readonly Guard[], strata: readonly Stratum[], alpha: number): GuardView[] {
  return guards.map((guard) => viewOf(guard, strata, { own: ownAlpha(guard, guards, alpha), all: alpha }));
}

/**
 * For each guard within which the harm lies, at any look, at the level at which it is called sure; undefined where too
 * little is known. It takes far longer than to see how a guard stands, and nothing is decided by it.
 */
export function harmIntervals(
  guards: readonly Guard[],
  strata: readonly Stratum[],
  alpha: number,
): readonly (Interval | undefined)[] {
  return guards.map((guard) => {
    const { metric } = guard;
    const interval = intervalOf(compare(metric, strata, 'relative'), ownAlpha(guard, guards, alpha));
    return interval && isMoreBetter(metric) ? [-interval[1], -interval[0]] : interval;
  });
}

function ownAlpha({ metric }: Guard, guards: readonly Guard[], alpha: number): number {
  const shares = guards.reduce((sum, { metric: one }) => sum + SHARES[one], 0);
  return (alpha * SHARES[metric]) / shares;
}

interface Levels {
  readonly own: number;
  readonly all: number;
}

function viewOf({ metric, tolerance, isUsual }: Guard, strata: readonly Stratum[], levels: Levels): GuardView {
  const comparison = compare(metric, strata, 'relative');
  const worse = isMoreBetter(metric) ? -1 : 1;
  const harm = comparison.estimate === undefined ? undefined : worse * comparison.estimate;
  const evidence = comparison.evidence(worse > 0 ? 'above' : 'below', 0, levels.own);
  const needed = Math.log(1 / levels.own);
  const standing = standingOf({ comparison, tolerance, harm, evidence, needed, worse, alpha: levels.all });
  const hasValues = strata.some(({ candidate, control }) => candidate[metric].n + control[metric].n > 0);
  const { hasEnough } = comparison;
  return { metric, tolerance, standing, harm, evidence, needed, hasEnough, hasValues, isUsual: isUsual === true };
}

interface Seen {
  readonly comparison: Comparison;
  readonly tolerance: number;
  readonly harm: number | undefined;
  readonly evidence: number;
  readonly needed: number;
  readonly worse: 1 | -1;
  readonly alpha: number;
}

function standingOf({ comparison, tolerance, harm, evidence, needed, worse, alpha }: Seen): GuardStanding {
  if (harm === undefined || !comparison.hasEnough) return 'open';
  if (harm > tolerance && evidence >= needed) return 'violated';
  if (harm > tolerance) return evidence >= SUSPICION ? 'suspicious' : 'open';
  const bearable = comparison.evidence(worse > 0 ? 'below' : 'above', worse * tolerance, alpha);
  return bearable >= Math.log(1 / alpha) ? 'cleared' : 'open';
}
