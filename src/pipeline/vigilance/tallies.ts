import { GenerationalMap } from '../../core/generational-map.ts';
import { type WindowShape, WindowSum, windowOf } from './window-sum.ts';

const SLOTS = 12;
const MAX_EXAMPLES = 3;

/** How often something was seen, and the last few times. */
export class Tally {
  readonly #window: WindowSum;
  readonly #examples: string[] = [];

  constructor(shape: WindowShape) {
    this.#window = new WindowSum(shape);
  }

  /** @returns how often within the time */
  add(at: number, traceId: string): number {
    if (this.#examples.length >= MAX_EXAMPLES) this.#examples.shift();
    this.#examples.push(traceId);
    return this.#window.add(at, 1);
  }

  /** Ids of traces, the latest last. */
  get examples(): string[] {
    return [...this.#examples];
  }
}

/** A tally for each of many, of which the least used are forgotten. The time is counted in twelfths. */
export class Tallies {
  readonly #tallies: GenerationalMap<Tally>;
  readonly #shape: WindowShape;

  constructor(most: number, withinMs: number) {
    this.#tallies = new GenerationalMap(most);
    this.#shape = windowOf(withinMs, SLOTS);
  }

  of(key: string): Tally {
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
