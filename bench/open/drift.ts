import { median } from '../spread.ts';

/** One sample: when, and how much. */
export type Point = readonly [seconds: number, value: number];

/** How a level moves: of its middle, in ten minutes; 0.02 is 2 %. */
export interface Drift {
  readonly share: number;
  /** Between these the drift lies, with 95 %, were the samples independent. */
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

const TEN_MINUTES_S = 600;
/** Of a normal distribution, both sides together leave out 5 %. */
const Z_95 = 1.96;
/** The most that a flat level may move in ten minutes. */
export const MOST_DRIFT = 0.02;

/**
 * A straight line through the middle of all slopes between two samples, which single wild ones do not move, with the
 * interval that belongs to it.
 * @see Sen, Estimates of the regression coefficient based on Kendall's tau (1968)
 */
export function driftOf(points: readonly Point[]): Drift {
  const slopes = points
    .flatMap(([t1, v1], at) => points.slice(at + 1).map(([t2, v2]) => (v2 - v1) / (t2 - t1)))
    .toSorted((a, b) => a - b);
  const n = points.length;
  const reach = Z_95 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const slopeAt = (rank: number): number =>
    slopes[Math.min(Math.max(Math.round(rank), 0), slopes.length - 1)] ?? Number.NaN;
  const level = median(points.map(([, value]) => value));
  const share = (slope: number): number => (slope * TEN_MINUTES_S) / level;
  return {
    share: share(median(slopes)),
    low: share(slopeAt((slopes.length - reach) / 2)),
    high: share(slopeAt((slopes.length + reach) / 2)),
    level,
  };
}

/** It grows where it grows by more than is allowed and that is no accident of few samples. */
export function isFlat({ share, low }: Drift): boolean {
  return share <= MOST_DRIFT || low <= 0;
}
