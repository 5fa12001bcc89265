import type { Clock } from '../../../core/clock.ts';
import { cutText, similarityOf } from '../../../models/vectors/embed/encoder.ts';
import type { MadeVector } from '../../../models/vectors/embed/messages.ts';
import type { Sums } from '../sums.ts';
import type { Said } from './said.ts';

/** Makes a vector of a text; undefined where that cannot be, or not soon. */
export type VectorOf = (text: string) => Promise<MadeVector | undefined>;

/** Two answers that are less alike are counted. Cosine. */
const ALIKE = 0.8;

/** What encoders read of a text. */
const LONGEST = 4000;

/** It rests for so many times as long as a comparison took: requests need the processor more. */
const REST = 9;
/** The first one also waits until the encoder is loaded. */
const LONGEST_REST_MS = 2000;

/** Says how alike answers are, of as many as it can without being felt: one pair after another, with pauses. */
export class Likeness {
  readonly #vectorOf: VectorOf;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #isComparing = false;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(vectorOf: VectorOf, clock: Pick<Clock, 'monotonic'>) {
    this.#vectorOf = vectorOf;
    this.#clock = clock;
  }

  /** What it adds to the sums of all pairs; nothing where the answers are no texts, or nobody can say. Never rejects. */
  async of(live: Said, candidate: Said): Promise<Sums> {
    const [one, other] = [live.text.trim(), candidate.text.trim()];
    if (one === '' || other === '') return {};
    if (one === other) return sumsOf(1);
    const startedAt = this.#clock.monotonic();
    if (this.#isComparing || startedAt < this.#restsUntil) return {};
    this.#isComparing = true;
    try {
      const [first, second] = await Promise.all([one, other].map((text) => this.#vectorOf(cutText(text, LONGEST))));
      return first && second && first.space === second.space ? sumsOf(similarityOf(first.vector, second.vector)) : {};
    } catch {
      return {};
    } finally {
      const now = this.#clock.monotonic();
      this.#isComparing = false;
      this.#restsUntil = now + Math.min(REST * (now - startedAt), LONGEST_REST_MS);
    }
  }
}

function sumsOf(alike: number): Sums {
  return { similarity: { n: 1, sum: alike, alike: alike >= ALIKE ? 1 : 0 } };
}
