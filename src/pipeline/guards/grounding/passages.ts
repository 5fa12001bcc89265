import { inTurns } from './slices.ts';
import type { Claim } from './words/claims.ts';
import { keysIn } from './words/terms.ts';

/** One passage, and all that a judge is shown. UTF-16 units. */
const PASSAGE_CHARS = 1500;
const MOST_CHARS = 48_000;

/** What a judge is shown of the sources: all, or of long ones the passages that have the most in common with the claims. */
export async function passagesFor(claims: readonly Claim[], sources: readonly string[]): Promise<readonly string[]> {
  if (sources.reduce((sum, { length }) => sum + length, 0) <= MOST_CHARS) return sources;
  const weights = new Map<string, number>();
  for (const { terms } of claims) for (const { key, weight } of terms) weights.set(key, weight);
  const rated: { readonly at: number; readonly passage: string; readonly score: number }[] = [];
  for await (const passage of inTurns(sources, PASSAGE_CHARS)) {
    let score = 0;
    for (const key of keysIn(passage)) score += weights.get(key) ?? 0;
    rated.push({ at: rated.length, passage, score });
  }
  const best = rated.toSorted((one, other) => other.score - one.score).slice(0, Math.floor(MOST_CHARS / PASSAGE_CHARS));
  return best.toSorted((one, other) => one.at - other.at).map(({ passage }) => passage);
}
