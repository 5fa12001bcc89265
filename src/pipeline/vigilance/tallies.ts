import { GenerationalMap } from '../../core/generational-map.ts';
import { type WindowShape, WindowSum, windowOf } from './window-sum.ts';

const SLOTS = 12;

/** How often something was seen, and the last few times. */
export class Tally {
  readonly #window: WindowSum;
  #last: string | undefined;
  #before: string | undefined;
  #earlier: string | undefined;

  constructor(shape: WindowShape) {
    this.#window = new WindowSum(shape);
  }

  /** @returns how often within the time */
  add(at: number, traceId: string): number {
    this.#earlier = this.#before;
    this.#before = this.#last;
    this.#last = traceId;
    return this.#window.add(at, 1);
  }

  /** Ids of traces, the latest last. */
  get examples(): string[] {
    return [this.#earlier, this.#before, this.#last].filter((id) => id !== undefined);
  }
}

/** A tally for each of many, of which the least used are forgotten. The time is counted in twelfths. */
export class Tallies<Key extends string | number = string> {
  readonly #tallies: GenerationalMap<Tally, Key>;
  readonly #shape: WindowShape;

  constructor(most: number, withinMs: number) {
    this.#tallies = new GenerationalMap(most);
    this.#shape = windowOf(withinMs, SLOTS);
  }

  of(key: Key): Tally {
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = new Tally(this.#shape);
      this.#tallies.set(key, tally);
    }
    return tally;
  }

  get size(): number {
    return this.#tallies.size;
  }
}
