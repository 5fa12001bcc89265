export interface RecentP95Options {
  /** How many of the last ones count. */
  readonly samples: number;
  /** Fewer say nothing about the largest twentieth. */
  readonly enough: number;
  /** After how many new ones it is worked out anew; each time where absent. */
  readonly every?: number;
}

/** What 95 of 100 of the last values stay under. */
export class RecentP95 {
  readonly #samples: Float64Array;
  readonly #enough: number;
  readonly #every: number;
  #count = 0;
  #p95: number | undefined;
  #workedOutAt = 0;

  constructor({ samples, enough, every = 1 }: RecentP95Options) {
    this.#samples = new Float64Array(samples);
    this.#enough = enough;
    this.#every = every;
  }

  add(value: number): void {
    this.#samples[this.#count % this.#samples.length] = value;
    this.#count += 1;
  }

  /** Undefined until there are enough. */
  get p95(): number | undefined {
    if (this.#count < this.#enough) return undefined;
    if (this.#p95 === undefined || this.#count >= this.#workedOutAt + this.#every) this.#workOut();
    return this.#p95;
  }

  #workOut(): void {
    const size = Math.min(this.#count, this.#samples.length);
    this.#p95 = this.#samples
      .subarray(0, size)
      .toSorted()
      .at(Math.ceil(size * 0.95) - 1);
    this.#workedOutAt = this.#count;
  }
}
