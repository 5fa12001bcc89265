import type { Logger } from 'pino';

import { type OwnCalls, openOwnCalls } from './app-own-calls.ts';
import type { Quotas } from './app-quotas.ts';
import type { Records } from './app-records.ts';
import type { Resilience } from './app-resilience.ts';
import { type Routing, openRouting } from './app-routing.ts';
import { openSemantic } from './app-semantic.ts';
import { openShadows } from './app-shadow.ts';
import type { Storage } from './app-storage.ts';
import { type Vectors, openVectors } from './app-vectors.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import type { VerifiedSemanticCache } from './pipeline/cache/semantic/semantic-cache.ts';
import { type PromptDeps, applyPrompt, promptStage } from './pipeline/prompts/stage.ts';
import type { Recorder } from './pipeline/recording/stage.ts';
import { attemptStage } from './pipeline/resilience/stage.ts';
import type { OpenedRollouts } from './pipeline/rollouts/open-rollouts.ts';
import type { CascadeDeps } from './pipeline/routing/cascade/deps.ts';
import { ruleStage } from './pipeline/routing/rules/stage.ts';
import { routeStage } from './pipeline/routing/stage.ts';
import type { Shadow } from './pipeline/shadow/open-shadow.ts';
import type { LoadMonitor } from './pipeline/shield/load-monitor.ts';
import type { Events } from './records/events/event.ts';

interface Parts {
  readonly storage: Storage;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: Recorder;
  readonly metrics: Records['metrics'];
  readonly quotas: Quotas;
  readonly resilience: Resilience;
  readonly load: LoadMonitor;
  readonly trials: OpenedRollouts;
  readonly events: Events;
}

/** What chooses answers and targets, and asks models for that by itself. */
export interface Choosing {
  readonly semantic: VerifiedSemanticCache;
  readonly prompts: PromptDeps;
  readonly routing: Routing;
  readonly cascade: CascadeDeps;
  readonly shadow: Shadow;
  readonly ownCalls: OwnCalls;
  readonly vectors: Pick<Vectors['link'], 'state'>;
}

/** @throws storage_unavailable */
export async function openChoosing(parts: Parts, opened: OpenedParts): Promise<Choosing> {
  const { storage, live, clock, log, recorder, metrics, quotas, resilience, trials } = parts;
  const budgets = quotas.budgetDeps(metrics);
  const vectors = openVectors({ live, log }, opened);
  const ownCalls: OwnCalls = openOwnCalls({ live, clock, recorder, budgets, attempt: resilience }, opened);
  // What is tried is the operator's, and so is what judges cost.
  trials.judgeWith({ ...ownCalls.asking, ask: ownCalls.unbudgeted });
  const semantic = openSemantic({ live, clock, vectors, ownCalls }, opened);
  const prompts: PromptDeps = { catalog: () => live.current };
  const routing = await openRouting({
    storage,
    live,
    clock,
    log,
    vectors,
    ownCalls,
    resilience,
    assign(call) {
      call.assignment = trials.rollouts.assign(call, live.current.assign(call.facts.model));
      applyPrompt(prompts, call);
    },
  });
  const shadow = openShadows(
    {
      ...parts,
      orm: storage.database.orm,
      rollouts: trials,
      budgets,
      link: vectors.link,
      registry: metrics.registry,
      stages: {
        prompt: promptStage(prompts),
        recorder: recorder.stage,
        // Without what asks further models: their costs would not be the shadow's.
        route: [ruleStage, routeStage(routing.unasked), attemptStage(resilience)],
      },
    },
    opened,
  );
  const cascade: CascadeDeps = { ...ownCalls.asking, scheduler: systemScheduler };
  return { semantic, prompts, routing, cascade, shadow, ownCalls, vectors: vectors.link };
}
