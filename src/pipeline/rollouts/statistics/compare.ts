import { crossing } from './functions.ts';
import {
  type Claim,
  type MeanRules,
  type Means,
  alikeIn,
  hasEnough,
  meanDifference,
  meanEvidence,
  meanFactor,
} from './means.ts';
import type { ArmMetric, ArmSums, Measure, Moments } from './moments.ts';
import { type Count, type Proportions, proportionDifference, proportionEvidence, swapped } from './proportions.ts';

/** Two arms over a time in which their shares did not change. */
export interface Stratum {
  readonly candidate: ArmSums;
  readonly control: ArmSums;
}

/** How effects are told: a difference (0.01 is a point), or a part of the control (0.25 is a quarter more). */
export type Scale = 'points' | 'relative';

/** From the lower to the upper end of what an effect may be. */
export type Interval = readonly [lower: number, upper: number];

/** A metric of two arms. Effects are the candidate's less the control's, or that as a part of the control's. */
export interface Comparison {
  readonly metric: ArmMetric;
  readonly scale: Scale;
  /** Undefined where there is nothing to compare. */
  readonly estimate: number | undefined;
  /** False where there are too few values to say how sure anything is; evidence is then 0. */
  readonly hasEnough: boolean;
  /** The logarithm of an e-value for the effect being above, or below, a value. */
  evidence(side: 'above' | 'below', than: number, alpha: number): number;
}

/** Skewed costs need more of them than others; scores are few, and so are sharpest at few. */
const RULES: Readonly<Record<Measure, MeanRules>> = {
  cost: { least: 100, isScore: false, sharpestAt: 200 },
  latency: { least: 20, isScore: false, sharpestAt: 100 },
  ttft: { least: 20, isScore: false, sharpestAt: 100 },
  feedback: { least: 20, isScore: true, sharpestAt: 100 },
  judge: { least: 20, isScore: true, sharpestAt: 100 },
};

/** @param scale of scores; errors are always told in points, and what is counted in money or time as a part */
export function compare(metric: ArmMetric, strata: readonly Stratum[], scale: Scale): Comparison {
  if (metric === 'errors') return compareErrors(strata);
  if (metric === 'feedback' || metric === 'judge') return compareMeans(metric, strata, scale);
  return compareMeans(metric, strata, 'relative');
}

/**
 * What the effect may be: outside of it, on each side, with a probability of at most `alphaEach`, however often one
 * looks. Undefined where there are too few values.
 */
export function intervalOf(comparison: Comparison, alphaEach: number): Interval | undefined {
  if (!comparison.hasEnough) return undefined;
  const least = Math.log(1 / alphaEach);
  const { scale } = comparison;
  const end = (side: 'above' | 'below', sign: 1 | -1): number => {
    const at = (x: number): number => sign * comparison.evidence(side, effectAt(scale, x), alphaEach);
    const [from, to] = RANGES[scale];
    return effectAt(scale, crossing(at, sign * least, from, to));
  };
  return [end('above', -1), end('below', 1)];
}

/** Where effects are looked for; of parts in natural logarithms, from a thousandth to a thousand times. */
const RANGES: Readonly<Record<Scale, Interval>> = { points: [-1, 1], relative: [-7, 7] };

function effectAt(scale: Scale, x: number): number {
  return scale === 'points' ? x : Math.expm1(x);
}

function compareErrors(strata: readonly Stratum[]): Comparison {
  const means = meansOf('errors', strata);
  const alike = alikeIn(means);
  const count = ({ n, sum }: Moments): Count => ({ n: n / alike, hits: sum / alike });
  const counts = means.map(({ candidate, control }): Proportions => ({
    candidate: count(candidate),
    control: count(control),
  }));
  const mirrored = swapped(counts);
  const estimate = known(proportionDifference(counts));
  return {
    metric: 'errors',
    scale: 'points',
    estimate,
    hasEnough: estimate !== undefined,
    evidence: (side, than) =>
      side === 'above' ? proportionEvidence(counts, than) : proportionEvidence(mirrored, -than),
  };
}

function compareMeans(metric: Measure, strata: readonly Stratum[], scale: Scale): Comparison {
  const means = meansOf(metric, strata);
  const mirrored = means.map(({ candidate, control }): Means => ({ candidate: control, control: candidate }));
  const rules = RULES[metric];
  const alike = alikeIn(means);
  return {
    metric,
    scale,
    estimate: known(estimateOf(metric, means, scale)),
    hasEnough: hasEnough(means, rules),
    evidence: (side, than, alpha) => {
      const claim = claimOf(metric, scale, than);
      return side === 'above'
        ? meanEvidence(means, claim, { rules, alpha, alike })
        : meanEvidence(mirrored, opposite(claim), { rules, alpha, alike });
    },
  };
}

function meansOf(metric: ArmMetric, strata: readonly Stratum[]): Means[] {
  return strata.map(({ candidate, control }) => ({ candidate: candidate[metric], control: control[metric] }));
}

function estimateOf(metric: Measure, means: readonly Means[], scale: Scale): number {
  if (isLogarithmic(metric)) return Math.expm1(meanDifference(means, { factor: 1, by: 0 }));
  return scale === 'points' ? meanDifference(means, { factor: 1, by: 0 }) : meanFactor(means) - 1;
}

/** That the effect is above a value, said of the means. */
function claimOf(metric: Measure, scale: Scale, than: number): Claim {
  if (scale === 'points') return { factor: 1, by: than };
  return isLogarithmic(metric) ? { factor: 1, by: Math.log1p(than) } : { factor: 1 + than, by: 0 };
}

/** What the control's mean is above where the candidate's is below the claim. */
function opposite({ factor, by }: Claim): Claim {
  return { factor: 1 / factor, by: -by / factor };
}

/** Times are kept as logarithms, so that a difference is a factor. */
function isLogarithmic(metric: Measure): boolean {
  return metric === 'latency' || metric === 'ttft';
}

function known(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
