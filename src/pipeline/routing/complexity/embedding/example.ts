import type { Tier } from '../../../../core/routing.ts';

/** A request of which is known how the models did, from feedback or an evaluation. */
export interface Example {
  /** One of the same id takes its place. */
  readonly id: string;
  /** Of the encoder that made the vector. */
  readonly space: string;
  /** Of the question, with length 1. */
  readonly vector: Float32Array;
  /** What the rules saw of the question, as `featuresOf` has it. */
  readonly features: readonly number[];
  /** How good the small model's answer was, 0 to 1. */
  readonly smallOk?: number | undefined;
  /** How good the large model's was; where absent, as good as it usually is. */
  readonly largeOk?: number | undefined;
  /** Somebody's word, where nobody knows how the small model did. */
  readonly tier?: Tier | undefined;
}

/**
 * What is lost with the small model, of 1, that comes to a score of 1/2; three halves of the rest with as much again,
 * so that the usual thresholds of 0.25, 0.5 and 0.75 stand for 8, 20 and 40 of 100 answers.
 */
const HALF_LOSS = 0.2;

/** @param loss how much better the large model's answer is, of 1; below 0 where the small one's is better */
export function scoreOfLoss(loss: number): number {
  return loss <= 0 ? 0 : 1 - 2 ** (-loss / HALF_LOSS);
}

/** The other way round; 1 where there is no more to lose. */
export function lossOfScore(score: number): number {
  return Math.min(1, -HALF_LOSS * Math.log2(1 - score));
}

/** In the middle of each tier. */
const LOSS_OF_TIER: Readonly<Record<Tier, number>> = {
  simple: lossOfScore(0.125),
  medium: lossOfScore(0.375),
  complex: lossOfScore(0.625),
  reasoning: lossOfScore(0.875),
};

/** What the large model does well where nobody said how it did. */
const USUALLY_OK = 0.9;

/** How much is lost with the small model; undefined where the example does not say. */
export function lossOf({ smallOk, largeOk = USUALLY_OK, tier }: Example): number | undefined {
  const loss = smallOk === undefined ? tier && LOSS_OF_TIER[tier] : largeOk - smallOk;
  return loss !== undefined && Number.isFinite(loss) ? Math.min(1, Math.max(-1, loss)) : undefined;
}
