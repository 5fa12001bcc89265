import type { RoutingDecision } from '../../core/routing.ts';
import type { CallRecord } from '../journal/record.ts';
import { modelOf } from '../model-of.ts';
import { BoundedSeries, OTHER } from './bounded-series.ts';
import type { NumberSeries, Registry, SeriesFamily } from './registry.ts';

/** Of one model, by what decided, the target that was asked first and the tier. */
interface ModelChoices {
  readonly name: string;
  readonly choices: Map<string, NumberSeries>;
  readonly kept: () => NumberSeries;
  readonly escalated: () => NumberSeries;
}

/** Targets are the operator's, but may be others with each change of the configuration. */
const MOST_CHOICES = 500;

/** Where requests of virtual models went, and what became of cheap answers that were checked. */
export class RoutingMetrics {
  readonly #requests: SeriesFamily<NumberSeries>;
  readonly #models: BoundedSeries<ModelChoices>;
  readonly #overflow: () => void;

  /** @param overflow is told of every observation of a model or choice beyond the bounds */
  constructor(registry: Registry, overflow: () => void) {
    this.#overflow = overflow;
    this.#requests = registry.counter({
      name: 'causeway_routing_requests_total',
      help: 'Requests that had several targets to go to, by what decided, the target that was asked first, and how demanding they are.',
      labels: ['model', 'policy', 'target', 'tier'],
    });
    const cascades = registry.counter({
      name: 'causeway_cascade_requests_total',
      help: 'Requests that a cheap model answered first, by whether that answer was kept.',
      labels: ['model', 'outcome'],
    });
    this.#models = new BoundedSeries(
      (name) => ({
        name,
        choices: new Map(),
        kept: () => cascades.with(name, 'kept'),
        escalated: () => cascades.with(name, 'escalated'),
      }),
      overflow,
    );
  }

  observe(record: CallRecord): void {
    const { routing } = record;
    if (!routing) return;
    const model = this.#models.of(modelOf(record));
    this.#choice(model, routing).value += 1;
    if (!routing.cascade) return;
    const end = routing.cascade.escalatedTo === undefined ? model.kept() : model.escalated();
    end.value += 1;
  }

  /** Series begin with the first request, since most models have few of the choices. */
  #choice({ name, choices }: ModelChoices, { policy, target, tier }: RoutingDecision): NumberSeries {
    const key = `${policy} ${target} ${tier ?? ''}`;
    let series = choices.get(key);
    if (series) return series;
    const isFull = choices.size >= MOST_CHOICES;
    if (isFull) this.#overflow();
    series = isFull
      ? this.#requests.with(name, OTHER, OTHER, OTHER)
      : this.#requests.with(name, policy, target, tier ?? '');
    if (!isFull) choices.set(key, series);
    return series;
  }
}
