import { type AnswerParts, type Answers, openAnswers } from './app-answers.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { OpenedParts } from './opened-parts.ts';
import { LocalFlights } from './pipeline/cache/coalesce/local-flights.ts';
import type { CacheDeps } from './pipeline/cache/deps.ts';
import { registerCacheReadings } from './records/metrics/cache-metrics.ts';
import type { Registry } from './records/metrics/registry.ts';

interface CacheParts extends AnswerParts {
  readonly semantic: CacheDeps['semantic'];
  readonly registry: Registry;
}

/** What the stage works with, and what admins see of it. */
export interface CacheRoom extends Pick<Answers, 'routes'> {
  readonly stage: CacheDeps;
}

/**
 * What need not be asked twice.
 * @throws storage_unavailable; RangeError where REDIS_URL is no address
 */
export async function openCache(parts: CacheParts, opened: OpenedParts): Promise<CacheRoom> {
  const { live, clock, semantic, registry } = parts;
  const scheduler = systemScheduler;
  const { store, memory, routes } = await openAnswers(parts, opened);
  registerCacheReadings(registry, () => memory.stats);
  return {
    routes,
    stage: {
      catalog: () => live.current,
      clock,
      scheduler,
      store,
      flights: new LocalFlights({ clock, scheduler, random: Math.random }),
      semantic,
    },
  };
}
