import type * as usearchTypes from 'usearch';

import type { Near, VectorIndex } from './vector-index.ts';

/** With more than one, each call would start threads of its own. */
const THREADS = 1;
/** How many vectors are looked at on the way; more find more of what is near. */
const EXPANSION = 96;

type Usearch = typeof usearchTypes;

/** Finds nearly all of what is near by a graph (HNSW), in microseconds among hundreds of thousands. */
export class GraphIndex implements VectorIndex {
  readonly #index: usearchTypes.Index;
  #lastKey = 0n;
  readonly #ids = new Map<bigint, string>();
  readonly #keys = new Map<string, bigint>();

  constructor(usearch: Usearch, dimensions: number) {
    const { Index, MetricKind, ScalarKind } = usearch;
    this.#index = new Index({
      dimensions,
      metric: MetricKind.Cos,
      quantization: ScalarKind.F16,
      connectivity: 16,
      expansion_add: EXPANSION,
      expansion_search: EXPANSION,
      multi: false,
    });
  }

  get size(): number {
    return this.#keys.size;
  }

  add(id: string, vector: Float32Array): void {
    this.remove(id);
    const key = (this.#lastKey += 1n);
    this.#index.add(key, vector, THREADS);
    this.#ids.set(key, id);
    this.#keys.set(id, key);
  }

  remove(id: string): boolean {
    const key = this.#keys.get(id);
    if (key === undefined) return false;
    this.#keys.delete(id);
    this.#ids.delete(key);
    this.#index.remove(key);
    return true;
  }

  nearest(vector: Float32Array, most: number): Near[] {
    if (this.size === 0) return [];
    const { keys, distances } = this.#index.search(vector, Math.min(most, this.size), THREADS);
    const near: Near[] = [];
    for (const [at, key] of keys.entries()) {
      const id = this.#ids.get(key);
      if (id !== undefined) near.push({ id, similarity: 1 - (distances[at] ?? 1) });
    }
    return near;
  }
}

/** @returns undefined where its native part cannot be loaded here */
export async function loadGraphs(): Promise<((dimensions: number) => GraphIndex) | undefined> {
  try {
    const usearch = await import('usearch');
    const make = (dimensions: number): GraphIndex => new GraphIndex(usearch, dimensions);
    make(8);
    return make;
  } catch {
    return undefined;
  }
}
