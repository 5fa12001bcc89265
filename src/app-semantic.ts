import type { OwnCalls } from './app-own-calls.ts';
import type { Vectors } from './app-vectors.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { VerifiedSemanticCache } from './pipeline/cache/semantic/semantic-cache.ts';

interface Parts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly vectors: Vectors;
  readonly ownCalls: OwnCalls;
}

/** Answers to requests that mean the same. */
export function openSemantic({ live, clock, vectors, ownCalls }: Parts, opened: OpenedParts): VerifiedSemanticCache {
  const cache = new VerifiedSemanticCache(
    {
      catalog: () => live.current,
      clock,
      scheduler: systemScheduler,
      random: Math.random,
      maxBytes: live.config.cache.maxSize,
      ask: ownCalls.asking.ask,
    },
    vectors.link,
  );
  vectors.onLost(() => cache.clear());
  opened.keep(cache, (one) => one.close());
  live.watch(() => {
    if (usesOwnEncoder(live)) vectors.link.warm();
  });
  return cache;
}

/** Whether some model turns it on without naming an embedder. */
function usesOwnEncoder({ config }: LiveCatalog): boolean {
  const all = [config.defaults.cache, ...[...config.models.values()].map(({ cache }) => cache)];
  return all.some((cache) => cache?.enabled === true && cache.semantic !== undefined && !cache.semantic.embedder);
}
