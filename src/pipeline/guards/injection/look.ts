import type { Sign } from './weights.ts';
import { WINDOW } from './window.ts';
import type { Chance } from './words/survey.ts';

/** A sign, and where it stands in the folded text. */
export interface Hit {
  readonly sign: Sign;
  readonly start: number;
  readonly end: number;
}

/** So many of one sign are looked for in each {@link STRETCH} of a text. More of them say nothing more. */
const MOST_OF_ONE = 6;
const STRETCH = WINDOW / 2;

/** What was found of one sign. */
interface Seen {
  end: number;
  /** Where the stretch began that it is counted in. */
  readonly stretch: number;
  count: number;
}

/** Tries the rules where they have a chance, in their order. */
export function look(
  folded: string,
  chances: readonly Chance[],
  isUpperAt: (start: number, end: number) => boolean,
): Hit[] {
  const hits: Hit[] = [];
  if (chances.length === 0) return hits;
  /** In most texts nothing is. */
  let allSeen: Map<Sign, Seen> | undefined;
  for (const { at, rules } of chances) {
    for (const { sign, pattern, isUpper } of rules) {
      const seen = allSeen?.get(sign);
      // What was found is not found again a word later.
      if (seen && (at < seen.end || (seen.count >= MOST_OF_ONE && at < seen.stretch + STRETCH))) continue;
      pattern.lastIndex = at;
      if (!pattern.test(folded)) continue;
      const end = pattern.lastIndex;
      if (isUpper && !isUpperAt(at, end)) continue;
      if (seen && at < seen.stretch + STRETCH) {
        seen.end = end;
        seen.count++;
      } else (allSeen ??= new Map()).set(sign, { end, stretch: at, count: 1 });
      hits.push({ sign, start: at, end });
    }
  }
  return hits;
}
