import { cutText, similarityOf } from '../../../models/vectors/embed/encoder.ts';
import type { MadeVector } from '../../../models/vectors/embed/messages.ts';
import type { Sums } from '../sums.ts';
import type { Said } from './said.ts';

/** Makes a vector of a text; undefined where that cannot be, or not soon. */
export type VectorOf = (text: string) => Promise<MadeVector | undefined>;

/** Two answers that are less alike are counted. Cosine. */
export const ALIKE = 0.8;

/** What encoders read of a text. */
const LONGEST = 4000;

/** What it adds to the sums of all pairs; nothing where the answers are no texts, or nobody can say. */
export async function similarity(vectorOf: VectorOf, live: Said, candidate: Said): Promise<Sums> {
  const alike = await likenessOf(vectorOf, live.text.trim(), candidate.text.trim());
  return alike === undefined ? {} : { similarity: { n: 1, sum: alike, alike: alike >= ALIKE ? 1 : 0 } };
}

async function likenessOf(vectorOf: VectorOf, one: string, other: string): Promise<number | undefined> {
  if (one === '' || other === '') return undefined;
  if (one === other) return 1;
  const made = await Promise.all([one, other].map((text) => vectorOf(cutText(text, LONGEST))));
  const [first, second] = made;
  return first && second && first.space === second.space ? similarityOf(first.vector, second.vector) : undefined;
}
