import { BoundedMap } from '../../../core/bounded-map.ts';
import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { RetryPolicy } from '../../../core/route-policy.ts';
import { RetryBudget } from './retry-budget.ts';

/** Names of models come from clients. */
const MOST_ROUTES = 10_000;

interface KnownBudget {
  readonly name: string;
  readonly rules: RetryPolicy['budget'];
  readonly budget: RetryBudget;
}

/** One budget for each name that clients ask for. */
export class RetryBudgets {
  readonly #clock: Clock;
  readonly #budgets = new BoundedMap<KnownBudget>(MOST_ROUTES);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of({ assignment }: Call, { budget: rules }: RetryPolicy): RetryBudget {
    const [target] = assignment?.targets ?? [];
    const name = assignment?.virtualModel ?? `${target?.provider ?? ''}/${target?.model ?? ''}`;
    const known = this.#budgets.get(name);
    if (known && known.rules.share === rules.share && known.rules.perSecond === rules.perSecond) return known.budget;
    const budget = new RetryBudget(rules, this.#clock);
    this.#budgets.set(name, { name, rules, budget });
    return budget;
  }

  /** Those that were asked for lately. */
  get all(): Iterable<Pick<KnownBudget, 'name' | 'budget'>> {
    return this.#budgets.values();
  }
}
