import { similarityOf } from '../../../../models/vectors/embed/encoder.ts';
import { ExactIndex } from '../../../../models/vectors/index/exact-index.ts';
import type { Near } from '../../../../models/vectors/index/vector-index.ts';
import { type Example, lossOf } from './example.ts';
import { FEATURES } from './features.ts';
import { RidgeHead } from './ridge-head.ts';

/** The latest count; about 10 MB with vectors of 512 dimensions. */
export const MOST_EXAMPLES = 4000;
/** With fewer nothing is said. */
export const FEWEST_EXAMPLES = 50;
/** How many of the nearest are looked at, at most; of fewer examples one in so many, but some. */
export const NEIGHBOURS = 50;
const NEIGHBOURS_ONE_IN = 16;
const FEWEST_NEIGHBOURS = 10;

/** How much the weights of the linear guess are held down, by cross-validation on questions with known answers. */
const HELD_DOWN = { mean: 0.1, vector: 20, features: 3 } as const;

/** Longer vectors are folded to that for the linear guess, whose memory grows with the square. */
const MOST_INPUTS = 512;
/** How much more a nearer one counts: e to the power of that times its cosine. */
const NEARNESS = 8;
/** A question whose nearest example is further than that of nearly all examples is of another kind. */
const FAR_SAMPLE = 100;
const FAR_SHARE = 0.02;
/** Nobody is far who is as near as that. */
const NEAR_ENOUGH = 0.5;
/** How many others each of the sample is compared with, at most. */
const FAR_OTHERS = 1000;
/** It is found out again when so many more or fewer examples are there. */
const FAR_AGAIN = 1.1;

export interface Prediction {
  /** How much better the large model's answer would be, of 1. */
  readonly loss: number;
  /** Cosine of the nearest example. */
  readonly nearest: number;
}

interface Learned {
  readonly example: Example;
  readonly loss: number;
}

/**
 * Guesses how much is lost with the small model: the mean of what a linear guess over the vector and the rules' features
 * says, and of what became of the nearest examples. For the vectors of one space. The same examples give the same
 * guesses; what came first is forgotten first.
 */
