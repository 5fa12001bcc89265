import { GenerationalMap } from '../../core/generational-map.ts';
import type { NanoUsd } from '../../core/money.ts';
import { WindowSum, windowOf } from './window-sum.ts';

const HOUR_MS = 60 * 60 * 1000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const HOUR = windowOf(HOUR_MS, 12);
const WEEK = windowOf(WEEK_MS, 28);

/** What one spent lately, beside what is usual. */
export interface SpendPicture {
  readonly lastHour: NanoUsd;
  /** A mean over the hours before that which are known. */
  readonly usualHourly: NanoUsd;
  readonly knownHours: number;
}

interface Spender {
  readonly hour: WindowSum;
  readonly week: WindowSum;
  /** From when on it is known, epoch milliseconds. */
  since: number;
}

/** What each of many spends: the last hour, in steps of 5 minutes, and up to 7 days, in steps of 6 hours. */
export class SpendHistory {
  readonly #spenders: GenerationalMap<Spender>;

  constructor(most: number) {
    this.#spenders = new GenerationalMap(most);
  }

  get size(): number {
    return this.#spenders.size;
  }

  add(name: string, at: number, amount: NanoUsd): SpendPicture {
    const spender = this.#of(name, at);
    const lastHour = spender.hour.add(at, amount);
    const before = spender.week.add(at, amount) - lastHour;
    const knownHours = (at - Math.max(spender.since, at - WEEK_MS)) / HOUR_MS - 1;
    return { lastHour, usualHourly: knownHours > 0 ? before / knownHours : 0, knownHours };
  }

  /** What was spent before this process began. */
  recall(name: string, at: number, amount: NanoUsd): void {
    const spender = this.#of(name, at);
    spender.since = Math.min(spender.since, at);
    spender.week.add(at, amount);
  }

  #of(name: string, at: number): Spender {
    let spender = this.#spenders.get(name);
    if (!spender) {
      spender = { hour: new WindowSum(HOUR), week: new WindowSum(WEEK), since: at };
      this.#spenders.set(name, spender);
    }
    return spender;
  }
}

export interface SpendHistories {
  /** By their ids. */
  readonly keys: SpendHistory;
  /** By their names as subjects. */
  readonly users: SpendHistory;
}
