import { drawnOf } from './drawn.ts';

/** Chance that is the same for the same request each time, whatever came before it. */
export class Draws {
  #traceId = '';
  #drawn = 0;

  /** What is drawn from now on is for this request. */
  beginWith(traceId: string): void {
    this.#traceId = traceId;
    this.#drawn = 0;
  }

  /** From 0 to just under 1. */
  readonly random = (): number => {
    this.#drawn += 1;
    return drawnOf(this.#traceId, `random ${this.#drawn}`);
  };
}
