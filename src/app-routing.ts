import type { Logger } from 'pino';

import type { OwnCalls } from './app-own-calls.ts';
import type { Resilience } from './app-resilience.ts';
import type { Storage } from './app-storage.ts';
import type { Vectors } from './app-vectors.ts';
import { type Call, targetName } from './core/call.ts';
import type { Clock } from './core/clock.ts';
import type { RoutePlan } from './core/routing.ts';
import { systemScheduler } from './core/scheduler.ts';
import { estimateCall } from './edge/estimate-call.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { TargetHealth } from './pipeline/routing/choose/see.ts';
import { ExampleDirectory } from './pipeline/routing/examples/example-directory.ts';
import { Learner, type Opinion } from './pipeline/routing/examples/learner.ts';
import { PostgresExampleStore } from './pipeline/routing/examples/postgres-example-store.ts';
import { exampleRoutes } from './pipeline/routing/examples/routes.ts';
import { Judges } from './pipeline/routing/judges/judges.ts';
import { requestCosts } from './pipeline/routing/judges/request-costs.ts';
import { routeRoutes } from './pipeline/routing/routes.ts';
import { RoutingSignals } from './pipeline/routing/signals/routing-signals.ts';
import type { RouteStageDeps } from './pipeline/routing/stage.ts';

interface Parts {
  readonly storage: Storage;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly vectors: Vectors;
  readonly ownCalls: OwnCalls;
  readonly resilience: Resilience;
  /** What a request's model means, with all that is tried of it, and the prompt and parameters that it puts in. */
  assign(call: Call): void;
}

/** How targets are chosen, with all that the admin API shows of it. */
export interface Routing {
  readonly stage: RouteStageDeps;
  /** The same where no model may be asked how demanding a request is: the rules say. */
  readonly unasked: RouteStageDeps;
  /** What is said of answers, to learn from. */
  heard(opinion: Opinion): void;
  readonly routes: readonly ReturnType<typeof routeRoutes>[];
}

/** @throws storage_unavailable */
export async function openRouting(parts: Parts): Promise<Routing> {
  const { live, clock, vectors, ownCalls, resilience } = parts;
  const signals = new RoutingSignals();
  const catalog: RouteStageDeps['catalog'] = () => live.current;
  const judges = new Judges({
    desk: vectors.link,
    clock,
    scheduler: systemScheduler,
    asking: ownCalls.asking,
    costsOf: (call, plan) => requestCosts(live.current, signals, call, plan),
  });
  vectors.onLost(() => judges.restore());
  const stage: RouteStageDeps = {
    catalog,
    clock,
    random: Math.random,
    signals,
    health: healthOf(resilience),
    complexity: (call, plan) => judges.judge(call, plan),
  };
  const examples = await openExamples(parts, judges);
  const callOf = requestsOf(clock);
  return {
    stage,
    unasked: { ...stage, complexity: (call, plan) => judges.unasked(call, plan) },
    heard: examples.heard,
    routes: [routeRoutes({ ...stage, callOf, assign: (call) => parts.assign(call) }), examples.routes],
  };
}

/** A request as a call that nobody sends. */
function requestsOf(clock: Clock) {
  const context = { clock, limits: { trustedProxies: 0 } };
  return (
    ...[endpoint, body, headers]: [string, Parameters<typeof estimateCall>[2], Readonly<Record<string, string>>?]
  ) => estimateCall(context, endpoint, body, headers);
}

function healthOf(resilience: Resilience): TargetHealth {
  return {
    isOpen(target, policy) {
      if (!resilience.isReady(target)) return true;
      return policy !== undefined && resilience.targets.of(targetName(target), policy).breaker.state === 'open';
    },
  };
}

async function openExamples({ storage, live, clock, log, vectors }: Parts, judges: Judges) {
  const store = new PostgresExampleStore(storage.database.orm);
  await storage.follow(new ExampleDirectory(store, judges).state);
  const planOf = (model: string): RoutePlan | undefined => {
    return live.current.virtualModels.find(({ name }) => name === model)?.route;
  };
  const learner = new Learner({
    store,
    desk: vectors.link,
    clock,
    planOf,
    callOf: requestsOf(clock),
    failed: (err) => log.warn({ err }, 'routing could not learn from feedback'),
  });
  return {
    heard: (opinion: Opinion) => learner.heard(opinion),
    routes: exampleRoutes({
      store,
      learner,
      models: () => [...live.config.models.keys()],
      inForce: (model) => judges.sizeOf(model),
      changed: () => storage.refresh(),
    }),
  };
}
