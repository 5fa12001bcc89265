import { BoundedMap } from '../../../core/bounded-map.ts';
import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { RetryPolicy } from '../../../core/route-policy.ts';
import { RetryBudget } from './retry-budget.ts';

/** Names of models come from clients. */
const MOST_ROUTES = 10_000;

/** One budget for each name that clients ask for. */
export class RetryBudgets {
  readonly #clock: Clock;
  readonly #budgets = new BoundedMap<{ readonly rules: RetryPolicy['budget']; readonly budget: RetryBudget }>(
    MOST_ROUTES,
  );

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of({ assignment }: Call, { budget: rules }: RetryPolicy): RetryBudget {
    const [target] = assignment?.targets ?? [];
    const name = assignment?.virtualModel ?? `${target?.provider ?? ''}/${target?.model ?? ''}`;
    const known = this.#budgets.get(name);
    if (known && known.rules.share === rules.share && known.rules.perSecond === rules.perSecond) return known.budget;
    const budget = new RetryBudget(rules, this.#clock);
    this.#budgets.set(name, { rules, budget });
    return budget;
  }
}
