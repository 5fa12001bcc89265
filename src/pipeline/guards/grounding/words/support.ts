import type { Claim } from './claims.ts';
import type { SourceIndex } from './source-index.ts';

/** How much of the score is for words anywhere in the sources; the rest is for words that stand together there. */
const ANYWHERE = 0.6;
/** What is left of a score where no number and no name of a claim is in the sources. */
const WITHOUT_FACTS = 0.2;

/** From which score on a claim counts as supported. Chosen, as all of it, on the half of the samples that is not held out. */
export const SUPPORTED = 0.65;

/** How much of a claim the sources say, 0 to 1. */
export function supportOf(sources: SourceIndex, { terms }: Pick<Claim, 'terms'>): number {
  const { anywhere, together, missingFacts } = sources.coverageOf(terms);
  return (ANYWHERE * anywhere + (1 - ANYWHERE) * together) * (1 - (1 - WITHOUT_FACTS) * missingFacts);
}
