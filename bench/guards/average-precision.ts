/** Something that was scored, and whether it is what was looked for. */
export interface Ranked {
  readonly score: number;
  readonly isRight: boolean;
}

/**
 * The area under precision over recall, as average precision; those of one score come in together.
 * @param all how many there are to be found, also those that have no score
 */
export function averagePrecision(ranked: readonly Ranked[], all: number): number {
  const sorted = ranked.toSorted((one, other) => other.score - one.score);
  let area = 0;
  let right = 0;
  let counted = 0;
  for (const [at, { isRight, score }] of sorted.entries()) {
    right += isRight ? 1 : 0;
    if (sorted[at + 1]?.score === score) continue;
    area += ((right - counted) / all) * (right / (at + 1));
    counted = right;
  }
  return area;
}
