/** One entry that is near. */
export interface Near {
  readonly id: string;
  /** Cosine; 1 is the same direction. */
  readonly similarity: number;
}

/** Vectors of length 1 and one space, by an id. */
export interface VectorIndex {
  readonly size: number;
  /** In place of an earlier one of the same id. */
  add(id: string, vector: Float32Array): void;
  /** @returns whether it was there */
  remove(id: string): boolean;
  /** The nearest, the most similar first; fewer than `most` only where there are fewer. */
  nearest(vector: Float32Array, most: number): Near[];
}

/** The best of several lists, the most similar first. */
export function bestOf(lists: readonly (readonly Near[])[], most: number): Near[] {
  return lists
    .flat()
    .toSorted((one, other) => other.similarity - one.similarity)
    .slice(0, most);
}
