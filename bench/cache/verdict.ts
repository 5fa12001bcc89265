import { type Share, hits, intervalOf, percent, ratioOf, semanticHits, sumOf, wrongOfSemantic } from './figures.ts';
import type { Outcome } from './replay.ts';

export interface FixedRow {
  readonly threshold: number;
  readonly outcomes: readonly Outcome[];
}

export interface Verdict {
  readonly text: string;
  /** False where a seed's wrong answers are more than chance makes of the bound. */
  readonly isHeld: boolean;
  /** False where some fixed threshold that was as accurate as this had as many hits. */
  readonly isBest: boolean;
}

/** What the figures of one bound on one data set come to. */
export function verdictOf(maxErrorRate: number, outcomes: readonly Outcome[], fixed: readonly FixedRow[]): Verdict {
  const bound = `verified at ${percent(maxErrorRate, 0)}`;
  const all = sumOf(outcomes);
  if (all.semantic === 0) {
    return { isHeld: true, isBest: true, text: `${bound}: serves nothing: ${whyNothing(maxErrorRate, fixed)}` };
  }
  const over = outcomes.filter((outcome) => ratioOf(wrongOfSemantic(outcome)) > maxErrorRate);
  const beyondChance = over.filter((outcome) => intervalOf(wrongOfSemantic(outcome))[0] > maxErrorRate);
  const worst = Math.max(...outcomes.map((outcome) => ratioOf(wrongOfSemantic(outcome))));
  const held = `held in ${outcomes.length - over.length} of ${outcomes.length} seeds, worst ${percent(worst, 2)}`;
  const excuse = over.length > 0 && beyondChance.length === 0 ? ' (within chance, by its interval)' : '';
  const accurate = asAccurate(ratioOf(wrongOfSemantic(all)), fixed)[0];
  return {
    isHeld: beyondChance.length === 0,
    isBest: accurate === undefined || ratioOf(hits(all)) > ratioOf(hits(accurate.all)),
    text: `${bound}: wrong ÷ semantic hits ${held}${excuse}; ${comparison(maxErrorRate, all, fixed)}`,
  };
}

/** Hits that some fixed threshold would have had within the bound, from which there was something to gain. */
const WORTH_IT = 0.01;

function whyNothing(maxErrorRate: number, fixed: readonly FixedRow[]): string {
  const could = fixed
    .map(({ outcomes }) => sumOf(outcomes))
    .some((all) => ratioOf(wrongOfSemantic(all)) <= maxErrorRate && ratioOf(semanticHits(all)) >= WORTH_IT);
  return could ? 'too few labels to be sure' : 'the embedder is too weak here';
}

/** With the best fixed threshold that is as accurate: as the verified cache was here, and as the bound asks. */
function comparison(maxErrorRate: number, verified: Outcome, fixed: readonly FixedRow[]): string {
  const own = against(ratioOf(wrongOfSemantic(verified)), verified, fixed);
  const allowed = against(maxErrorRate, verified, fixed);
  return `best fixed threshold as accurate as it: ${own}; best within the bound, chosen afterwards: ${allowed}`;
}

/** Fixed thresholds with no larger share of wrong answers, those with most hits first. */
function asAccurate(mostWrong: number, fixed: readonly FixedRow[]): { threshold: number; all: Outcome }[] {
  return fixed
    .map(({ threshold, outcomes }) => ({ threshold, all: sumOf(outcomes) }))
    .filter(({ all }) => all.semantic > 0 && ratioOf(wrongOfSemantic(all)) <= mostWrong)
    .toSorted((one, other) => ratioOf(hits(other.all)) - ratioOf(hits(one.all)));
}

function against(mostWrong: number, verified: Outcome, fixed: readonly FixedRow[]): string {
  const [best] = asAccurate(mostWrong, fixed);
  if (best === undefined) return 'none';
  const beats = (of: (outcome: Outcome) => Share): string =>
    ratioOf(of(verified)) > ratioOf(of(best.all)) ? 'beaten' : 'not beaten';
  const semantic = `${percent(ratioOf(semanticHits(best.all)))} semantic hits (${beats(semanticHits)})`;
  return `${best.threshold} with ${percent(ratioOf(hits(best.all)))} hits in all (${beats(hits)}), ${semantic}`;
}
