import type { RateBound } from './poisson-bound.ts';

const LOWEST = 0;
const WIDTH = 0.02;
const BINS = 100;
/** Beyond this many labels old ones count half, so that what is true now can show. */
const MOST_LABELS = 20_000;

/** Labels of all entries together, counted by standing. */
export class StandingCounts {
  /** All labels of each bin, and then the wrong ones of each: in one piece, since there may be many estimators. */
  readonly #counts = new Float32Array(2 * BINS);
  #all = 0;
  #allWrong = 0;

  add(standing: number, same: boolean): void {
    const bin = binOf(standing);
    this.#count(bin);
    this.#all += 1;
    if (!same) {
      this.#count(BINS + bin);
      this.#allWrong += 1;
    }
    if (this.#all > MOST_LABELS) this.#halve();
  }

  /**
   * The lowest standing from which up the error rate is bounded so; infinite where there is none. Labels under way are
   * taken as they come: all of those below the threshold and few of those above. So the worse part of a region weighs
   * more here than among the answers that are served, which errs on the side of asking.
   */
  threshold(bound: RateBound, maxErrorRate: number): number {
    let [labels, wrong, lowest] = [0, 0, BINS];
    for (let bin = BINS - 1; bin >= 0; bin -= 1) {
      const here = this.#counts[bin] ?? 0;
      if (here === 0) continue;
      labels += here;
      wrong += this.#counts[BINS + bin] ?? 0;
      if (bound.of(wrong, labels) <= maxErrorRate) lowest = bin;
    }
    return lowest === BINS ? Number.POSITIVE_INFINITY : LOWEST + lowest * WIDTH;
  }

  /** Labels of this standing and better ones. */
  from(standing: number): { readonly labels: number; readonly wrong: number } {
    let [labels, wrong] = [0, 0];
    for (let bin = binOf(standing); bin < BINS; bin += 1) {
      labels += this.#counts[bin] ?? 0;
      wrong += this.#counts[BINS + bin] ?? 0;
    }
    return { labels, wrong };
  }

  clear(): void {
    this.#counts.fill(0);
    this.#all = 0;
    this.#allWrong = 0;
  }

  /** Labels counted, and how many of them were wrong. */
  get labels(): number {
    return this.#all;
  }

  get wrong(): number {
    return this.#allWrong;
  }

  #halve(): void {
    for (const [at, count] of this.#counts.entries()) this.#counts[at] = count / 2;
    this.#all /= 2;
    this.#allWrong /= 2;
  }

  #count(at: number): void {
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }
}

function binOf(standing: number): number {
  const bin = Math.floor((standing - LOWEST) / WIDTH);
  return Math.max(0, Math.min(BINS - 1, Number.isFinite(bin) ? bin : 0));
}

/** A standing as it is counted, rounded down to its step. */
export function stepOf(standing: number): number {
  return LOWEST + binOf(standing) * WIDTH;
}
