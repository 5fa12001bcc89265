import { ATTR, type HistogramConvention, METRIC } from '../otel/conventions.ts';
import type { HistogramSeries, Registry, SeriesFamily } from './registry.ts';

const NAMES = [ATTR.operationName, ATTR.providerName, ATTR.requestModel];

/** Series begin with their first observation, as the SDK's do. */
export class LazyHistogram {
  readonly #family: SeriesFamily<HistogramSeries>;
  readonly #values: readonly string[];
  #series: HistogramSeries | undefined;

  constructor(family: SeriesFamily<HistogramSeries>, ...values: string[]) {
    this.#family = family;
    this.#values = values;
  }

  observe(value: number): void {
    this.#series ??= this.#family.with(...this.#values);
    this.#series.observe(value);
  }
}

export interface GenAiFamilies {
  readonly tokens: SeriesFamily<HistogramSeries>;
  /** The kind of error is the last label, and only where something failed. */
  readonly duration: SeriesFamily<HistogramSeries>;
  /** The same. */
  readonly requestDuration: SeriesFamily<HistogramSeries>;
  readonly ttft: SeriesFamily<HistogramSeries>;
  readonly perOutputToken: SeriesFamily<HistogramSeries>;
}

export function genAiFamilies(registry: Registry): GenAiFamilies {
  const family = ({ name, description, buckets }: HistogramConvention, ...more: string[]) =>
    registry.histogram(
      { name: prometheusName(name), help: description, labels: [...NAMES, ...more].map(prometheusName) },
      buckets,
    );
  return {
    tokens: family(METRIC.tokenUsage, ATTR.tokenType),
    duration: family(METRIC.operationDuration, ATTR.errorType),
    requestDuration: family(METRIC.requestDuration, ATTR.errorType),
    ttft: family(METRIC.timeToFirstToken),
    perOutputToken: family(METRIC.timePerOutputToken),
  };
}

/** As the SDK's exporter for Prometheus writes it: without the unit. */
function prometheusName(name: string): string {
  return name.replaceAll('.', '_');
}
