import { GenerationalMap } from '../../core/generational-map.ts';

/** Different values that were seen within a time, as many as matter. */
class Seen {
  /** When last, the earliest first. */
  readonly #times = new Map<string, number>();
  #last: string | undefined;

  /** Whether there were `most` different ones within the time. */
  add(value: string, at: number, most: number, withinMs: number): boolean {
    if (value !== this.#last) this.#times.delete(value);
    this.#times.set(value, at);
    this.#last = value;
    // Whether some are from before that time matters only where they would be enough.
    if (this.#times.size < most) return false;
    for (const [earliest, time] of this.#times) {
      if (this.#times.size <= most && at - time < withinMs) break;
      this.#times.delete(earliest);
    }
    return this.#times.size >= most;
  }
}

/** Which of many were seen with many different values. */
export class DistinctValues {
  readonly #seen: GenerationalMap<Seen>;
  readonly #most: number;
  readonly #withinMs: number;

  /** @param subjects that are known at a time @param most values are many */
  constructor(subjects: number, most: number, withinMs: number) {
    this.#seen = new GenerationalMap(subjects);
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** Whether this one was seen with that many within the time. */
  add(subject: string, value: string, at: number): boolean {
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
