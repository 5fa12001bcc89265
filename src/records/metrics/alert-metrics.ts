import type { NumberSeries, Reading, Registry, SeriesFamily } from './registry.ts';

const OUTCOMES = ['sent', 'failed'] as const;

/** What the built-in alerts say of themselves. Labels are names of the configuration. */
export class AlertMetrics {
  readonly #deliveries: SeriesFamily<NumberSeries>;

  /** @param firing how many things each rule fires about */
  constructor(registry: Registry, firing: () => Iterable<Reading>) {
    registry.read(
      'gauge',
      {
        name: 'causeway_alerts_firing',
        help: 'About how many things a rule of the built-in alerts fires in this process: GET /admin/v1/alerts.',
        labels: ['alert'],
      },
      firing,
    );
    this.#deliveries = registry.counter({
      name: 'causeway_alert_deliveries_total',
      help: 'Messages of the built-in alerts that were sent, or given up: GET /admin/v1/alerts/deliveries.',
      labels: ['channel', 'outcome'],
    });
  }

  delivered(channel: string, outcome: (typeof OUTCOMES)[number]): void {
    // A counter that begins with its first failure would show no increase.
    for (const one of OUTCOMES) this.#deliveries.with(channel, one).add(one === outcome ? 1 : 0);
  }
}
