/** How much of the average the newest one is. */
const WEIGHT = 0.1;

/** How long slots are held, and what follows from that for those who wait. */
export class HoldingTime {
  #averageMs = 0;
  #releases = 0;
  #lastAt: number;

  /** `now`: monotonic milliseconds. */
  constructor(now: number) {
    this.#lastAt = now;
  }

  /** Milliseconds; 0 as long as nothing was released. */
  get averageMs(): number {
    return this.#averageMs;
  }

  /** All slots are held from now on. */
  full(now: number): void {
    this.#lastAt = now;
  }

  release(heldMs: number, now: number): void {
    this.#releases += 1;
    // Plain average at first, so that one odd start does not count for long.
    this.#averageMs += (heldMs - this.#averageMs) * Math.max(WEIGHT, 1 / this.#releases);
    this.#lastAt = now;
  }

  /**
   * Milliseconds until one slot after the other has come free `count` times, of `slots` that are all held. Where none
   * came free for longer than the average, all are held for longer than that: a target that hangs is noticed before
   * its first release.
   */
  estimateMs(count: number, slots: number, now: number): number {
    const heldMs = Math.max(this.#averageMs, now - this.#lastAt);
    return (heldMs * count) / Math.max(1, slots);
  }
}
