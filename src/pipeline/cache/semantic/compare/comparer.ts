import type { StoredAnswer } from '../../answer/stored-answer.ts';
import type { MadeVector } from '../../../../models/vectors/embed/messages.ts';
import type { Entry } from '../entries/entry.ts';
import { type JudgeDeps, judge } from '../own/judge.ts';
import { embedByTarget } from '../own/target-embedder.ts';
import type { Question } from '../question.ts';
import { textOf } from './answer-text.ts';
import { type Gist, gistOf, isLong, sayTheSame } from './gist.ts';

/** What encoders read of a text, and what a judge is asked about. Code units; longer answers are not compared. */
const LONGEST = 4000;
const LONGEST_JUDGED = 16_000;

/** Finds out whether two answers say the same. */
export class Comparer {
  readonly #deps: JudgeDeps;
  readonly #encode: (text: string) => Promise<MadeVector | undefined>;

  /** @param encode by the encoders of this process */
  constructor(deps: JudgeDeps, encode: (text: string) => Promise<MadeVector | undefined>) {
    this.#deps = deps;
    this.#encode = encode;
  }

  /** Undefined where the answer is no text, or one that cannot be compared. */
  async gistOf({ call, policy, target }: Question, answer: StoredAnswer): Promise<Gist | undefined> {
    const text = textOf(this.#deps.catalog(), call, answer);
    if (text === undefined || text.length > (policy.judge ? LONGEST_JUDGED : LONGEST)) return undefined;
    if (!isLong(text) || policy.judge) return gistOf(text);
    const made = target ? await embedByTarget(this.#deps, call, target, text) : await this.#encode(text);
    return made && gistOf(text, { space: made.space, vector: made.vector });
  }

  /**
   * Whether the answers to a question and to the one that is near say the same.
   * @returns undefined where nobody can tell
   */
  async areSame({ call, policy, asked }: Question, stored: Gist, now: Gist): Promise<boolean | undefined> {
    const same = sayTheSame(stored, now);
    if (!policy.judge || same === true || !stored.long || !now.long) return same;
    return judge(this.#deps, call, policy.judge, { asked, one: stored.long.text, other: now.long.text });
  }

  /** The name of an answer that says the same, as far as that can be told without asking anybody. */
  nameAmong(entries: readonly Entry[], gist: Gist): string | undefined {
    return entries.find((entry) => sayTheSame(entry.gist, gist) === true)?.answerName;
  }
}
