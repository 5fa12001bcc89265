import type { StoredAnswer } from '../../src/pipeline/cache/answer/stored-answer.ts';
import { type AnswerStore, type PurgeFilter, isPurged } from '../../src/pipeline/cache/store/answer-store.ts';

/** An AnswerStore without a bound, for tests; the answers are there at once, or one turn later. */
export class PlainAnswers implements AnswerStore {
  readonly answers = new Map<string, StoredAnswer>();
  readonly #now: () => number;
  /** Whether it is asked as another process is. */
  isFar = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): StoredAnswer | undefined | Promise<StoredAnswer | undefined> {
    const answer = this.answers.get(key);
    const found = answer && answer.expiresAt > this.#now() ? answer : undefined;
    return this.isFar ? Promise.resolve(found) : found;
  }

  set(answer: StoredAnswer): void {
    this.answers.set(answer.key, answer);
  }

  purge(filter: PurgeFilter): number {
    const gone = [...this.answers.values()].filter(({ labels, key }) => isPurged(labels, key, filter));
    for (const { key } of gone) this.answers.delete(key);
    return gone.length;
  }
}
