import type { Call } from '../../core/call.ts';
import type { SemanticPolicy } from '../../core/caching.ts';
import type { Clock } from '../../core/clock.ts';
import type { Reply } from '../../core/reply.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { Handler } from '../../core/stage.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { StoredAnswer } from './answer/stored-answer.ts';
import type { CacheKey } from './key/cache-key.ts';
import type { AnswerStore, PurgeFilter } from './store/answer-store.ts';

/** What the cache stage works with. */
export interface CacheDeps {
  catalog(): ModelCatalog;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly store: AnswerStore;
  readonly flights: Flights;
  readonly semantic: SemanticCache;
}

/** Identical requests that are under way are one. */
export interface Flights {
  /**
   * Joins the request under way of the same name, or becomes it. Who joins is told so in `call.cache` and
   * `call.savings`; where the other one fails, it goes on by itself as its policy has it.
   * @param name of everything that decides what bytes the client gets
   * @param ask asks the provider, and keeps the answer
   */
  run(name: string, call: Call, ask: Handler): Promise<Reply>;
}

/** What the semantic cache says of a request. */
export type SemanticVerdict =
  | { readonly kind: 'serve'; readonly answer: StoredAnswer }
  /** The model has to be asked. `learn` is told its answer: to compare, and to keep. It is called once or never. */
  | { readonly kind: 'ask'; learn?(answer: StoredAnswer): void };

export interface SemanticCache {
  /** Never throws: where vectors cannot be had in time the model is asked. */
  look(call: Call, key: CacheKey, policy: SemanticPolicy): Promise<SemanticVerdict>;
  /** Deletes entries with their vectors. @returns how many */
  purge(filter: PurgeFilter): number;
}
