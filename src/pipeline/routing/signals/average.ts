/** A mean of which the last samples are the most: a new one counts for 5 in 100 at least, and for half after a pause. */
export class Average {
  readonly #lifeMs: number;
  #value = 0;
  #at = 0;
  samples = 0;

  /** @param lifeMs after so long about two thirds of what was known are new */
  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs;
  }

  /** What is no number counts for nothing: it would stay for good. */
  add(value: number, at: number): void {
    if (!Number.isFinite(value)) return;
    const weight = Math.min(0.5, Math.max(0.05, 1 - Math.exp((this.#at - at) / this.#lifeMs)));
    // The first ones count the same.
    this.#value += (value - this.#value) * Math.max(weight, 1 / (this.samples + 1));
    this.samples += 1;
    this.#at = at;
  }

  /** Undefined before there is one. */
  get value(): number | undefined {
    return this.samples === 0 ? undefined : this.#value;
  }

  /** When the last sample came, monotonic milliseconds. */
  get at(): number {
    return this.#at;
  }
}

/**
 * A latency that goes up at once and comes down slowly, so that a target which got slow is left alone before many have
 * waited for it. Without samples it is forgotten, so that it is tried again.
 */
export class PeakAverage {
  readonly #lifeMs: number;
  #value = 0;
  #at = 0;
  #hasSamples = false;

  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs;
  }

  /** What is no number counts for nothing: it would stay for good. */
  add(value: number, at: number): void {
    if (!Number.isFinite(value)) return;
    const kept = Math.exp(Math.min(0, this.#at - at) / this.#lifeMs);
    const now = this.#value * kept;
    this.#value = !this.#hasSamples || value > now ? value : this.#value * kept + value * (1 - kept);
    this.#hasSamples = true;
    this.#at = at;
  }

  /** Undefined before there is a sample. */
  valueAt(at: number): number | undefined {
    return this.#hasSamples ? this.#value * Math.exp(Math.min(0, this.#at - at) / this.#lifeMs) : undefined;
  }
}
