import type { SpanKind } from '../../core/spans.ts';
import type { SpanRecord } from '../journal/record.ts';
import { BoundedSeries } from './bounded-series.ts';
import { SPAN_SECONDS, WAIT_SECONDS } from './buckets.ts';
import type { HistogramSeries, Registry, SeriesFamily } from './registry.ts';

/** How long the work beside the attempts took. A kind of work begins when it first happens. */
export class SpanMetrics {
  readonly #spans: SeriesFamily<HistogramSeries>;
  readonly #byKind = new Map<SpanKind, HistogramSeries>();
  readonly #waits: BoundedSeries<HistogramSeries>;

  /** @param overflow is told of targets beyond the bound */
  constructor(registry: Registry, overflow: () => void) {
    this.#spans = registry.histogram(
      {
        name: 'causeway_span_seconds',
        help: 'Time that work beside the attempts took, by its kind.',
        labels: ['kind'],
      },
      SPAN_SECONDS,
    );
    const waits = registry.histogram(
      {
        name: 'llm_queue_wait_seconds',
        help: 'How long requests waited for a place at a target, of those that had to wait.',
        labels: ['target'],
      },
      WAIT_SECONDS,
    );
    this.#waits = new BoundedSeries((target) => waits.with(target), overflow);
  }

  observe(spans: readonly SpanRecord[]): void {
    for (const { kind, name, durationMs } of spans) {
      this.#of(kind).observe(durationMs / 1000);
      if (kind === 'queue') this.#waits.of(name).observe(durationMs / 1000);
    }
  }

  #of(kind: SpanKind): HistogramSeries {
    let series = this.#byKind.get(kind);
    if (!series) {
      series = this.#spans.with(kind);
      this.#byKind.set(kind, series);
    }
    return series;
  }
}
