import type { Near, VectorIndex } from './vector-index.ts';

const FIRST_ROOM = 2;

/** Compares with every vector: exact, and fast enough for some ten thousand. */
export class ExactIndex implements VectorIndex {
  readonly #dimensions: number;
  /** One vector after the other, without gaps. */
  #vectors: Float32Array;
  readonly #ids: string[] = [];
  readonly #places = new Map<string, number>();

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#vectors = new Float32Array(FIRST_ROOM * dimensions);
  }

  get size(): number {
    return this.#ids.length;
  }

  add(id: string, vector: Float32Array): void {
    let place = this.#places.get(id);
    if (place === undefined) {
      place = this.#ids.push(id) - 1;
      this.#places.set(id, place);
      this.#fit(this.#ids.length);
    }
    this.#vectors.set(vector, place * this.#dimensions);
  }

  remove(id: string): boolean {
    const place = this.#places.get(id);
    if (place === undefined) return false;
    this.#places.delete(id);
    const last = this.#ids.pop();
    // The last one takes the place that became free.
    if (last !== undefined && last !== id) {
      this.#ids[place] = last;
      this.#places.set(last, place);
      this.#vectors.set(this.#at(this.#ids.length), place * this.#dimensions);
    }
    this.#fit(this.#ids.length);
    return true;
  }

  nearest(vector: Float32Array, most: number): Near[] {
    const best: Near[] = [];
    let least = Number.NEGATIVE_INFINITY;
    for (const [place, id] of this.#ids.entries()) {
      const similarity = this.#similarity(vector, place * this.#dimensions);
      if (best.length === most && similarity <= least) continue;
      const before = best.findIndex((one) => one.similarity < similarity);
      best.splice(before === -1 ? best.length : before, 0, { id, similarity });
      if (best.length > most) best.pop();
      least = best.at(-1)?.similarity ?? least;
    }
    return best;
  }

  /** Some entry and its vector, taken out. */
  take(): { readonly id: string; readonly vector: Float32Array } | undefined {
    const id = this.#ids.at(-1);
    if (id === undefined) return undefined;
    const vector = this.#at(this.#ids.length - 1).slice();
    this.remove(id);
    return { id, vector };
  }

  #at(place: number): Float32Array {
    return this.#vectors.subarray(place * this.#dimensions, (place + 1) * this.#dimensions);
  }

  #similarity(vector: Float32Array, start: number): number {
    const vectors = this.#vectors;
    let sum = 0;
    for (let at = 0; at < vector.length; at += 1) sum += (vector[at] ?? 0) * (vectors[start + at] ?? 0);
    return sum;
  }

  /** Room is doubled where there is too little, and halved where three quarters of it are empty. */
  #fit(count: number): void {
    const room = this.#vectors.length / this.#dimensions;
    if (count <= room && (room <= FIRST_ROOM || count * 4 >= room)) return;
    const resized = new Float32Array((count > room ? room * 2 : room / 2) * this.#dimensions);
    resized.set(this.#vectors.subarray(0, Math.min(resized.length, this.#vectors.length)));
    this.#vectors = resized;
  }
}
