import type { Hit } from './look.ts';
import type { Sign } from './weights.ts';

/**
 * Signs count together where they stand in so many units of a text. A prompt that takes a model over is dense with them;
 * a long text that has one here and another pages later is none.
 */
export const WINDOW = 2000;

/** What a sign counts that is there so often: once 1, twice 1.5, four times and more 2. */
export function amount(count: number): number {
  return Math.min(2, 1 + Math.log2(count) / 2);
}

export type Counts = ReadonlyMap<Sign, number>;

/** How often each sign stands in the part of the text, no longer than a window, where they weigh most. */
export function densest(hits: readonly Hit[], weightOf: (sign: Sign) => number): Counts {
  const sorted = hits.toSorted((one, other) => one.start - other.start);
  const window = new Window(weightOf);
  let [best, bestSum] = [0, -1];
  let first = 0;
  for (const [at, hit] of sorted.entries()) {
    while ((sorted[first]?.start ?? 0) < hit.start - WINDOW) window.drop(sorted[first++]);
    window.take(hit);
    if (window.sum > bestSum) [best, bestSum] = [at, window.sum];
  }
  const last = sorted[best];
  const counts = new Map<Sign, number>();
  if (!last) return counts;
  for (const { sign, start } of sorted.slice(0, best + 1)) {
    if (start >= last.start - WINDOW) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  return counts;
}

/** The hits of a window that moves along a text, and their weight. */
class Window {
  sum = 0;
  readonly #counts = new Map<Sign, number>();
  readonly #weightOf: (sign: Sign) => number;

  constructor(weightOf: (sign: Sign) => number) {
    this.#weightOf = weightOf;
  }

  take({ sign }: Hit): void {
    this.#change(sign, 1);
  }

  drop(hit: Hit | undefined): void {
    if (hit) this.#change(hit.sign, -1);
  }

  #change(sign: Sign, by: number): void {
    const before = this.#counts.get(sign) ?? 0;
    this.#counts.set(sign, before + by);
    this.sum += this.#weightOf(sign) * (amountOrNone(before + by) - amountOrNone(before));
  }
}

function amountOrNone(count: number): number {
  return count === 0 ? 0 : amount(count);
}
