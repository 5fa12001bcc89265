import type { AttemptKind } from '../../core/attempts.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { ErrorCode, ErrorOrigin } from '../../core/errors.ts';
import type { CallRecord } from '../journal/record.ts';
import type { Providers } from '../otel/conventions.ts';
import { type OutcomeSeries, kindSeries, targetSeries } from './attempt-metrics.ts';
import { BoundedSeries } from './bounded-series.ts';
import { OVERHEAD_SECONDS } from './buckets.ts';
import { CacheMetrics } from './cache-metrics.ts';
import { ConversationMetrics } from './conversation-metrics.ts';
import { GuardMetrics } from './guard-metrics.ts';
import { GenAiMetrics } from './genai-metrics.ts';
import { modelOf } from '../model-of.ts';
import { type ModelSeries, modelSeries, observeModel } from './model-series.ts';
import type { HistogramSeries, NumberSeries, Registry, SeriesFamily } from './registry.ts';
import { RoutingMetrics } from './routing-metrics.ts';
import { SpanMetrics } from './span-metrics.ts';

export interface CallMetricsDeps {
  readonly clock?: Clock;
  /** What the conventions of OpenTelemetry call the configured providers depends on what they are. */
  readonly providers?: () => Providers | undefined;
}

/** Some at a time they cost less than half of what they cost one by one between other work; more gain nothing. */
const MOST_WAITING = 32;

/** Counts calls, from their records. */
export class CallMetrics {
  readonly #models: BoundedSeries<ModelSeries>;
  readonly #targets: BoundedSeries<OutcomeSeries>;
  readonly #overhead: HistogramSeries;
  readonly #inFlight: NumberSeries;
  readonly #errors: SeriesFamily<NumberSeries>;
  readonly #kinds: Readonly<Record<AttemptKind, OutcomeSeries>>;
  readonly #spans: SpanMetrics;
  readonly #conversations: ConversationMetrics;
  readonly #cache: CacheMetrics;
  readonly #routing: RoutingMetrics;
  readonly #guards: GuardMetrics;
  readonly #genAi: GenAiMetrics;
  #waiting: CallRecord[] = [];

  constructor(registry: Registry, { clock = systemClock, providers = () => undefined }: CallMetricsDeps = {}) {
    const overflow = overflowOf(registry);
    this.#models = new BoundedSeries(modelSeries(registry), overflow.model);
    this.#targets = new BoundedSeries(targetSeries(registry), overflow.target);
    this.#kinds = kindSeries(registry);
    this.#overhead = registry
      .histogram(
        { name: 'llm_overhead_seconds', help: "Time per request that was ours, not the provider's.", labels: [] },
        OVERHEAD_SECONDS,
      )
      .with();
    this.#inFlight = registry
      .gauge({ name: 'llm_requests_in_flight', help: 'Requests that have not ended yet.', labels: [] })
      .with();
    this.#errors = registry.counter({
      name: 'llm_errors_total',
      help: 'Requests that failed, by error code and by whose fault it was.',
      labels: ['code', 'origin'],
    });
    this.#spans = new SpanMetrics(registry, overflow.target);
    this.#conversations = new ConversationMetrics(registry, clock);
    this.#cache = new CacheMetrics(registry, overflow.model);
    this.#routing = new RoutingMetrics(registry, overflow.model);
    this.#guards = new GuardMetrics(registry);
    this.#genAi = new GenAiMetrics(registry, providers);
    registry.beforeReading(() => this.#countWaiting());
  }

  /** A call began, or ended. */
  inFlight(change: 1 | -1): void {
    this.#inFlight.value += change;
  }

  /** Requests that have not ended yet. */
  get inFlightNow(): number {
    return this.#inFlight.value;
  }

  /** Counts it together with others, and before anybody reads the metrics. */
  observeSoon(record: CallRecord): void {
    this.#conversations.observe(record);
    if (this.#waiting.push(record) >= MOST_WAITING) this.#countWaiting();
  }

  observeCall(record: CallRecord): void {
    this.#conversations.observe(record);
    this.#count(record);
  }

  #countWaiting(): void {
    const records = this.#waiting;
    this.#waiting = [];
    for (const record of records) this.#count(record);
  }

  #count(record: CallRecord): void {
    observeModel(this.#models.of(modelOf(record)), record);
    // Of one that waited for the call of another nobody knows what was ours.
    if (record.cache !== 'coalesced') this.#overhead.observe(record.overheadMs / 1000);
    if (record.error) this.#countError(record.error);
    for (const { target, kind = 'first', outcome } of record.attempts) {
      this.#targets.of(target)[outcome].value += 1;
      this.#kinds[kind][outcome].value += 1;
    }
    if (record.spans.length > 0) this.#spans.observe(record.spans);
    this.#cache.observe(record);
    this.#routing.observe(record);
    if (record.verdicts) this.#guards.observe(record.verdicts);
    this.#genAi.observe(record);
  }

  /** Errors are rare and their codes few, so they are looked up each time. */
  #countError({ code, origin }: { readonly code: ErrorCode; readonly origin: ErrorOrigin }): void {
    this.#errors.with(code, origin).value += 1;
  }
}

/** What is told of names beyond the bound. */
function overflowOf(registry: Registry) {
  const overflow = registry.counter({
    name: 'causeway_metrics_overflow_total',
    help: 'Observations counted under the label value "other", because there were too many values.',
    labels: ['label'],
  });
  const [model, target] = [overflow.with('model'), overflow.with('target')];
  return { model: () => model.add(1), target: () => target.add(1) };
}
