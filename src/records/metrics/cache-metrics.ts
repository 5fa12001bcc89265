import { type CacheState, SAVING_MECHANISMS, type Saving, type SavingMechanism } from '../../core/caching.ts';
import { NANO_PER_USD } from '../../core/money.ts';
import type { CallRecord } from '../journal/record.ts';
import { modelOf } from '../model-of.ts';
import { BoundedSeries } from './bounded-series.ts';
import type { MetricInfo, NumberSeries, Reading, Registry, SeriesFamily } from './registry.ts';

/** What is read of the answers that are kept in this process when somebody asks. */
export interface CacheReadings {
  readonly bytes: number;
  /** What they may take. */
  readonly maxBytes: number;
  readonly entries: number;
  /** Answers that went before their time, to make room, since the start. */
  readonly evictions: number;
}

type StateSeries = Partial<Record<CacheState, NumberSeries>>;

/** What caches did for requests, and what that was worth. */
export class CacheMetrics {
  readonly #requests: SeriesFamily<NumberSeries>;
  readonly #models: BoundedSeries<{ readonly name: string; readonly states: StateSeries }>;
  readonly #saved: ReadonlyMap<SavingMechanism, NumberSeries>;
  readonly #cost: ReadonlyMap<SavingMechanism, NumberSeries>;

  /** @param overflow is told of every observation of a model beyond the bound of names */
  constructor(registry: Registry, overflow: () => void) {
    this.#requests = registry.counter({
      name: 'causeway_cache_requests_total',
      help: 'Requests for models that have a cache, by what it did for them.',
      labels: ['model', 'state'],
    });
    this.#models = new BoundedSeries((name) => ({ name, states: {} }), overflow);
    const perMechanism = (name: string, help: string) => {
      const family = registry.counter({ name, help, labels: ['mechanism'] });
      return new Map(SAVING_MECHANISMS.map((mechanism) => [mechanism, family.with(mechanism)]));
    };
    this.#saved = perMechanism('causeway_saved_usd_total', 'Dollars that were not paid because of a cache.');
    this.#cost = perMechanism(
      'causeway_savings_cost_usd_total',
      "Dollars that caches cost: finding out, and what was put into a provider's and not read from it.",
    );
  }

  observe(record: CallRecord): void {
    if (record.cache !== undefined) this.#countState(modelOf(record), record.cache);
    if (record.savings) for (const saving of record.savings) this.#countSaving(saving);
  }

  /** Series begin with the first request, since most models have few of the states. */
  #countState(model: string, state: CacheState): void {
    const { name, states } = this.#models.of(model);
    const series = (states[state] ??= this.#requests.with(name, state));
    series.value += 1;
  }

  /** What has no known price is not there. */
  #countSaving({ mechanism, nanoUsd }: Saving): void {
    if (nanoUsd === undefined || !Number.isFinite(nanoUsd)) return;
    const series = (nanoUsd < 0 ? this.#cost : this.#saved).get(mechanism);
    if (series) series.value += Math.abs(nanoUsd) / NANO_PER_USD;
  }
}

function told(name: string, help: string): MetricInfo {
  return { name, help, labels: [] };
}

/** What is told of the answers that are kept. */
export function registerCacheReadings(registry: Registry, readings: () => CacheReadings): void {
  const read = (of: (found: CacheReadings) => number) => (): Reading[] => [[of(readings())]];
  registry.read(
    'gauge',
    told('causeway_cache_bytes', 'Memory of the answers that this process keeps.'),
    read(({ bytes }) => bytes),
  );
  registry.read(
    'gauge',
    told('causeway_cache_max_bytes', 'What they may take: cache.maxSize.'),
    read(({ maxBytes }) => maxBytes),
  );
  registry.read(
    'gauge',
    told('causeway_cache_entries', 'Answers that this process keeps.'),
    read(({ entries }) => entries),
  );
  registry.read(
    'counter',
    told('causeway_cache_evictions_total', 'Answers that went before their time, to make room for newer ones.'),
    read(({ evictions }) => evictions),
  );
}
