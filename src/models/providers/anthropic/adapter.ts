import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import type { Provider } from '../provider.ts';
import { forwardedHeaders, missingCredential } from '../relay-request.ts';
import { withResources } from '../resource-relay.ts';
import { FORWARDED, VERSION, toRequest } from './to-request.ts';
import { anthropicWire, serves } from './wire.ts';

const DEFAULT_BASE_URL = 'https://api.anthropic.com';

const PASSED_HEADERS: ReadonlySet<string> = new Set([
  'request-id',
  'anthropic-organization-id',
  'anthropic-ratelimit-requests-limit',
  'anthropic-ratelimit-requests-remaining',
  'anthropic-ratelimit-requests-reset',
  'anthropic-ratelimit-tokens-limit',
  'anthropic-ratelimit-tokens-remaining',
  'anthropic-ratelimit-tokens-reset',
  'anthropic-ratelimit-input-tokens-limit',
  'anthropic-ratelimit-input-tokens-remaining',
  'anthropic-ratelimit-input-tokens-reset',
  'anthropic-ratelimit-output-tokens-limit',
  'anthropic-ratelimit-output-tokens-remaining',
  'anthropic-ratelimit-output-tokens-reset',
  'retry-after',
]);

/** What a client's own OAuth session needs to be recognised as its own application. */
const OAUTH_HEADERS = ['user-agent', 'x-app'] as const;

/** Provider type `anthropic`: Anthropic itself, or whoever serves its messages API. */
export function createAnthropicProvider(options: HttpProviderOptions, transport: Transport): Provider {
  const access = httpAccess(options, {
    // The official SDKs' base URL has no /v1; whoever copied one with it means the same.
    baseUrl: (options.baseUrl ?? DEFAULT_BASE_URL).replace(/\/v1\/*$/, ''),
    keyHeaders: (key) => ({ 'x-api-key': key }),
    clientDialect: 'anthropic',
    missing: () => missingCredential(options.name, 'ANTHROPIC_API_KEY'),
    alongClientCredential: (call) => forwardedHeaders(call, OAUTH_HEADERS),
  });
  const { endpoint } = access;
  const provider: Provider = {
    name: options.name,
    type: 'anthropic',
    family: 'anthropic',
    simulated: false,
    transport,
    models: options.models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'request-id',
    ownsModel: (name) => name.startsWith('claude-') || options.models.includes(name),
    wire: (dialect, operation) => (serves(dialect, operation) ? anthropicWire : undefined),
    plan: (call, model, capabilities, hints) => toRequest(call, model, endpoint(call), capabilities, hints),
    ...access.keys,
    close: () => transport.close(),
  };
  return withResources(provider, {
    dialects: ['anthropic'],
    prefix: '/v1',
    forwarded: FORWARDED,
    usual: { 'anthropic-version': VERSION },
    endpoint,
  });
}
