import type { Logger } from 'pino';

import type { Call } from './core/call.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { Price } from './models/pricing/price.ts';
import { leastCachedTokens } from './models/providers/anthropic/cache-minimum.ts';
import type { OpenedParts } from './opened-parts.ts';
import { BreakpointGuard } from './pipeline/prompt-cache/breakpoint-guard.ts';
import { PromptCacheDoctor } from './pipeline/prompt-cache/doctor/doctor.ts';
import { FallWatch } from './pipeline/prompt-cache/doctor/fall-watch.ts';
import { hitRatios } from './pipeline/prompt-cache/doctor/hit-ratios.ts';
import { promptCacheRoutes } from './pipeline/prompt-cache/routes.ts';
import type { Events } from './records/events/event.ts';
import type { CallRecord } from './records/journal/record.ts';
import type { PromptCacheMetrics } from './records/metrics/prompt-cache-metrics.ts';
import { recordPolicies } from './records/policies.ts';

interface PromptCacheParts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
  readonly metrics: PromptCacheMetrics;
}

/**
 * What is done for providers' prompt caches (`stage`), who looks at them (`observe` is told of every request that has
 * ended), and where that is shown.
 */
export function openPromptCache({ live, clock, log, events, metrics }: PromptCacheParts, opened: OpenedParts) {
  const priceOf = (target: string): Price | undefined => priceOfTarget(live, target);
  const guard = new BreakpointGuard();
  const onFailure = (err: unknown): void => log.warn({ err }, 'a prompt could not be looked at by the cache doctor');
  const doctor = new PromptCacheDoctor({ clock, priceOf, leastTokens: leastCachedTokens, metrics, onFailure });
  metrics.follow(() => hitRatios(doctor.groups, clock.monotonic()));
  opened.keep(new FallWatch({ doctor, clock, scheduler: systemScheduler, events }), (watch) => watch.close());
  const policyOf = recordPolicies(() => live.config.records);
  return {
    stage: { guard },
    observe: (call: Call, record: CallRecord): void => doctor.observe(call, record),
    routes: promptCacheRoutes({ doctor, guard, clock, policyOf }),
  };
}

/** Undefined also where the provider is gone since. */
function priceOfTarget({ current }: LiveCatalog, target: string): Price | undefined {
  const slash = target.indexOf('/');
  const provider = current.providers.find(({ name }) => name === target.slice(0, slash));
  return provider && current.priceOf(provider, target.slice(slash + 1));
}
