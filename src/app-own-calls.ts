import type { Call } from './core/call.ts';
import { type Clock } from './core/clock.ts';
import { type Handler, compose } from './core/stage.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { ownCostStage } from './models/own-calls/own-costs.ts';
import type { AskDeps } from './models/own-calls/ask-text.ts';
import type { OpenedParts } from './opened-parts.ts';
import { type QuotaDeps, quotaStage } from './pipeline/quotas/stage.ts';
import type { Recorder } from './pipeline/recording/stage.ts';
import type { RouteDeps } from './pipeline/resilience/route/route-deps.ts';
import { attemptStage } from './pipeline/resilience/stage.ts';

interface Parts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly recorder: Recorder;
  /** Budgets without limits: what the gateway asks for itself counts as nobody's request. */
  readonly budgets: QuotaDeps;
  readonly attempt: RouteDeps;
}

/** The short ways that requests of the gateway's own go. They are given up at a shutdown. */
export interface OwnCalls {
  /** On behalf of a caller, whose budgets pay. */
  readonly asking: AskDeps;
  /** For the gateway itself: recorded, and counted in nobody's budget. */
  readonly unbudgeted: Handler;
}

export function openOwnCalls({ live, clock, recorder, budgets, attempt }: Parts, opened: OpenedParts): OwnCalls {
  const underWay = new Set<Call>();
  const kept = (handler: Handler): Handler => {
    return async (own) => {
      underWay.add(own);
      try {
        return await handler(own);
      } finally {
        underWay.delete(own);
      }
    };
  };
  opened.keep(underWay, (all) => {
    for (const { cancellation } of all) cancellation.cancel('shutdown');
  });
  const ask = kept(compose([recorder.stage, quotaStage(budgets), ownCostStage, attemptStage(attempt)]));
  const unbudgeted = kept(compose([recorder.stage, attemptStage(attempt)]));
  return { asking: { clock, catalog: () => live.current, ask }, unbudgeted };
}
