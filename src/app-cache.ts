import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { LocalFlights } from './pipeline/cache/coalesce/local-flights.ts';
import type { CacheDeps } from './pipeline/cache/deps.ts';
import { MemoryAnswers } from './pipeline/cache/store/memory-answers.ts';
import { registerCacheReadings } from './records/metrics/cache-metrics.ts';
import type { Registry } from './records/metrics/registry.ts';

interface Parts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly semantic: CacheDeps['semantic'];
  readonly registry: Registry;
}

/** What need not be asked twice. */
export function openCache({ live, clock, semantic, registry }: Parts): CacheDeps {
  const scheduler = systemScheduler;
  const store = new MemoryAnswers({ maxBytes: live.config.cache.maxSize, clock });
  registerCacheReadings(registry, () => store.stats);
  return {
    catalog: () => live.current,
    clock,
    scheduler,
    store,
    flights: new LocalFlights({ clock, scheduler, random: Math.random }),
    semantic,
  };
}
