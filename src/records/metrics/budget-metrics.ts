import type { Clock } from '../../core/clock.ts';
import type { Reading, Registry } from './registry.ts';

/** A counter of a budget of the configuration, when a call was admitted. */
export interface BudgetShare {
  readonly budget: string;
  readonly unit: string;
  /** 1 = all is used. */
  readonly share: number;
  /** When its period is over, epoch milliseconds. */
  readonly endsAt: number | undefined;
}

/** More than anybody writes into a file. */
const MOST_BUDGETS = 500;

/** How much of budgets is used. They are few and of the configuration, never of one user or key. */
export class BudgetMetrics {
  readonly #shares = new Map<string, BudgetShare>();
  readonly #clock: Clock;

  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    registry.read(
      'gauge',
      {
        name: 'causeway_budget_used_ratio',
        help: 'How much of a budget of causeway.yaml is used (1 = all), as of the last call under it in this period.',
        labels: ['budget', 'unit'],
      },
      () => this.#readings(),
    );
  }

  observe(seen: BudgetShare): void {
    const key = `${seen.budget}|${seen.unit}`;
    if (this.#shares.size < MOST_BUDGETS || this.#shares.has(key)) this.#shares.set(key, seen);
  }

  #readings(): Reading[] {
    const now = this.#clock.now();
    for (const [key, { endsAt }] of this.#shares) if (endsAt !== undefined && endsAt <= now) this.#shares.delete(key);
    return [...this.#shares.values()].map(({ budget, unit, share }): Reading => [share, budget, unit]);
  }
}
