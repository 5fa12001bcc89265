import type { AttemptKind, AttemptOutcome } from '../../core/attempts.ts';
import type { ErrorCode, ErrorOrigin } from '../../core/errors.ts';
import { NANO_PER_USD } from '../../core/money.ts';
import type { CallRecord } from '../journal/record.ts';
import { BoundedSeries } from './bounded-series.ts';
import type { HistogramSeries, MetricInfo, NumberSeries, Registry, SeriesFamily } from './registry.ts';

const LATENCY_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300];
const TTFT_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 2, 4, 8, 15, 30];
const OVERHEAD_SECONDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** Model of a request that was refused before it was clear which model would answer. */
const NO_MODEL = 'unknown';

/** All series of one model, found with one look-up. */
interface ModelSeries {
  readonly requests: Readonly<Record<CallRecord['status'], NumberSeries>>;
  readonly latency: HistogramSeries;
  readonly ttft: HistogramSeries;
  readonly input: NumberSeries;
  readonly output: NumberSeries;
  readonly cacheRead: NumberSeries;
  readonly cacheCreation: NumberSeries;
  readonly reasoning: NumberSeries;
  readonly cost: NumberSeries;
  readonly costUnknown: NumberSeries;
}

type OutcomeSeries = Readonly<Record<AttemptOutcome, NumberSeries>>;

/** Counts calls, from their records. */
export class CallMetrics {
  readonly #models: BoundedSeries<ModelSeries>;
  readonly #targets: BoundedSeries<OutcomeSeries>;
  readonly #overhead: HistogramSeries;
  readonly #inFlight: NumberSeries;
  readonly #errors: SeriesFamily<NumberSeries>;
  readonly #kinds: Readonly<Record<AttemptKind, OutcomeSeries>>;

  constructor(registry: Registry) {
    const overflow = registry.counter({
      name: 'causeway_metrics_overflow_total',
      help: 'Observations counted under the label value "other", because there were too many values.',
      labels: ['label'],
    });
    const modelOverflow = overflow.with('model');
    const targetOverflow = overflow.with('target');
    this.#models = new BoundedSeries(modelSeries(registry), () => modelOverflow.add(1));
    this.#targets = new BoundedSeries(targetSeries(registry), () => targetOverflow.add(1));
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
  }

  /** A call began, or ended. */
  inFlight(change: 1 | -1): void {
    this.#inFlight.value += change;
  }

  observeCall(record: CallRecord): void {
    const model = this.#models.of(modelOf(record));
    model.requests[record.status].value += 1;
    if (record.attempts.length > 0 || record.status === 'completed') model.latency.observe(record.latencyMs / 1000);
    if (record.ttftMs !== undefined) model.ttft.observe(record.ttftMs / 1000);
    countTokens(model, record.usage);
    model.cost.value += record.costNanoUsd / NANO_PER_USD;
    if (!record.costKnown) model.costUnknown.value += 1;
    this.#overhead.observe(record.overheadMs / 1000);
    if (record.error) this.#countError(record.error);
    for (const { target, kind = 'first', outcome } of record.attempts) {
      this.#targets.of(target)[outcome].value += 1;
      this.#kinds[kind][outcome].value += 1;
    }
  }

  /** Errors are rare and their codes few, so they are looked up each time. */
  #countError({ code, origin }: { readonly code: ErrorCode; readonly origin: ErrorOrigin }): void {
    this.#errors.with(code, origin).value += 1;
  }
}

/** A name that a client made up is no model until something serves it. */
function modelOf({ virtualModel, target, requestModel }: CallRecord): string {
  return virtualModel ?? (target === undefined ? undefined : requestModel) ?? NO_MODEL;
}

function countTokens(model: ModelSeries, usage: CallRecord['usage']): void {
  if (!usage) return;
  model.input.value += usage.inputTokens ?? 0;
  model.output.value += usage.outputTokens ?? 0;
  model.cacheRead.value += usage.cacheReadInputTokens ?? 0;
  model.cacheCreation.value += usage.cacheCreationInputTokens ?? 0;
  model.reasoning.value += usage.reasoningOutputTokens ?? 0;
}

function perModel(name: string, help: string, ...more: string[]): MetricInfo {
  return { name, help, labels: ['model', ...more] };
}

function modelSeries(registry: Registry): (model: string) => ModelSeries {
  const requests = registry.counter(perModel('llm_requests_total', 'Requests that ended.', 'status'));
  const latency = registry.histogram(
    perModel('llm_request_latency_seconds', 'From the first byte of a request to the last of its answer.'),
    LATENCY_SECONDS,
  );
  const ttft = registry.histogram(
    perModel('llm_ttft_seconds', 'From the first byte of a streamed request to the first content of its answer.'),
    TTFT_SECONDS,
  );
  const tokens = registry.counter(perModel('llm_tokens_total', 'Tokens, as providers report them.', 'type'));
  const cost = registry.counter(perModel('llm_cost_dollars_total', 'Cost in dollars, where the price is known.'));
  const costUnknown = registry.counter(
    perModel('llm_cost_unknown_requests_total', 'Requests with an attempt whose cost is not known.'),
  );
  return (model) => ({
    requests: {
      completed: requests.with(model, 'completed'),
      failed: requests.with(model, 'failed'),
      aborted: requests.with(model, 'aborted'),
    },
    latency: latency.with(model),
    ttft: ttft.with(model),
    input: tokens.with(model, 'input'),
    output: tokens.with(model, 'output'),
    cacheRead: tokens.with(model, 'cache_read'),
    cacheCreation: tokens.with(model, 'cache_creation'),
    reasoning: tokens.with(model, 'reasoning'),
    cost: cost.with(model),
    costUnknown: costUnknown.with(model),
  });
}

function targetSeries(registry: Registry): (target: string) => OutcomeSeries {
  const attempts = registry.counter({
    name: 'llm_upstream_attempts_total',
    help: 'Calls to providers, retries and fallbacks each for itself.',
    labels: ['target', 'outcome'],
  });
  return (target) => outcomesOf(attempts, target);
}

function kindSeries(registry: Registry): Readonly<Record<AttemptKind, OutcomeSeries>> {
  const attempts = registry.counter({
    name: 'llm_attempts_total',
    help: 'The same calls, by why each was made.',
    labels: ['kind', 'outcome'],
  });
  return {
    first: outcomesOf(attempts, 'first'),
    retry: outcomesOf(attempts, 'retry'),
    fallback: outcomesOf(attempts, 'fallback'),
    hedge: outcomesOf(attempts, 'hedge'),
    continuation: outcomesOf(attempts, 'continuation'),
  };
}

function outcomesOf(attempts: SeriesFamily<NumberSeries>, label: string): OutcomeSeries {
  return {
    completed: attempts.with(label, 'completed'),
    failed: attempts.with(label, 'failed'),
    aborted: attempts.with(label, 'aborted'),
  };
}
