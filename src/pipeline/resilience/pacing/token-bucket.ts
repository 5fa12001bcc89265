import type { Rate } from '../../../core/units.ts';

/** What is lost to the arithmetic of fractions. */
const EPSILON = 1e-6;

/**
 * A rate as a bucket that fills evenly. One that needs more than the bucket holds goes when it is full, and leaves a
 * debt. So in any window no more is taken than the rate allows in it, and the capacity, and what the last one needed
 * beyond the capacity.
 */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perMs: number;
  #level: number;
  #at: number;

  /** `burst`: the capacity, as a share of the rate. `now`: monotonic milliseconds. */
  constructor({ count, windowMs }: Rate, burst: number, now: number) {
    this.#capacity = Math.max(1, count * burst);
    this.#perMs = count / windowMs;
    this.#level = this.#capacity;
    this.#at = now;
  }

  /** Milliseconds until so much may be taken, after something else was. */
  delayMs(amount: number, before: number, now: number): number {
    const missing = Math.min(amount, this.#capacity) + before - this.#levelAt(now);
    return missing <= EPSILON ? 0 : Math.ceil(missing / this.#perMs);
  }

  /** A negative amount is given back. */
  take(amount: number, now: number): void {
    this.#level = Math.min(this.#capacity, this.#levelAt(now) - amount);
    this.#at = now;
  }

  #levelAt(now: number): number {
    return Math.min(this.#capacity, this.#level + (now - this.#at) * this.#perMs);
  }
}
