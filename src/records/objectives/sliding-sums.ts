import type { Amounts } from './objective.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Windows up to this are counted in minutes, longer ones in hours. */
const FINE_MS = 6 * HOUR_MS;

/** Sums over the last so many slots of time, the one that is not over included. */
class Ring {
  readonly #slotMs: number;
  readonly #spent: Float64Array;
  readonly #earned: Float64Array;
  /** The number of the latest slot. */
  #head = Number.NEGATIVE_INFINITY;

  constructor(slotMs: number, windowMs: number) {
    this.#slotMs = slotMs;
    const slots = Math.ceil(windowMs / slotMs) + 1;
    this.#spent = new Float64Array(slots);
    this.#earned = new Float64Array(slots);
  }

  add([spent, earned]: Amounts, nowMs: number): void {
    const at = this.#turnTo(nowMs);
    this.#spent[at] = (this.#spent[at] as number) + spent;
    this.#earned[at] = (this.#earned[at] as number) + earned;
  }

  over(windowMs: number, nowMs: number): Amounts {
    let at = this.#turnTo(nowMs);
    let [spent, earned] = [0, 0];
    for (let left = Math.min(Math.ceil(windowMs / this.#slotMs) + 1, this.#spent.length); left > 0; left -= 1) {
      spent += this.#spent[at] as number;
      earned += this.#earned[at] as number;
      at = at === 0 ? this.#spent.length - 1 : at - 1;
    }
    return [spent, earned];
  }

  /** The place of the slot of now; what stood there and is too old is gone. */
  #turnTo(nowMs: number): number {
    const slots = this.#spent.length;
    const now = Math.max(this.#head, Math.floor(nowMs / this.#slotMs));
    for (let slot = Math.max(this.#head + 1, now - slots + 1); slot <= now; slot += 1) {
      this.#spent[slot % slots] = 0;
      this.#earned[slot % slots] = 0;
    }
    this.#head = now;
    return now % slots;
  }
}

/** What counted for an objective in the time before now, over several windows, in memory that does not grow. */
export class SlidingSums {
  readonly #minutes = new Ring(MINUTE_MS, FINE_MS);
  readonly #hours: Ring;

  /** @param longestMs the longest window that will be asked for */
  constructor(longestMs: number) {
    this.#hours = new Ring(HOUR_MS, longestMs);
  }

  /** @param nowMs monotonic */
  add(amounts: Amounts, nowMs: number): void {
    this.#minutes.add(amounts, nowMs);
    this.#hours.add(amounts, nowMs);
  }

  /** Of the window, and of up to one minute more, or one hour where it is over six hours. */
  over(windowMs: number, nowMs: number): Amounts {
    return windowMs <= FINE_MS ? this.#minutes.over(windowMs, nowMs) : this.#hours.over(windowMs, nowMs);
  }
}
