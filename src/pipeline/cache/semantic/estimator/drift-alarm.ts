/** How much worse than allowed it has to have become to be told from chance. */
const WORSE = 3;
/** Log of the odds against chance at which it rings. */
const CERTAIN = Math.log(1000);

/**
 * Watches the labels of what is being served. It adds up how much better "three times the allowed rate" explains them
 * than "the allowed rate", from the moment when that was least likely (Page's CUSUM). While the rate is as allowed it
 * rings falsely at most once in about a thousand labels, and much more rarely where the rate is well below.
 */
export class DriftAlarm {
  readonly #wrong: number;
  readonly #right: number;
  #sum = 0;

  constructor(maxErrorRate: number) {
    const worse = Math.min(0.95, maxErrorRate * WORSE);
    this.#wrong = Math.log(worse / maxErrorRate);
    this.#right = Math.log((1 - worse) / (1 - maxErrorRate));
  }

  /** @returns whether it rings; it then starts anew */
  note(same: boolean): boolean {
    this.#sum = Math.max(0, this.#sum + (same ? this.#right : this.#wrong));
    if (this.#sum < CERTAIN) return false;
    this.#sum = 0;
    return true;
  }
}
