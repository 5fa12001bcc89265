import type { Near, VectorIndex } from './vector-index.ts';

/** A context of its own has one vector for long. */
const FIRST_ROOM = 1;
/** What it grows by where there is too little room: copying is cheap, and what is empty is memory too. */
const GROWTH = 1.25;

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
    for (let place = 0; place < this.#ids.length; place += 1) {
      const similarity = productAt(this.#vectors, place * this.#dimensions, vector);
      if (best.length === most && similarity <= least) continue;
      const id = this.#ids[place] ?? '';
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

  /** Room for a quarter more where there is too little, and where more than half of it is empty. */
  #fit(count: number): void {
    const room = this.#vectors.length / this.#dimensions;
    if (count <= room && (room <= FIRST_ROOM || count * 2 >= room)) return;
    const resized = new Float32Array(Math.max(FIRST_ROOM, Math.ceil(count * GROWTH)) * this.#dimensions);
    resized.set(this.#vectors.subarray(0, Math.min(resized.length, this.#vectors.length)));
    this.#vectors = resized;
  }
}

/** The product of a vector with the one that stands there. Four sums that do not wait for each other are faster. */
function productAt(vectors: Float32Array, start: number, vector: Float32Array): number {
  const { length } = vector;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    a += (vector[at] ?? 0) * (vectors[start + at] ?? 0);
    b += (vector[at + 1] ?? 0) * (vectors[start + at + 1] ?? 0);
    c += (vector[at + 2] ?? 0) * (vectors[start + at + 2] ?? 0);
    d += (vector[at + 3] ?? 0) * (vectors[start + at + 3] ?? 0);
  }
  for (; at < length; at += 1) a += (vector[at] ?? 0) * (vectors[start + at] ?? 0);
  return a + b + c + d;
}
