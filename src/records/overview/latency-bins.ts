/**
 * Times by bins that grow as the times do, eight to a doubling, so that a percentile is known to within 4.5 % whatever
 * it is, from some dozens of counts. The first bin is of all that is below 1/16 ms, the last one of all from 70 minutes
 * on; within these a time is told as the geometric middle of its bin, which is off by 2^(1/16) at most.
 */
const PER_DOUBLING = 8;
/** log2 of the least and the most that have bins of their own, milliseconds. */
const LEAST = -4;
const MOST = 22;
const LAST = (MOST - LEAST) * PER_DOUBLING + 1;

/** How far a percentile may be from the exact one, as a part of that. */
export const RELATIVE_ERROR = 0.045;

/** Counts by bin; those that are not there are 0. */
export type Bins = ReadonlyMap<number, number>;

export function binOf(ms: number): number {
  const bin = Math.floor((Math.log2(ms) - LEAST) * PER_DOUBLING) + 1;
  // Of 0 the logarithm is -Infinity.
  return Math.min(Math.max(bin, 0), LAST);
}

/** What a time in the bin is told as, milliseconds. */
function middleOf(bin: number): number {
  if (bin <= 0) return 2 ** LEAST;
  if (bin >= LAST) return 2 ** MOST;
  return 2 ** (LEAST + (bin - 0.5) / PER_DOUBLING);
}

export function addBin(into: Map<number, number>, bin: number, count = 1): void {
  into.set(bin, (into.get(bin) ?? 0) + count);
}

export function addBins(into: Map<number, number>, bins: Bins): void {
  for (const [bin, count] of bins) addBin(into, bin, count);
}

/**
 * By nearest rank, milliseconds.
 * @param shares ascending, above 0 and at most 1
 * @returns one for each share; null where there is nothing
 */
export function percentilesOf(bins: Bins, shares: readonly number[]): (number | null)[] {
  const inOrder = [...bins].toSorted(([a], [b]) => a - b);
  const all = inOrder.reduce((sum, [, count]) => sum + count, 0);
  if (all <= 0) return shares.map(() => null);
  let at = 0;
  let below = inOrder[0]?.[1] ?? 0;
  return shares.map((share) => {
    const rank = Math.max(1, Math.ceil(share * all));
    while (below < rank && at < inOrder.length - 1) below += inOrder[(at += 1)]?.[1] ?? 0;
    return rounded(middleOf(inOrder[at]?.[0] ?? 0));
  });
}

/** As many digits as mean something. */
function rounded(ms: number): number {
  return Number(ms.toPrecision(4));
}

/** As the database keeps them: the first bin, then the counts from it on. Undefined where there are none. */
export function packed(bins: Bins): string | undefined {
  if (bins.size === 0) return undefined;
  let [first, last] = [Infinity, -Infinity];
  for (const bin of bins.keys()) [first, last] = [Math.min(first, bin), Math.max(last, bin)];
  const counts = Array.from({ length: last - first + 1 }, (_, at) => bins.get(first + at) ?? 0);
  return `{${first},${counts.join(',')}}`;
}

/** As the statements of this room give them: `bin:count`, separated by spaces. */
export function readBins(text: string | null): Map<number, number> {
  const bins = new Map<number, number>();
  if (text === null) return bins;
  for (const one of text.split(' ')) {
    const colon = one.indexOf(':');
    bins.set(Number(one.slice(0, colon)), Number(one.slice(colon + 1)));
  }
  return bins;
}
