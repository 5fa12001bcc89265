import type { Operation } from '../../core/call.ts';
import type { AttemptRecord, CallRecord } from '../journal/record.ts';
import { type Providers, operationNameOf, providerNameOf, splitTarget } from '../otel/conventions.ts';
import { BoundedSeries } from './bounded-series.ts';
import { type GenAiFamilies, LazyHistogram, genAiFamilies } from './genai-families.ts';
import { modelOf } from '../model-of.ts';
import { attemptErrorTypeOf, errorTypeOf, timePerOutputToken, timeToFirstToken } from '../otel/measures.ts';
import type { Registry } from './registry.ts';

/** The labels that every series has. */
type Names = readonly [operation: string, provider: string, model: string];

interface ClientSeries {
  readonly names: Names;
  readonly duration: LazyHistogram;
  readonly input: LazyHistogram;
  readonly output: LazyHistogram;
}

interface ServerSeries {
  readonly names: Names;
  readonly duration: LazyHistogram;
  readonly ttft: LazyHistogram;
  readonly perOutputToken: LazyHistogram;
}

interface Target {
  readonly provider: string;
  readonly model: string;
  readonly byOperation: Map<Operation, ClientSeries>;
}

interface Model {
  readonly name: string;
  /** Providers are those of the configuration. */
  readonly byProvider: Map<string, Map<Operation, ServerSeries>>;
}

/**
 * The metrics of OpenTelemetry's GenAI conventions. `client` is what we see of providers, attempt by attempt; `server`
 * is what our own clients see, request by request.
 */
export class GenAiMetrics {
  readonly #families: GenAiFamilies;
  // The same names are bounded where the calls are counted, and those beyond the bound are counted there.
  readonly #targets: BoundedSeries<Target>;
  readonly #models = new BoundedSeries(newModel, () => {});

  constructor(registry: Registry, providers: () => Providers | undefined) {
    this.#families = genAiFamilies(registry);
    this.#targets = new BoundedSeries(
      (target) => newTarget(target, providers()),
      () => {},
    );
  }

  observe(record: CallRecord): void {
    for (const attempt of record.attempts) this.#observeAttempt(attempt, record.operation);
    this.#observeRequest(record);
  }

  #observeAttempt(attempt: AttemptRecord, operation: Operation): void {
    const { target, latencyMs, usage } = attempt;
    const series = this.#client(this.#targets.of(target), operation);
    const error = attemptErrorTypeOf(attempt);
    const duration = error === undefined ? series.duration : this.#families.duration.with(...series.names, error);
    duration.observe(latencyMs / 1000);
    if (usage?.inputTokens !== undefined) series.input.observe(usage.inputTokens);
    if (usage?.outputTokens !== undefined) series.output.observe(usage.outputTokens);
  }

  #observeRequest(record: CallRecord): void {
    const { target, operation, latencyMs } = record;
    const provider = target === undefined ? providerNameOf(undefined) : this.#targets.of(target).provider;
    const series = this.#server(this.#models.of(modelOf(record)), provider, operation);
    const error = errorTypeOf(record);
    const { requestDuration } = this.#families;
    const duration = error === undefined ? series.duration : requestDuration.with(...series.names, error);
    duration.observe(latencyMs / 1000);
    const first = timeToFirstToken(record);
    if (first !== undefined) series.ttft.observe(first);
    const each = timePerOutputToken(record);
    if (each !== undefined) series.perOutputToken.observe(each);
  }

  #client({ provider, model, byOperation }: Target, operation: Operation): ClientSeries {
    let series = byOperation.get(operation);
    if (!series) {
      series = clientSeries(this.#families, [operationNameOf(operation), provider, model]);
      byOperation.set(operation, series);
    }
    return series;
  }

  #server({ name, byProvider }: Model, provider: string, operation: Operation): ServerSeries {
    let byOperation = byProvider.get(provider);
    if (!byOperation) {
      byOperation = new Map();
      byProvider.set(provider, byOperation);
    }
    let series = byOperation.get(operation);
    if (!series) {
      series = serverSeries(this.#families, [operationNameOf(operation), provider, name]);
      byOperation.set(operation, series);
    }
    return series;
  }
}

function newModel(name: string): Model {
  return { name, byProvider: new Map() };
}

function newTarget(target: string, providers: Providers | undefined): Target {
  const model = splitTarget(target).model ?? '';
  return { provider: providerNameOf(target, providers), model, byOperation: new Map() };
}

function clientSeries({ duration, tokens }: GenAiFamilies, names: Names): ClientSeries {
  return {
    names,
    duration: new LazyHistogram(duration, ...names),
    input: new LazyHistogram(tokens, ...names, 'input'),
    output: new LazyHistogram(tokens, ...names, 'output'),
  };
}

function serverSeries({ requestDuration, ttft, perOutputToken }: GenAiFamilies, names: Names): ServerSeries {
  return {
    names,
    duration: new LazyHistogram(requestDuration, ...names),
    ttft: new LazyHistogram(ttft, ...names),
    perOutputToken: new LazyHistogram(perOutputToken, ...names),
  };
}
