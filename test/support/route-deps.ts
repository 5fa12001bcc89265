import type { Scheduler } from '../../src/core/scheduler.ts';
import type { RoutePolicy } from '../../src/core/route-policy.ts';
import type { PrepareDeps } from '../../src/pipeline/resilience/prepare.ts';
import { RetryBudgets } from '../../src/pipeline/resilience/retry/retry-budgets.ts';
import { USUAL_POLICY } from '../../src/pipeline/resilience/route/policy.ts';
import type { RouteDeps } from '../../src/pipeline/resilience/route/route-deps.ts';
import { TargetStates } from '../../src/pipeline/resilience/route/target-state.ts';

/** One attempt, and what becomes of it. */
export const ONE_ATTEMPT: RoutePolicy = { ...USUAL_POLICY, retries: { ...USUAL_POLICY.retries, max: 0 } };

/** Timers that never fire. */
const never: Scheduler = { after: () => () => {} };

/** Everything that a route needs, but for what the test says. */
export function routeDeps(
  deps: PrepareDeps & Partial<RouteDeps>,
  scheduler: Scheduler = deps.scheduler ?? never,
): RouteDeps {
  const { clock } = deps;
  return {
    scheduler,
    random: () => 0.5,
    targets: new TargetStates({ clock, scheduler }),
    budgets: new RetryBudgets(clock),
    keys: { take: (provider) => ({ key: undefined, provider, report: () => {} }), hasFree: () => false },
    isReady: () => true,
    ...deps,
  };
}
