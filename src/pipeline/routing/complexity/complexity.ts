import type { Tier } from '../../../core/routing.ts';
import type { ComplexityQuestion } from './question.ts';

/** How demanding a request is, as one of the judges sees it. */
export interface Complexity {
  readonly tier: Tier;
  /** 0 (a small model does) to 1 (it needs the strongest). */
  readonly score: number;
  /** For people: what it was judged by, in a few words. */
  readonly reason: string;
  /** How long the judge took, milliseconds, where it asked somebody. */
  readonly latencyMs?: number;
  /** What it paid for that; undefined as well where the price is unknown. */
  readonly costNanoUsd?: number | undefined;
}

/** Says how demanding a request is. */
export interface ComplexityJudge {
  /** Undefined where it cannot say; the rules always can. Never throws. */
  judge(question: ComplexityQuestion): Complexity | Promise<Complexity | undefined>;
}

/** From which score on a request is of a tier. */
export interface TierThresholds {
  readonly medium: number;
  readonly complex: number;
  readonly reasoning: number;
}

export const USUAL_THRESHOLDS: TierThresholds = { medium: 0.25, complex: 0.5, reasoning: 0.75 };

/** @param thresholds those that are absent are the usual ones */
export function tierOf(score: number, thresholds: Partial<TierThresholds> = {}): Tier {
  const { medium, complex, reasoning } = { ...USUAL_THRESHOLDS, ...thresholds };
  if (score >= reasoning) return 'reasoning';
  if (score >= complex) return 'complex';
  return score >= medium ? 'medium' : 'simple';
}
