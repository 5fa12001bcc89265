import { ExactIndex } from './exact-index.ts';
import { type Near, type VectorIndex, bestOf } from './vector-index.ts';

/** Makes the index of the many; undefined while it cannot. */
export type MakeLarge = (dimensions: number) => VectorIndex | undefined;

/** Beyond so many, comparing with each takes longer than a graph's search and its upkeep. */
const MOST_EXACT = 10_000;

/** Moving one takes about as long as a search, so they are moved a few at a time, with each that comes. */
const MOVED_AT_ONCE = 8;

/** Exact while it is small. What is more moves to a graph little by little, and both are searched. */
export class GrowingIndex implements VectorIndex {
  readonly #dimensions: number;
  readonly #makeLarge: MakeLarge;
  readonly #mostExact: number;
  readonly #exact: ExactIndex;
  #large: VectorIndex | undefined;

  constructor(dimensions: number, makeLarge: MakeLarge, mostExact: number = MOST_EXACT) {
    this.#dimensions = dimensions;
    this.#makeLarge = makeLarge;
    this.#mostExact = mostExact;
    this.#exact = new ExactIndex(dimensions);
  }

  get size(): number {
    return this.#exact.size + (this.#large?.size ?? 0);
  }

  add(id: string, vector: Float32Array): void {
    this.#large?.remove(id);
    this.#exact.add(id, vector);
    if (this.#exact.size > this.#mostExact) this.#large ??= this.#makeLarge(this.#dimensions);
    if (this.#large) this.#move(this.#large);
  }

  remove(id: string): boolean {
    return this.#exact.remove(id) || (this.#large?.remove(id) ?? false);
  }

  nearest(vector: Float32Array, most: number): Near[] {
    if (!this.#large) return this.#exact.nearest(vector, most);
    return bestOf([this.#exact.nearest(vector, most), this.#large.nearest(vector, most)], most);
  }

  #move(large: VectorIndex): void {
    for (let moved = 0; moved < MOVED_AT_ONCE; moved += 1) {
      const one = this.#exact.take();
      if (!one) return;
      large.add(one.id, one.vector);
    }
  }
}
