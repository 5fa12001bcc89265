import { GenerationalMap } from '../../core/generational-map.ts';

/** Different values that were seen within a time, as many as matter. */
class Seen {
  /** When last, the earliest first. */
  readonly #times = new Map<string, number>();
  #last: string | undefined;

  /** @returns how many different ones within the time, at most `most` */
  add(value: string, at: number, most: number, withinMs: number): number {
    if (value !== this.#last) this.#times.delete(value);
    this.#times.set(value, at);
    this.#last = value;
    for (const [earliest, time] of this.#times) {
      if (this.#times.size <= most && at - time < withinMs) break;
      this.#times.delete(earliest);
    }
    return this.#times.size;
  }
}

/** How many different values each of many was seen with. */
export class DistinctValues {
  readonly #seen: GenerationalMap<Seen>;
  readonly #most: number;
  readonly #withinMs: number;

  /** @param most values that matter of each @param subjects that are known at a time */
  constructor(subjects: number, most: number, withinMs: number) {
    this.#seen = new GenerationalMap(subjects);
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** @returns how many different ones within the time, at most as many as matter */
  add(subject: string, value: string, at: number): number {
    let seen = this.#seen.get(subject);
    if (!seen) {
      seen = new Seen();
      this.#seen.set(subject, seen);
    }
    return seen.add(value, at, this.#most, this.#withinMs);
  }

  get size(): number {
    return this.#seen.size;
  }
}
