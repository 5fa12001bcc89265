import type { CallRecord } from '../journal/record.ts';
import { NANO_PER_USD } from '../../core/money.ts';
import { wasServed } from '../served.ts';
import { INTER_TOKEN_SECONDS, LATENCY_SECONDS, TTFT_SECONDS } from './buckets.ts';
import type { HistogramSeries, MetricInfo, NumberSeries, Registry } from './registry.ts';

/** All series of one model, found with one look-up. */
export interface ModelSeries {
  readonly requests: Readonly<Record<CallRecord['status'], NumberSeries>>;
  readonly latency: HistogramSeries;
  readonly ttft: HistogramSeries;
  readonly interToken: HistogramSeries;
  readonly input: NumberSeries;
  readonly output: NumberSeries;
  readonly cacheRead: NumberSeries;
  readonly cacheCreation: NumberSeries;
  readonly reasoning: NumberSeries;
  readonly cost: NumberSeries;
  readonly costUnknown: NumberSeries;
}

export function observeModel(model: ModelSeries, record: CallRecord): void {
  model.requests[record.status].value += 1;
  if (wasServed(record)) model.latency.observe(record.latencyMs / 1000);
  if (record.ttftMs !== undefined) model.ttft.observe(record.ttftMs / 1000);
  if (record.interTokenP95Ms !== undefined) model.interToken.observe(record.interTokenP95Ms / 1000);
  countTokens(model, record.usage);
  model.cost.value += record.costNanoUsd / NANO_PER_USD;
  if (!record.costKnown) model.costUnknown.value += 1;
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

/** The families of all models, and what makes the series of one. */
export function modelSeries(registry: Registry): (model: string) => ModelSeries {
  const requests = registry.counter(perModel('llm_requests_total', 'Requests that ended.', 'status'));
  const { latency, ttft, interToken } = modelTimes(registry);
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
    interToken: interToken.with(model),
    input: tokens.with(model, 'input'),
    output: tokens.with(model, 'output'),
    cacheRead: tokens.with(model, 'cache_read'),
    cacheCreation: tokens.with(model, 'cache_creation'),
    reasoning: tokens.with(model, 'reasoning'),
    cost: cost.with(model),
    costUnknown: costUnknown.with(model),
  });
}

function modelTimes(registry: Registry) {
  return {
    latency: registry.histogram(
      perModel('llm_request_latency_seconds', 'From the first byte of a request to the last of its answer.'),
      LATENCY_SECONDS,
    ),
    ttft: registry.histogram(
      perModel('llm_ttft_seconds', 'From the first byte of a streamed request to the first content of its answer.'),
      TTFT_SECONDS,
    ),
    interToken: registry.histogram(
      perModel(
        'llm_inter_token_p95_seconds',
        'Of each streamed answer, the 95th percentile of the time between two pieces of its content.',
      ),
      INTER_TOKEN_SECONDS,
    ),
  };
}
