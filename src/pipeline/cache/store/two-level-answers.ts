import type { Clock } from '../../../core/clock.ts';
import { decodeAnswer, encodeAnswer } from '../answer/codec.ts';
import type { StoredAnswer } from '../answer/stored-answer.ts';
import type { AnswerStore, PurgeFilter } from './answer-store.ts';
import type { MemoryAnswers } from './memory-answers.ts';
import type { PurgeLog } from './purge-log.ts';
import type { RedisAnswers } from './redis-answers.ts';

export interface TwoLevelOptions {
  readonly memory: MemoryAnswers;
  readonly redis: RedisAnswers;
  /** What was purged anywhere: the shared level may still have it. */
  readonly purges: Pick<PurgeLog, 'covers'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** This process's own answers first, then those that all replicas share, which become its own. */
export class TwoLevelAnswers implements AnswerStore {
  readonly #memory: MemoryAnswers;
  readonly #redis: RedisAnswers;
  readonly #purges: Pick<PurgeLog, 'covers'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor({ memory, redis, purges, clock }: TwoLevelOptions) {
    this.#memory = memory;
    this.#redis = redis;
    this.#purges = purges;
    this.#clock = clock;
  }

  get(key: string): StoredAnswer | undefined | Promise<StoredAnswer | undefined> {
    const own = this.#memory.get(key);
    return own || !this.#redis.ready ? own : this.#shared(key);
  }

  set(answer: StoredAnswer): void {
    // It was asked for before a purge, and came after it.
    if (this.#purges.covers(answer)) return;
    const encoded = encodeAnswer(answer);
    this.#memory.setEncoded(answer, encoded);
    this.#redis.set(answer, encoded);
  }

  purge(filter: PurgeFilter): number {
    if (filter.key !== undefined) this.#redis.delete(filter.key);
    return this.#memory.purge(filter);
  }

  async #shared(key: string): Promise<StoredAnswer | undefined> {
    const encoded = await this.#redis.get(key);
    const answer = encoded && decodeAnswer(encoded);
    if (!encoded || (answer && (answer.key !== key || answer.expiresAt <= this.#clock.now()))) return undefined;
    // One that nobody can read, or that was purged, is in nobody's way any more.
    if (!answer || this.#purges.covers(answer)) {
      this.#redis.delete(key);
      return undefined;
    }
    // One that was kept here meanwhile is newer.
    if (!this.#memory.has(key)) this.#memory.setEncoded(answer, encoded);
    return answer;
  }
}
