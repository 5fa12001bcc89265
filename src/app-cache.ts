import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { CacheDeps } from './pipeline/cache/deps.ts';

interface Parts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
}

/** What need not be asked twice. */
export function openCache({ live, clock }: Parts): CacheDeps {
  return {
    catalog: () => live.current,
    clock,
    scheduler: systemScheduler,
    store: { get: () => undefined, set: () => {}, purge: () => 0 },
    flights: { run: (_name, call, ask) => ask(call) },
    semantic: { look: () => Promise.resolve({ kind: 'ask' }), purge: () => 0 },
  };
}
