import type { NumberSeries, Reading, Registry, SeriesFamily } from './registry.ts';

/** Bad and good requests; of the objective `cost` dollars and tokens. */
export interface ObjectiveCounters {
  readonly spent: NumberSeries;
  readonly earned: NumberSeries;
}

/** What requests said about the objectives of models. Burn rates over all processes are a question to Prometheus. */
export class ObjectiveMetrics {
  readonly #events: SeriesFamily<NumberSeries>;
  readonly #dollars: SeriesFamily<NumberSeries>;
  readonly #tokens: SeriesFamily<NumberSeries>;

  /** @param targets each with its model and objective */
  constructor(registry: Registry, targets: () => Iterable<Reading>) {
    this.#events = registry.counter({
      name: 'causeway_objective_events_total',
      help: 'Requests that counted for an objective of their model, by whether it was met.',
      labels: ['model', 'objective', 'result'],
    });
    this.#dollars = registry.counter({
      name: 'causeway_objective_cost_dollars_total',
      help: 'Dollars that counted for an objective of cost.',
      labels: ['model'],
    });
    this.#tokens = registry.counter({
      name: 'causeway_objective_cost_tokens_total',
      help: 'Tokens that these dollars paid for.',
      labels: ['model'],
    });
    registry.read(
      'gauge',
      {
        name: 'causeway_objective_target',
        help: 'What is asked for: a share of the requests; of cost, dollars per 1,000 tokens.',
        labels: ['model', 'objective'],
      },
      targets,
    );
  }

  /** The series begin at 0 with the objective, so that the first bad request is seen to be one. */
  of(model: string, objective: string): ObjectiveCounters {
    if (objective === 'cost') return { spent: this.#dollars.with(model), earned: this.#tokens.with(model) };
    return { spent: this.#events.with(model, objective, 'bad'), earned: this.#events.with(model, objective, 'good') };
  }
}
