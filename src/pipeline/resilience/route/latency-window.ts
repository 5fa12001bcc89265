const SAMPLES = 128;
/** Fewer say nothing about the slowest twentieth. */
const ENOUGH = 20;

/** How long a target's last first tokens took. */
export class LatencyWindow {
  readonly #samples = new Float64Array(SAMPLES);
  #count = 0;
  #p95: number | undefined;

  /** @param ms from sending to the first content */
  add(ms: number): void {
    this.#samples[this.#count % SAMPLES] = ms;
    this.#count += 1;
    this.#p95 = undefined;
  }

  /** What 95 of 100 stay under, in milliseconds; undefined until there are enough. */
  get p95(): number | undefined {
    if (this.#count < ENOUGH) return undefined;
    this.#p95 ??= this.#samples.subarray(0, Math.min(this.#count, SAMPLES)).toSorted().at(this.#rank());
    return this.#p95;
  }

  #rank(): number {
    return Math.ceil(Math.min(this.#count, SAMPLES) * 0.95) - 1;
  }
}
