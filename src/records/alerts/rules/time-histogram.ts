/** Eight to a doubling, from 1 ms to 17 minutes: a value is known to 9 %. */
const PER_DOUBLING = 8;
const BINS = 20 * PER_DOUBLING + 1;

/** How often times were how long, in memory that does not grow. */
export type TimeHistogram = Uint32Array;

export function newHistogram(): TimeHistogram {
  return new Uint32Array(BINS);
}

export function countTime(histogram: TimeHistogram, ms: number): void {
  const bin = ms < 1 ? 0 : Math.min(BINS - 1, 1 + Math.floor(Math.log2(ms) * PER_DOUBLING));
  histogram[bin] = (histogram[bin] as number) + 1;
}

export function addHistogram(sum: TimeHistogram, more: TimeHistogram): void {
  for (let bin = 0; bin < BINS; bin += 1) sum[bin] = (sum[bin] as number) + (more[bin] as number);
}

export function countOf(histogram: TimeHistogram): number {
  return histogram.reduce((sum, count) => sum + count, 0);
}

/** The time that so many of all do not exceed, milliseconds; undefined where there are none. */
export function quantileOf(histogram: TimeHistogram, quantile: number): number | undefined {
  const wanted = quantile * countOf(histogram);
  if (wanted === 0) return undefined;
  let below = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const count = histogram[bin] as number;
    if (below + count >= wanted) return bin === 0 ? 1 : 2 ** ((bin - 1 + (wanted - below) / count) / PER_DOUBLING);
    below += count;
  }
  return undefined;
}
