import type { Logger } from 'pino';

import type { Storage } from './app-storage.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import { startSweep } from './core/sweep.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { PostgresPurgeStore } from './pipeline/cache/postgres-purge-store.ts';
import { Purges, oldPurges } from './pipeline/cache/purges.ts';
import { cacheRoutes } from './pipeline/cache/routes.ts';
import type { AnswerStore } from './pipeline/cache/store/answer-store.ts';
import { MemoryAnswers } from './pipeline/cache/store/memory-answers.ts';
import type { VerifiedSemanticCache } from './pipeline/cache/semantic/semantic-cache.ts';
import { PurgeLog } from './pipeline/cache/store/purge-log.ts';
import { RedisAnswers } from './pipeline/cache/store/redis-answers.ts';
import { TwoLevelAnswers } from './pipeline/cache/store/two-level-answers.ts';
import type { RedisConnection } from './storage/counters/redis.ts';

/** What they are made of. */
export interface AnswerParts {
  readonly storage: Pick<Storage, 'database' | 'follow' | 'refresh'>;
  /** What replicas share; undefined where there is no Redis. */
  readonly redis: RedisConnection | undefined;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  /** Purges delete what it keeps as well. */
  readonly semantic: Pick<VerifiedSemanticCache, 'purge' | 'view'>;
}

/** Where answers are kept, and how they are deleted. */
export interface Answers {
  readonly store: AnswerStore;
  /** This process's own, for the metrics. */
  readonly memory: MemoryAnswers;
  readonly routes: ReturnType<typeof cacheRoutes>;
}

/** @throws storage_unavailable */
export async function openAnswers(parts: AnswerParts, opened: OpenedParts): Promise<Answers> {
  const { storage, live, clock, log, semantic } = parts;
  const { maxSize, redis: shared } = live.config.cache;
  const purgeLog = new PurgeLog();
  const memory = new MemoryAnswers({ maxBytes: maxSize, clock, purges: purgeLog });
  const second =
    shared.enabled && parts.redis
      ? new RedisAnswers({ redis: parts.redis, clock, maxBytes: shared.maxSize })
      : undefined;
  const store = second ? new TwoLevelAnswers({ memory, redis: second, purges: purgeLog, clock }) : memory;
  const purgeStore = new PostgresPurgeStore(storage.database.orm);
  const purges = new Purges({
    store: purgeStore,
    log: purgeLog,
    apply: (filter) => store.purge(filter) + semantic.purge(filter),
    clock,
    scheduler: systemScheduler,
  });
  opened.keep(purges, (one) => one.close());
  await purges.start(storage);
  const old = oldPurges(purgeStore, clock, () => longestTtl(live));
  opened.keep(startSweep(old, { scheduler: systemScheduler, log }), (sweep) => sweep.close());
  const routes = cacheRoutes({
    purges,
    memory: () => memory.stats,
    redis: () => second?.stats() ?? Promise.resolve(undefined),
    semantic: () => semantic.view(),
  });
  return { store, memory, routes };
}

function longestTtl({ config }: LiveCatalog): number {
  const all = [config.defaults.cache, ...[...config.models.values()].map(({ cache }) => cache)];
  return Math.max(0, ...all.flatMap((cache) => [cache?.exact?.ttl ?? 0, cache?.semantic?.ttl ?? 0]));
}
