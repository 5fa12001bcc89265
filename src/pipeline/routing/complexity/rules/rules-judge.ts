import type { Tier } from '../../../../core/routing.ts';
import { type Complexity, type ComplexityJudge, type TierThresholds, tierOf } from '../complexity.ts';
import type { ComplexityQuestion } from '../question.ts';
import { FaqList } from './faq.ts';
import { type Scored, scoreOf } from './score.ts';
import { signalsOf } from './signals.ts';

export interface RulesOptions {
  /** Questions that are always simple. */
  readonly faq?: readonly string[];
  readonly thresholds?: Partial<TierThresholds>;
}

/** Judges by words, length, history and what else is seen without asking anybody. In some microseconds. */
export class RulesJudge implements ComplexityJudge {
  readonly #faq: FaqList;
  readonly #thresholds: Partial<TierThresholds>;

  constructor({ faq = [], thresholds = {} }: RulesOptions = {}) {
    this.#faq = new FaqList(faq);
    this.#thresholds = thresholds;
  }

  /** Whether it is one of the questions that are always simple. */
  lists({ asked, media }: ComplexityQuestion): boolean {
    return !media && this.#faq.has(asked);
  }

  judge(question: ComplexityQuestion): Complexity {
    if (this.lists(question)) {
      return { tier: 'simple', score: 0, reason: 'a question of the FAQ list' };
    }
    const scored = scoreOf(signalsOf(question));
    const tier = tierOf(scored.score, this.#thresholds);
    return { tier, score: scored.score, reason: reasonOf(tier, scored) };
  }
}

const MOST_REASONS = 4;
/** Less is not worth a word. */
const LEAST_POINTS = 0.03;

function reasonOf(tier: Tier, { points }: Scored): string {
  const told = tier === 'simple' ? points : points.filter(({ points: own }) => own > 0);
  const says = told
    .filter(({ points: own }) => Math.abs(own) >= LEAST_POINTS)
    .slice(0, MOST_REASONS)
    .map((point) => point.says);
  return says.length === 0 ? 'a short question with nothing special' : `question with ${listed(says)}`;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
