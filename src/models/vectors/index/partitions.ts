import type { Near, VectorIndex } from './vector-index.ts';

/** An index for each partition: a search never sees what is in another. */
export class Partitions {
  readonly #make: (dimensions: number) => VectorIndex;
  readonly #indexes = new Map<string, VectorIndex>();
  readonly #partitionOf = new Map<string, string>();

  constructor(make: (dimensions: number) => VectorIndex) {
    this.#make = make;
  }

  get size(): number {
    return this.#partitionOf.size;
  }

  add(partition: string, id: string, vector: Float32Array): void {
    if (this.#partitionOf.get(id) !== partition) this.remove(id);
    let index = this.#indexes.get(partition);
    if (!index) this.#indexes.set(partition, (index = this.#make(vector.length)));
    index.add(id, vector);
    this.#partitionOf.set(id, partition);
  }

  remove(id: string): void {
    const partition = this.#partitionOf.get(id);
    if (partition === undefined) return;
    this.#partitionOf.delete(id);
    const index = this.#indexes.get(partition);
    index?.remove(id);
    if (index?.size === 0) this.#indexes.delete(partition);
  }

  nearest(partition: string, vector: Float32Array, most: number): Near[] {
    return this.#indexes.get(partition)?.nearest(vector, most) ?? [];
  }
}
