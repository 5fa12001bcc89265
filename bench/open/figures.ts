import type { RecordableHistogram } from 'node:perf_hooks';

import type { Spread } from '../spread.ts';

/** Of a distribution, in milliseconds; NaN of nothing. */
export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Of a histogram of microseconds. */
export function quantilesOf(histogram: RecordableHistogram): Quantiles {
  const count = histogram.count;
  const ms = (share: number): number => (count === 0 ? Number.NaN : histogram.percentile(share) / 1000);
  return { count, p50: ms(50), p90: ms(90), p99: ms(99), max: count === 0 ? Number.NaN : histogram.max / 1000 };
}

/** A histogram takes whole numbers from 1 on; before its time is on time. */
export function recordMs(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * 1000)));
}

export function spreadText({ median: middle, least, most }: Spread, digits = 2): string {
  return `${middle.toFixed(digits)} (${least.toFixed(digits)} – ${most.toFixed(digits)})`;
}
