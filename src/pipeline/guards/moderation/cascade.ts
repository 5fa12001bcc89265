import { type Clock, systemClock } from '../../../core/clock.ts';
import { type Judge, JudgeFailed, JudgeNotAllowed, type JudgedText, type Judgement } from '../engine/judge.ts';

/** Between which scores of the first judge the strong one is asked. */
export interface CascadeBounds {
  /** What the first one scores below this passes at once. */
  readonly pass: number;
  /** What it scores above this is found at once. */
  readonly block: number;
}

export type CascadeOutcome = 'passes' | 'found' | 'unsure';

/** What the first judge's score means. A score on a bound is not clear. */
export function cascadeOutcome(score: number, { pass, block }: CascadeBounds): CascadeOutcome {
  if (score < pass) return 'passes';
  return score > block ? 'found' : 'unsure';
}

/**
 * Two judges as one: where the first is sure, its word is enough, and in the middle the strong one's counts alone. What
 * ends at the first has the score 0 or 1, so that no threshold decides it anew; its own score is in the detail. Where
 * the strong one does not say, nobody has said: the whole has failed.
 * @throws RangeError where `pass` is above `block`
 */
export function cascadeJudge(first: Judge, strong: Judge, bounds: CascadeBounds, clock: Clock = systemClock): Judge {
  const { pass, block } = bounds;
  if (!(pass <= block)) throw new RangeError(`the cascade's pass (${pass}) is above its block (${block})`);
  return {
    async ask(asked) {
      const began = clock.monotonic();
      const judged = await first.ask(asked);
      if (!Number.isFinite(judged.score)) throw new JudgeFailed('the first judge gave no score');
      const outcome = cascadeOutcome(judged.score, bounds);
      if (outcome !== 'unsure') return atFirst(judged, outcome);
      const allowedMs = asked.allowedMs - (clock.monotonic() - began);
      if (allowedMs <= 0) throw new JudgeFailed('the first judge took all the time that there was');
      const said = await askStrong(strong, { ...asked, allowedMs });
      return { ...said, detail: { ...said.detail, stage: 'strong', first: rounded(judged.score) } };
    },
  };
}

function atFirst(judged: Judgement, outcome: 'passes' | 'found'): Judgement {
  const { categories, detail, score } = judged;
  return {
    score: outcome === 'found' ? 1 : 0,
    categories,
    detail: { ...detail, stage: 'first', first: rounded(score) },
  };
}

/** Being kept from the call would leave it unjudged, which must not look as if there had been nothing to judge. */
async function askStrong(strong: Judge, asked: JudgedText): Promise<Judgement> {
  try {
    return await strong.ask(asked);
  } catch (error) {
    if (error instanceof JudgeNotAllowed) {
      throw new JudgeFailed(`the first judge was not sure, and the strong one was not asked: ${error.message}`, {
        cause: error,
      });
    }
    if (error instanceof JudgeFailed) {
      throw new JudgeFailed(`the first judge was not sure, and the strong one did not say: ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}

function rounded(score: number): number {
  return Math.round(score * 1e4) / 1e4;
}
