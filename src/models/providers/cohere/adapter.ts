import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { bearer } from '../provider-keys.ts';
import type { Provider } from '../provider.ts';
import { missingCredential } from '../relay-request.ts';
import { rerankPlan, rerankWire } from '../rerank/plan.ts';
import { cohereEmbedder } from './embedder.ts';
import { mapError } from './map-error.ts';
import { cohereReranker } from './reranker.ts';
import { toRequest } from './to-request.ts';
import { cohereWire } from './wire.ts';

const DEFAULT_BASE_URL = 'https://api.cohere.com';
const OWN_MODELS = /^(command-|c4ai-|embed-(v\d|english|multilingual)|rerank-(v\d|english|multilingual))/;

const PASSED_HEADERS: ReadonlySet<string> = new Set([
  'x-debug-trace-id',
  'x-endpoint-monthly-call-limit',
  'x-trial-endpoint-call-limit',
  'x-trial-endpoint-call-remaining',
  'retry-after',
]);

const rankWire = rerankWire(mapError);

/** Provider type `cohere`: Cohere's own API, version 2. Chat is translated for clients of every dialect. */
export function createCohereProvider(options: HttpProviderOptions, transport: Transport): Provider {
  const access = httpAccess(options, {
    // The official SDK's base URL has no version; whoever copied one with it means the same.
    baseUrl: (options.baseUrl ?? DEFAULT_BASE_URL).replace(/\/v[12]\/*$/, ''),
    keyHeaders: bearer,
    missing: () => missingCredential(options.name, 'COHERE_API_KEY'),
  });
  const { endpoint } = access;
  return {
    name: options.name,
    type: 'cohere',
    family: 'cohere',
    simulated: false,
    transport,
    models: options.models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-debug-trace-id',
    ownsModel: (name) => OWN_MODELS.test(name) || options.models.includes(name),
    wire(_dialect, operation) {
      if (operation === 'chat') return cohereWire;
      return operation === 'rerank' ? rankWire : undefined;
    },
    plan: (call, model, capabilities) =>
      call.operation === 'rerank'
        ? rerankPlan(cohereReranker, call, model, endpoint(call))
        : toRequest(call, model, endpoint(call), capabilities),
    embedder: cohereEmbedder(endpoint),
    ...access.keys,
    close: () => transport.close(),
  };
}
