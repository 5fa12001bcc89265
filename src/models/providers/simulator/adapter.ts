import type { PromptCacheHints } from '../../../core/caching.ts';
import type { Call, Dialect, Operation } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { SimulatorOptions } from '../../simulator/behaviour.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { SIMULATE_HEADER } from '../../simulator/written-settings.ts';
import type { UpstreamTimeouts } from '../../transport/transport.ts';
import { toRequest as toAnthropicRequest } from '../anthropic/to-request.ts';
import { anthropicWire } from '../anthropic/wire.ts';
import { OPENAI_BOUNDS, openAiEmbedder } from '../openai/embedder.ts';
import { PASSED_HEADERS as OPENAI_HEADERS } from '../openai/passed-headers.ts';
import { OPENAI_QUIRKS } from '../openai/quirks.ts';
import { toRequest as toOpenAiRequest } from '../openai/to-request.ts';
import { openaiWire, serves } from '../openai/wire.ts';
import type { Provider, RequestPlan, Wire } from '../provider.ts';
import { DEFAULT_TIMEOUTS, type Endpoint, forwardedHeaders } from '../relay-request.ts';
import { createSimulatorTransport } from './transport.ts';

export interface SimulatorProviderOptions {
  readonly name: string;
  readonly settings: SimulatorOptions;
  readonly clock: Clock;
  /** Where the call's own assignment says nothing. */
  readonly timeouts?: UpstreamTimeouts;
}

/** It speaks OpenAI's chat completions and keeps nothing, so that the gateway keeps the responses. */
const QUIRKS = { ...OPENAI_QUIRKS, responses: false };

const PASSED_HEADERS: ReadonlySet<string> = new Set([
  ...OPENAI_HEADERS,
  'request-id',
  'anthropic-ratelimit-requests-limit',
  'anthropic-ratelimit-requests-remaining',
  'anthropic-ratelimit-requests-reset',
]);

/** Provider type `simulator`: a model inside this process that makes its answers up, in both dialects. */
export function createSimulatorProvider(options: SimulatorProviderOptions): Provider {
  const { name, settings, clock, timeouts = DEFAULT_TIMEOUTS } = options;
  const simulator = new Simulator(settings, clock);
  const transport = createSimulatorTransport(simulator);
  const { models } = simulator;
  return {
    name,
    type: 'simulator',
    family: 'simulator',
    simulated: true,
    transport,
    maxTokensField: QUIRKS.maxTokensField,
    models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-request-id',
    ownsModel: (model) => models.includes(model),
    wire: wireFor,
    plan: (call, model, _capabilities, hints) =>
      planFor(call, model, { ...timeouts, ...call.assignment?.timeouts }, hints),
    embedder: openAiEmbedder({
      endpoint: (call) => ({
        ...endpoint('/v1', { ...timeouts, ...call.assignment?.timeouts }),
        headers: forwardedHeaders(call, [SIMULATE_HEADER]),
      }),
      bounds: OPENAI_BOUNDS,
      base64: true,
    }),
    close: () => transport.close(),
  };
}

function wireFor(dialect: Dialect, operation: Operation): Wire | undefined {
  if (dialect !== 'anthropic') return serves(dialect, operation, ['embeddings']) ? openaiWire : undefined;
  return operation === 'chat' ? anthropicWire : undefined;
}

/** The dialect's own request, with the one header that a simulator reads. */
function planFor(call: Call, model: string, timeouts: UpstreamTimeouts, hints?: PromptCacheHints): RequestPlan {
  const plan =
    call.dialect !== 'anthropic'
      ? toOpenAiRequest(call, model, endpoint('/v1', timeouts), QUIRKS)
      : toAnthropicRequest(call, model, endpoint('', timeouts), undefined, hints);
  return { ...plan, request: { ...plan.request, headers: forwardedHeaders(call, [SIMULATE_HEADER]) } };
}

function endpoint(basePath: string, timeouts: UpstreamTimeouts): Endpoint {
  return { origin: 'simulator://in-process', basePath, headers: {}, timeouts };
}
