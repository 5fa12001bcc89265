import type { NumberSeries, Registry, SeriesFamily } from './registry.ts';

/** What is read of limits and budgets when somebody asks. */
export interface QuotaReadings {
  /** Calls under way for which a budget holds something in this process. */
  readonly outstanding: () => number;
  /** 0 while the shared counters are away. */
  readonly exact: () => boolean;
}

/** What limits and budgets refuse and change. Labels are words of the configuration, never names of callers. */
export class QuotaMetrics {
  readonly #limits: SeriesFamily<NumberSeries>;
  readonly #budgets: SeriesFamily<NumberSeries>;
  readonly #degraded: SeriesFamily<NumberSeries>;
  readonly #capped: NumberSeries;

  constructor(registry: Registry, { outstanding, exact }: QuotaReadings) {
    this.#limits = registry.counter({
      name: 'causeway_limit_refusals_total',
      help: 'Requests that a limit had no room for, by whose calls it counts and what it counts.',
      labels: ['per', 'unit'],
    });
    this.#budgets = registry.counter({
      name: 'causeway_budget_refusals_total',
      help: 'Requests that a budget had not enough left for, by whose it is and its unit.',
      labels: ['per', 'unit'],
    });
    this.#degraded = registry.counter({
      name: 'causeway_budget_degraded_total',
      help: 'Requests that a cheaper model answered since a budget was nearly used up.',
      labels: ['per'],
    });
    this.#capped = registry
      .counter({
        name: 'causeway_budget_capped_total',
        help: 'Requests whose answer was capped to what was left of a budget.',
        labels: [],
      })
      .with();
    registry.read(
      'gauge',
      {
        name: 'causeway_reservations_outstanding',
        help: 'Calls under way for which a budget holds something in this process.',
        labels: [],
      },
      () => [[outstanding()]],
    );
    registry.read(
      'gauge',
      {
        name: 'causeway_counters_exact',
        help: '1 while limits and budgets are counted exactly; 0 while Redis is away and a policy holds in its place.',
        labels: [],
      },
      () => [[exact() ? 1 : 0]],
    );
  }

  limitRefused(per: string, unit: string): void {
    this.#limits.with(per, unit).add(1);
  }

  budgetRefused(per: string, unit: string): void {
    this.#budgets.with(per, unit).add(1);
  }

  degraded(per: string): void {
    this.#degraded.with(per).add(1);
  }

  capped(): void {
    this.#capped.add(1);
  }
}
