/** Beyond so many the oldest are let go of: what they held is released by the next agreement, but for their rates. */
const MOST_KEPT = 10_000;

/** Settlements that Redis has not confirmed, each encoded. */
export class Settlements {
  #kept: string[] = [];
  readonly #most: number;

  constructor(most = MOST_KEPT) {
    this.#most = most;
  }

  get size(): number {
    return this.#kept.length;
  }

  add(settlement: string): void {
    this.#kept.push(settlement);
    if (this.#kept.length > this.#most) this.#kept.splice(0, this.#kept.length - this.#most);
  }

  /** The oldest, at most so many. They are sent, or put back. */
  take(count: number): string[] {
    return this.#kept.splice(0, count);
  }

  /** They may have been counted or not; being sent again does no harm. */
  putBack(batch: readonly string[]): void {
    this.#kept.unshift(...batch);
    if (this.#kept.length > this.#most) this.#kept.splice(0, this.#kept.length - this.#most);
  }
}
