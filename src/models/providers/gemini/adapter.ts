import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import type { Provider } from '../provider.ts';
import { missingCredential } from '../relay-request.ts';
import { geminiEmbedder } from './embedder.ts';
import { modelPath } from './model-path.ts';
import { ProofMemory } from './proof-memory.ts';
import { type GeminiServer, toRequest } from './to-request.ts';
import { geminiWire, serves } from './wire.ts';

const DEFAULT_BASE_URL = 'https://generativelanguage.googleapis.com';

export const PASSED_HEADERS: ReadonlySet<string> = new Set(['x-gemini-service-tier', 'server-timing', 'retry-after']);

/** How long the client waits. */
export const FORWARDED = ['x-server-timeout'] as const;

const OWN_MODELS = /^(?:gemini|gemma|learnlm)-/;

const GOOGLE: Omit<GeminiServer, 'proofs'> = {
  flavour: { callIds: true, serviceTier: true, penaltiesBefore3: false },
  path: (model) => `/v1beta/${modelPath(model)}`,
  resource: resourceName,
  forwarded: FORWARDED,
};

/** Provider type `gemini`: Google's Gemini API, as AI Studio gives keys for it. */
export function createGeminiProvider(options: HttpProviderOptions, transport: Transport): Provider {
  const access = httpAccess(options, {
    // The official SDK's base URL has no version; whoever copied one with it means the same.
    baseUrl: (options.baseUrl ?? DEFAULT_BASE_URL).replace(/\/v1(?:beta|alpha)?\/*$/, ''),
    keyHeaders: (key) => ({ 'x-goog-api-key': key }),
    clientDialect: 'gemini',
    missing: () => missingCredential(options.name, 'GEMINI_API_KEY'),
  });
  const { endpoint } = access;
  const server: GeminiServer = { ...GOOGLE, proofs: new ProofMemory() };
  return {
    name: options.name,
    type: 'gemini',
    family: 'gemini',
    simulated: false,
    transport,
    models: options.models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-request-id',
    ownsModel: (name) => OWN_MODELS.test(name) || options.models.includes(name),
    wire: (dialect, operation) => (serves(dialect, operation) ? geminiWire : undefined),
    plan: (call, model, capabilities) => toRequest(call, model, endpoint(call), server, capabilities),
    embedder: geminiEmbedder(endpoint, GOOGLE.path),
    ...access.keys,
    close: () => transport.close(),
  };
}

/** `models/x`, or a model of one's own that says its kind itself: `tunedModels/x`. */
function resourceName(model: string): string {
  return model.includes('/') ? model : `models/${model}`;
}
