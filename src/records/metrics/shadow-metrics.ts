import { NANO_PER_USD, type NanoUsd } from '../../core/money.ts';
import { BoundedSeries } from './bounded-series.ts';
import type { NumberSeries, Registry, SeriesFamily } from './registry.ts';

interface ShadowSeries {
  readonly name: string;
  readonly outcomes: Map<string, NumberSeries>;
  readonly cost: NumberSeries;
}

/** What is mirrored to candidates, and what that costs. */
export class ShadowMetrics {
  readonly #requests: SeriesFamily<NumberSeries>;
  readonly #shadows: BoundedSeries<ShadowSeries>;

  constructor(registry: Registry, underWay: () => number) {
    this.#requests = registry.counter({
      name: 'causeway_shadow_requests_total',
      help: 'Requests that were chosen to be mirrored: answered or failed by the candidate, or why they were left out.',
      labels: ['shadow', 'outcome'],
    });
    const cost = registry.counter({
      name: 'causeway_shadow_cost_usd_total',
      help: 'Dollars that candidates and their judges cost, as far as it is known.',
      labels: ['shadow'],
    });
    registry.read(
      'gauge',
      { name: 'causeway_shadow_requests_in_flight', help: 'Requests that are mirrored now.', labels: [] },
      () => [[underWay()]],
    );
    this.#shadows = new BoundedSeries(
      (name) => ({ name, outcomes: new Map(), cost: cost.with(name) }),
      () => {},
    );
  }

  /** @param outcome one of a few words */
  observe(shadow: string, outcome: string): void {
    const { name, outcomes } = this.#shadows.of(shadow);
    let series = outcomes.get(outcome);
    if (!series) {
      series = this.#requests.with(name, outcome);
      outcomes.set(outcome, series);
    }
    series.add(1);
  }

  observeCost(shadow: string, nanoUsd: NanoUsd): void {
    this.#shadows.of(shadow).cost.add(nanoUsd / NANO_PER_USD);
  }
}
