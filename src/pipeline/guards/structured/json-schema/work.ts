/** The schema asks for more work than an answer is worth, or is nested too deep; nothing is known of the answer. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/** About 10 ms on the request thread. */
const MOST_STEPS = 100_000;
/** Schemas within schemas, and values within values. */
const DEEPEST = 200;

/** What a check may still do. A client's schema can ask for exponential work, and for endless work where it is recursive. */
export class Work {
  #left = MOST_STEPS;
  #depth = 0;

  /** @throws TooMuchWork */
  take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuchWork('the schema asks for too much work');
  }

  /** For a look at each character of a text. @throws TooMuchWork */
  takeText(text: string): void {
    this.take(text.length >> 4);
  }

  /** @throws TooMuchWork */
  deeper<T>(inner: () => T): T {
    if (this.#depth >= DEEPEST) throw new TooMuchWork('the schema or the answer is nested too deep');
    this.#depth += 1;
    try {
      return inner();
    } finally {
      this.#depth -= 1;
    }
  }
}
