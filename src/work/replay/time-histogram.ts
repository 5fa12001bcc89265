/** Each bin is 2 % wider than the one before, so that a percentile is off by at most 1 %. */
const STEP = Math.log(1.02);
/** Milliseconds. */
const LEAST = 0.01;

/** How long things took, in bounded memory. Milliseconds. */
export class TimeHistogram {
  readonly #bins = new Map<number, number>();
  #count = 0;

  add(ms: number): void {
    const bin = Math.round(Math.log(Math.max(ms, LEAST) / LEAST) / STEP);
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1);
    this.#count += 1;
  }

  /** What that part of them stayed under; undefined where there are none. @param share 0 to 1 */
  percentile(share: number): number | undefined {
    let left = Math.ceil(this.#count * share);
    for (const bin of [...this.#bins.keys()].toSorted((a, b) => a - b)) {
      left -= this.#bins.get(bin) ?? 0;
      if (left <= 0) return LEAST * Math.exp(bin * STEP);
    }
    return undefined;
  }
}
