import type { Logger } from 'pino';

import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { ReadinessProbe } from './models/readiness/readiness-probe.ts';
import { KeyPools } from './pipeline/resilience/keys/key-pools.ts';
import { RetryBudgets } from './pipeline/resilience/retry/retry-budgets.ts';
import type { RouteDeps } from './pipeline/resilience/route/route-deps.ts';
import { TargetStates } from './pipeline/resilience/route/target-state.ts';

interface Parts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly readiness: ReadinessProbe;
  /** Whether traces are exported, so that every request to a provider belongs to one. */
  readonly exportsTraces: boolean;
}

/** With all that the metrics and the admin API show of it. */
export interface Resilience extends RouteDeps {
  readonly keys: KeyPools;
}

/** What the way to the targets is made of, and remembers of them. */
export function openResilience({ live, clock, log, readiness, exportsTraces }: Parts): Resilience {
  const scheduler = systemScheduler;
  const targets = new TargetStates({
    clock,
    scheduler,
    onBreaker(target, state, cause) {
      if (state === 'open') log.warn({ target, cause }, 'a target failed too often and is left alone for a while');
      else if (state === 'closed') log.info({ target }, 'a target is asked again');
    },
  });
  return {
    catalog: () => live.current,
    clock,
    scheduler,
    random: Math.random,
    batcher: live.batcher,
    holdHeadersMs: () => live.config.server.holdHeaders,
    exportsTraces: () => exportsTraces,
    targets,
    budgets: new RetryBudgets(clock),
    keys: openKeys(clock, log),
    isReady: ({ provider, model }) => readiness.isReady(provider, model) !== false,
  };
}

/** A refused key is what an operator has to see to; the last one of a provider is an outage. */
function openKeys(clock: Clock, log: Logger): KeyPools {
  return new KeyPools({
    clock,
    random: Math.random,
    onKeyRefused({ left, ...refusal }) {
      // One model that the account may not use is no outage of the provider.
      if (refusal.model !== undefined) log.warn(refusal, 'a provider key was refused for a model and rests for it');
      else if (left > 0) log.warn({ ...refusal, left }, 'a provider key was refused and rests; the others are used');
      else log.error(refusal, 'the last key of a provider was refused: it cannot be reached until a key is replaced');
    },
    onKeyAccepted: (key) => log.info(key, 'a provider key that was refused is accepted again'),
  });
}
