const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
/** A worker that lived for so long was well; what ends it then is no part of a series. */
const WELL_AFTER_MS = 60_000;
/** So many starts that fail one after another, with no worker left, are the end. */
const MOST_FAILED_STARTS = 5;

/** How a worker ended. */
export interface Ending {
  readonly number: number;
  /** How long it was ready; undefined where it never was. */
  readonly readyMs: number | undefined;
}

/** When a worker that ended is started again: at once, then later and later, until one has lived for a while. */
export class Restarts {
  readonly #inARow = new Map<number, number>();
  #failedStarts = 0;

  /** @returns how long to wait, milliseconds */
  ended({ number, readyMs }: Ending): number {
    if (readyMs === undefined) this.#failedStarts += 1;
    const before = readyMs !== undefined && readyMs >= WELL_AFTER_MS ? 0 : (this.#inARow.get(number) ?? 0);
    this.#inARow.set(number, before + 1);
    return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** before);
  }

  ready(): void {
    this.#failedStarts = 0;
  }

  /** While another worker serves, there is no reason to give up. */
  isHopeless(othersReady: number): boolean {
    return othersReady === 0 && this.#failedStarts >= MOST_FAILED_STARTS;
  }
}
