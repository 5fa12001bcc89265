import type { Config } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import { systemScheduler } from '../core/scheduler.ts';
import { compose } from '../core/stage.ts';
import { LiveCatalog } from '../live-catalog.ts';
import type { ModelCatalog } from '../models/catalog.ts';
import { HttpTransport } from '../models/transport/http-transport.ts';
import { JudgementMemory } from '../pipeline/guards/remote/memory.ts';
import type { JudgeDeps } from '../pipeline/guards/remote/judges.ts';
import { KeyPools } from '../pipeline/resilience/keys/key-pools.ts';
import { RetryBudgets } from '../pipeline/resilience/retry/retry-budgets.ts';
import { TargetStates } from '../pipeline/resilience/route/target-state.ts';
import { attemptStage } from '../pipeline/resilience/stage.ts';

/** What was spent on questions. */
export interface Spent {
  nanoUsd: number;
  /** False where one of them has no known price. */
  known: boolean;
}

/** How judges are asked outside of a gateway: with the keys of the configuration, and without records and budgets. */
export interface OpenedProviders {
  readonly deps: JudgeDeps;
  readonly catalog: ModelCatalog;
  readonly spent: Spent;
  close(): Promise<void>;
}

export function openProviders(config: Config): OpenedProviders {
  const live = new LiveCatalog(config, new Map(), systemClock);
  const transport = new HttpTransport();
  const spent: Spent = { nanoUsd: 0, known: true };
  const ask = compose([attemptsOf(live)]);
  return {
    catalog: live.current,
    spent,
    deps: {
      clock: systemClock,
      scheduler: systemScheduler,
      services: config.guardServices,
      transport,
      memory: new JudgementMemory(systemClock),
      asking: {
        clock: systemClock,
        catalog: () => live.current,
        async ask(own) {
          try {
            return await ask(own);
          } finally {
            const { nanoUsd, known } = own.attempts.cost;
            spent.nanoUsd += nanoUsd;
            spent.known &&= known;
          }
        },
      },
    },
    async close() {
      await Promise.all([live.close(), transport.close()]);
    },
  };
}

/** Keys that are refused, and breakers that open, show in the answers. */
function nobody(): void {}

function attemptsOf(live: LiveCatalog) {
  return attemptStage({
    catalog: () => live.current,
    clock: systemClock,
    scheduler: systemScheduler,
    random: Math.random,
    batcher: live.batcher,
    holdHeadersMs: () => live.config.server.holdHeaders,
    exportsTraces: () => false,
    targets: new TargetStates({ clock: systemClock, scheduler: systemScheduler, onBreaker: nobody }),
    budgets: new RetryBudgets(systemClock),
    keys: new KeyPools({ clock: systemClock, random: Math.random, onKeyRefused: nobody, onKeyAccepted: nobody }),
    isReady: () => true,
  });
}
