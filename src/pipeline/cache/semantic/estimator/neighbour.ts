/** A stored entry among the most similar ones to a request. */
export interface Ranked {
  readonly entry: string;
  /** Cosine of the two vectors, 1 for the same. */
  readonly similarity: number;
  /** A name of its stored answer: entries whose answers say the same have the same name. */
  readonly answer: string;
}

/** The most similar entry, and what stands around it. */
export interface Neighbour {
  readonly entry: string;
  readonly similarity: number;
  /** Similarity of the next best entry whose answer is another; 0 where none was seen. */
  readonly rival: number;
  /** How many of the next best entries, in order, have the same answer, before one that has another. */
  readonly supporters: number;
}

/** How many entries the index is asked for. More than this tell nothing new. */
export const NEIGHBOURS = 10;

/**
 * What the most similar entries say together.
 *
 * @param ranked the best first, at most `NEIGHBOURS` of them
 * @param isComplete whether there are no more entries than these
 */
export function neighbourOf(ranked: readonly Ranked[], isComplete = ranked.length < NEIGHBOURS): Neighbour | undefined {
  const [first, ...others] = ranked;
  if (first === undefined) return undefined;
  const at = others.findIndex(({ answer }) => answer !== first.answer);
  const supporters = at === -1 ? others.length : at;
  // Where all agree the first that differs stands behind the last that was looked at.
  const last = at === -1 ? (isComplete ? undefined : others.at(-1)) : others[at];
  return { entry: first.entry, similarity: first.similarity, rival: last?.similarity ?? 0, supporters };
}

const MOST_MARGIN = 0.25;
const PER_SUPPORTER = 0.03;

/**
 * How well a neighbour stands, as one number that labels are counted by: higher is surer. The similarity alone says
 * little. What tells a right neighbour from a wrong one is how far behind the nearest entry with another answer is,
 * and how many entries with this answer stand before it.
 */
export function standingOf({ similarity, rival, supporters }: Neighbour): number {
  return similarity + Math.min(MOST_MARGIN, similarity - rival) + PER_SUPPORTER * supporters;
}
