import type { Attributes, Histogram, Meter } from '@opentelemetry/api';

import { BoundedSeries } from '../metrics/bounded-series.ts';
import type { AttemptRecord, CallRecord } from '../journal/record.ts';
import { modelOf } from '../model-of.ts';
import { attemptErrorTypeOf, errorTypeOf, timePerOutputToken, timeToFirstToken } from './measures.ts';
import {
  ATTR,
  type HistogramConvention,
  METRIC,
  type Providers,
  operationNameOf,
  providerNameOf,
  splitTarget,
} from './conventions.ts';

/** The histograms of the conventions. A user is never an attribute, and names that clients choose are bounded. */
export class Instruments {
  readonly #tokens: Histogram;
  readonly #operations: Histogram;
  readonly #requests: Histogram;
  readonly #firstToken: Histogram;
  readonly #perToken: Histogram;
  readonly #models = new BoundedSeries(
    (name) => name,
    () => undefined,
  );

  constructor(meter: Meter) {
    this.#tokens = createHistogram(meter, METRIC.tokenUsage);
    this.#operations = createHistogram(meter, METRIC.operationDuration);
    this.#requests = createHistogram(meter, METRIC.requestDuration);
    this.#firstToken = createHistogram(meter, METRIC.timeToFirstToken);
    this.#perToken = createHistogram(meter, METRIC.timePerOutputToken);
  }

  observe(record: CallRecord, providers: Providers): void {
    const operation = operationNameOf(record.operation);
    for (const attempt of record.attempts) this.#observeAttempt(attempt, operation, providers);
    this.#observeRequest(record, operation, providers);
  }

  /** What we see of a provider. */
  #observeAttempt(attempt: AttemptRecord, operation: string, providers: Providers): void {
    const { model } = splitTarget(attempt.target);
    const of = this.#attributes(operation, providerNameOf(attempt.target, providers), model);
    observe(this.#operations, attempt.latencyMs / 1000, withError(of, attemptErrorTypeOf(attempt)));
    const { inputTokens, outputTokens } = attempt.usage ?? {};
    if (inputTokens !== undefined) observe(this.#tokens, inputTokens, { ...of, [ATTR.tokenType]: 'input' });
    if (outputTokens !== undefined) observe(this.#tokens, outputTokens, { ...of, [ATTR.tokenType]: 'output' });
  }

  /** What a client sees of us. */
  #observeRequest(record: CallRecord, operation: string, providers: Providers): void {
    const of = this.#attributes(operation, providerNameOf(record.target, providers), modelOf(record));
    observe(this.#requests, record.latencyMs / 1000, withError(of, errorTypeOf(record)));
    const first = timeToFirstToken(record);
    if (first !== undefined) observe(this.#firstToken, first, of);
    const each = timePerOutputToken(record);
    if (each !== undefined) observe(this.#perToken, each, of);
  }

  #attributes(operation: string, provider: string, model: string | undefined): Attributes {
    return {
      [ATTR.operationName]: operation,
      [ATTR.providerName]: provider,
      ...(model === undefined ? {} : { [ATTR.requestModel]: this.#models.of(model) }),
    };
  }
}

/** One value that is no number would spoil the sum of all. */
function observe(histogram: Histogram, value: number, attributes: Attributes): void {
  if (Number.isFinite(value)) histogram.record(value, attributes);
}

function withError(attributes: Attributes, failure: string | undefined): Attributes {
  return failure === undefined ? attributes : { ...attributes, [ATTR.errorType]: failure };
}

function createHistogram(meter: Meter, { name, unit, description, buckets }: HistogramConvention): Histogram {
  return meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...buckets] } });
}
