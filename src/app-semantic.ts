import type { Logger } from 'pino';

import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import { compose } from './core/stage.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { openSemanticCache } from './pipeline/cache/semantic/open.ts';
import { ownCostStage } from './models/own-calls/own-costs.ts';
import type { VerifiedSemanticCache } from './pipeline/cache/semantic/semantic-cache.ts';
import { type QuotaDeps, quotaStage } from './pipeline/quotas/stage.ts';
import type { Recorder } from './pipeline/recording/stage.ts';
import type { RouteDeps } from './pipeline/resilience/route/route-deps.ts';
import { attemptStage } from './pipeline/resilience/stage.ts';

interface Parts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: Recorder;
  /** Budgets without limits: what the cache asks for itself counts as nobody's request. */
  readonly budgets: QuotaDeps;
  readonly attempt: RouteDeps;
}

/** Answers to requests that mean the same, and the short way that its own requests go. */
export function openSemantic(parts: Parts, opened: OpenedParts): VerifiedSemanticCache {
  const { live, clock, log, recorder, budgets, attempt } = parts;
  const semantic = openSemanticCache({
    catalog: () => live.current,
    clock,
    scheduler: systemScheduler,
    random: Math.random,
    maxBytes: live.config.cache.maxSize,
    encoderFolder: live.config.cache.encoder,
    ask: compose([recorder.stage, quotaStage(budgets), ownCostStage, attemptStage(attempt)]),
    said: (level, text) => log[level](text),
  });
  opened.keep(semantic, (one) => one.close());
  live.watch(() => {
    if (usesOwnEncoder(live)) semantic.warm();
  });
  return semantic.cache;
}

/** Whether some model turns it on without naming an embedder. */
function usesOwnEncoder({ config }: LiveCatalog): boolean {
  const all = [config.defaults.cache, ...[...config.models.values()].map(({ cache }) => cache)];
  return all.some((cache) => cache?.enabled === true && cache.semantic !== undefined && !cache.semantic.embedder);
}