export class Classifier {
  readonly #dimensions: number;
  readonly #head: RidgeHead;
  /** The oldest first. */
  readonly #learned = new Map<string, Learned>();
  #far = Number.NEGATIVE_INFINITY;
  #sizeAtFar = 0;

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    const places = Math.min(dimensions, MOST_INPUTS);
    const heldDown = new Float64Array(1 + places + FEATURES).fill(HELD_DOWN.vector);
    heldDown[0] = HELD_DOWN.mean;
    heldDown.fill(HELD_DOWN.features, 1 + places);
    this.#head = new RidgeHead(heldDown);
  }

  get size(): number {
    return this.#learned.size;
  }

  /** The oldest first. */
  examples(): readonly Example[] {
    return [...this.#learned.values()].map(({ example }) => example);
  }

  /**
   * In force after the next settling. One that says nothing, or whose vector has other dimensions, is passed over.
   * @returns ids of the examples that are forgotten for it, and its own where it was not learned
   */
  learn(example: Example): string[] {
    const loss = lossOf(example);
    // What is known of it takes the place of what was.
    this.forget(example.id);
    if (loss === undefined || example.vector.length !== this.#dimensions) return [example.id];
    this.#head.learn(this.#inputOf(example), loss, 1);
    this.#learned.set(example.id, { example, loss });
    if (this.#learned.size <= MOST_EXAMPLES) return [];
    const [oldest = ''] = this.#learned.keys();
    this.forget(oldest);
    return [oldest];
  }

  forget(id: string): void {
    const known = this.#learned.get(id);
    if (!known) return;
    this.#learned.delete(id);
    this.#head.learn(this.#inputOf(known.example), known.loss, -1);
  }

  /** Learns all of them and settles, in one go: some seconds for thousands. */
  fit(examples: readonly Example[]): void {
    for (const example of examples) this.learn(example);
    for (const _ of this.#settling()) continue;
  }

  /**
   * Brings what was learned into force, in steps of about a millisecond.
   * @param pause lets others have the thread
   */
  async settle(pause: () => Promise<unknown>): Promise<void> {
    for (const _ of this.#settling()) await pause();
  }

  /**
   * @param near examples that are nearest, as the index of their vectors has them; looked for here where absent
   * @returns undefined with too few examples, or where the nearest are too far
   */
  predict(vector: Float32Array, features: readonly number[], near?: readonly Near[]): Prediction | undefined {
    if (this.size < FEWEST_EXAMPLES || vector.length !== this.#dimensions) return undefined;
    const found = near ?? this.#nearest(vector);
    const nearest = found[0]?.similarity ?? Number.NEGATIVE_INFINITY;
    const around = this.#around(found);
    if (around === undefined || nearest < this.#far) return undefined;
    const guessed = this.#head.guess(this.#inputOf({ vector, features }));
    return { loss: (guessed + around) / 2, nearest };
  }

  *#settling(): Generator<void> {
    yield* this.#head.settle();
    const ratio = this.size / Math.max(1, this.#sizeAtFar);
    if (ratio < FAR_AGAIN && ratio > 1 / FAR_AGAIN) return;
    this.#sizeAtFar = this.size;
    const all = this.examples();
    const similarities: number[] = [];
    for (let at = 0; at < all.length; at += strideOf(all.length, FAR_SAMPLE)) {
      similarities.push(nearestOfOthers(all, at));
      yield;
    }
    similarities.sort((one, other) => one - other);
    this.#far = Math.min(NEAR_ENOUGH, similarities[Math.floor(similarities.length * FAR_SHARE)] ?? NEAR_ENOUGH);
  }

  /** What became of the neighbours, the nearer ones first of all; undefined where none is known. */
  #around(near: readonly Near[]): number | undefined {
    let [sum, weights] = [0, 0];
    const most = Math.max(FEWEST_NEIGHBOURS, Math.min(NEIGHBOURS, Math.round(this.size / NEIGHBOURS_ONE_IN)));
    for (const { id, similarity } of near.slice(0, most)) {
      const loss = this.#learned.get(id)?.loss;
      if (loss === undefined) continue;
      const weight = Math.exp(NEARNESS * (similarity - 1));
      sum += weight * loss;
      weights += weight;
    }
    return weights === 0 ? undefined : sum / weights;
  }

  #nearest(vector: Float32Array): Near[] {
    const index = new ExactIndex(this.#dimensions);
    for (const { example } of this.#learned.values()) index.add(example.id, example.vector);
    return index.nearest(vector, NEIGHBOURS);
  }

  #inputOf({ vector, features }: Pick<Example, 'vector' | 'features'>): Float64Array {
    const input = new Float64Array(this.#head.inputs);
    input[0] = 1;
    const places = Math.min(this.#dimensions, MOST_INPUTS);
    for (const [at, value] of vector.entries()) {
      const place = 1 + (at % places);
      // Every second fold counts downwards, so that what falls on one place does not add up.
      input[place] = (input[place] ?? 0) + (Math.floor(at / places) % 2 === 0 ? value : -value);
    }
    for (let at = 0; at < FEATURES; at += 1) {
      const value = features[at] ?? 0;
      input[1 + places + at] = Number.isFinite(value) ? value : 0;
    }
    return input;
  }
}

function strideOf(count: number, most: number): number {
  return Math.max(1, Math.ceil(count / most));
}

function nearestOfOthers(all: readonly Example[], at: number): number {
  const asked = all[at];
  const stride = strideOf(all.length, FAR_OTHERS);
  let best = -1;
  for (let other = at % stride; other < all.length; other += stride) {
    const vector = all[other]?.vector;
    if (asked && vector && other !== at) best = Math.max(best, similarityOf(asked.vector, vector));
  }
  return best;
}
