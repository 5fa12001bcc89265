import { type JsonObject, isJsonObject } from '../../core/json.ts';

/** Numbers by name that are added up over pairs, and over replicas. */
export interface Sums {
  [name: string]: number | Sums;
}

/** @param more what is no sum in it counts for nothing: stored ones may be of another version */
export function addTo(sums: Sums, more: Sums | JsonObject): void {
  for (const [name, value] of Object.entries(more)) {
    if (typeof value === 'number') sums[name] = sumAt(sums, name) + value;
    else if (isJsonObject(value)) addTo(within(sums, name), value);
  }
}

function within(sums: Sums, name: string): Sums {
  const known = sums[name];
  if (typeof known === 'object') return known;
  const made: Sums = {};
  sums[name] = made;
  return made;
}

/** What stands there; 0 where nothing does. */
export function sumAt(sums: Sums, ...path: readonly string[]): number {
  let at: number | Sums | undefined = sums;
  for (const name of path) at = typeof at === 'object' ? at[name] : undefined;
  return typeof at === 'number' ? at : 0;
}

/** The sums under a name; empty where there are none. */
export function sumsAt(sums: Sums, name: string): Sums {
  const found = sums[name];
  return typeof found === 'object' ? found : {};
}

/** What a mean and its spread are made of. */
export function spread(value: number): Sums {
  return { n: 1, sum: value, squares: value * value };
}

/** Bins are a twentieth wide each way, so that a quantile is that exact. */
const WIDTH = Math.log(1.1);
const SHORTEST_MS = 0.1;
const LONGEST_MS = 3_600_000;

/** A time as the bin that it falls into. */
export function binned(ms: number): Sums {
  const bounded = Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS);
  return { [Math.floor(Math.log(bounded) / WIDTH)]: 1 };
}

/** Milliseconds; undefined of none. */
export function quantileOf(bins: Sums, share: number): number | undefined {
  const sorted = Object.entries(bins)
    .flatMap(([bin, count]) => (typeof count === 'number' ? [[Number(bin), count] as const] : []))
    .toSorted(([a], [b]) => a - b);
  const all = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return undefined;
  let left = share * all;
  for (const [bin, count] of sorted) {
    left -= count;
    if (left <= 0) return Math.exp((bin + 0.5) * WIDTH);
  }
  return undefined;
}
