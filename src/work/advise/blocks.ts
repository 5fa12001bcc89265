import { hash } from 'node:crypto';

import { seededRandom } from '../../models/simulator/random.ts';

/** Clusters beyond that share one: what is shared is still independent of the others. */
const MOST_BLOCKS = 1500;
const RESAMPLES = 1000;

/** From the lower to the upper end of where the figure is with a probability of 95 %. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Sums by block, in the order of the blocks. */
export type Column = Float64Array;

/** Which requests are drawn together, and how often in each of the resamples. The same each time. */
export class Blocks {
  readonly #places = new Map<string, number>();
  /** Names of clusters; independent of each other. */
  readonly clusters: number;
  readonly size: number;
  readonly #samples: readonly Uint16Array[];

  /** @param clusters as often as there are requests of them */
  constructor(clusters: Iterable<string>) {
    const names = [...new Set(clusters)].toSorted();
    this.clusters = names.length;
    this.size = Math.min(names.length, MOST_BLOCKS);
    for (const [at, name] of names.entries()) {
      this.#places.set(name, names.length <= MOST_BLOCKS ? at : hashOf(name) % MOST_BLOCKS);
    }
    this.#samples = resamplesOf(this.size);
  }

  /** The block of a cluster. */
  placeOf(cluster: string): number {
    return this.#places.get(cluster) ?? 0;
  }

  column(): Column {
    return new Float64Array(this.size);
  }

  /** A figure of sums, and how sure it is. @param figure of the sums of the columns, in their order */
  interval(columns: readonly Column[], figure: (sums: readonly number[]) => number): Interval {
    const value = figure(columns.map((column) => column.reduce((sum, one) => sum + one, 0)));
    const drawn = this.#samples
      .map((times) => figure(columns.map((column) => weighted(column, times))))
      .filter((one) => Number.isFinite(one))
      .toSorted((a, b) => a - b);
    const at = (part: number): number =>
      drawn[Math.min(drawn.length - 1, Math.floor(part * drawn.length))] ?? Number.NaN;
    return { value, low: at(0.025), high: at(0.975) };
  }
}

function hashOf(text: string): number {
  return Number.parseInt(hash('sha256', text).slice(0, 8), 16);
}

function resamplesOf(size: number): readonly Uint16Array[] {
  const random = seededRandom(SEED);
  return Array.from({ length: RESAMPLES }, () => {
    const times = new Uint16Array(size);
    for (let drawn = 0; drawn < size; drawn += 1) {
      const at = Math.floor(random() * size);
      times[at] = (times[at] ?? 0) + 1;
    }
    return times;
  });
}

const SEED = 20_261_121;

function weighted(column: Column, times: Uint16Array): number {
  let sum = 0;
  for (let at = 0; at < column.length; at += 1) sum += (column[at] ?? 0) * (times[at] ?? 0);
  return sum;
}
