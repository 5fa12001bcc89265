import type { Resilience } from './app-resilience.ts';
import type { KeyView } from './pipeline/resilience/keys/key-pool.ts';
import type { TargetState } from './pipeline/resilience/route/target-state.ts';
import { targetRoutes } from './pipeline/resilience/routes.ts';
import type { ProviderKeysReading, ResilienceReadings, TargetReading } from './records/metrics/resilience-metrics.ts';

/** What the metrics show of targets that were asked lately, of budgets and of keys. */
export function resilienceReadings(resilience: Resilience): ResilienceReadings {
  const { targets, budgets, keys } = resilience;
  return {
    targets: () => [...targets.all].map(targetReading),
    *withheldAttempts() {
      for (const { name, budget } of budgets.all) if (budget.withheld > 0) yield [budget.withheld, name];
    },
    *providerKeys() {
      for (const provider of resilience.catalog().providers)
        yield* keysReadings(provider.name, keys.of(provider).view());
    },
  };
}

function targetReading({ target, breaker, queue }: TargetState): TargetReading {
  const { state, openings } = breaker.snapshot();
  return { target, breaker: state, openings, inFlight: queue.inFlight, waiting: queue.waiting };
}

function keysReadings(provider: string, keys: readonly KeyView[]): ProviderKeysReading[] {
  const refused = keys.filter((key) => key.refused).length;
  const limited = keys.filter((key) => !key.refused && key.models.length > 0).length;
  return [
    { provider, state: 'usable', keys: keys.length - refused - limited },
    { provider, state: 'limited', keys: limited },
    { provider, state: 'refused', keys: refused },
  ];
}

/** The admin API's look at the targets. */
export function adminTargetRoutes(resilience: Resilience) {
  const { targets, keys } = resilience;
  return targetRoutes({
    targets,
    keysOf(name) {
      const provider = resilience.catalog().providers.find((one) => one.name === name);
      return provider ? keys.of(provider).view() : [];
    },
  });
}
