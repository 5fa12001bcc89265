import type { Call, Protocol } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { UpstreamTimeouts } from '../transport/transport.ts';
import type { Provider } from './provider.ts';
import { type KeyHeaders, type KeySetting, firstKey, providerKeys } from './provider-keys.ts';
import { DEFAULT_TIMEOUTS, type Endpoint, USER_AGENT, clientCredential, splitBaseUrl } from './relay-request.ts';

/** What an operator configures of a provider that is reached over HTTP. */
export interface HttpProviderOptions {
  readonly name: string;
  readonly baseUrl: string | undefined;
  readonly apiKeys: readonly KeySetting[];
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly string[];
}

interface EndpointRules {
  readonly baseUrl: string;
  /** Headers that carry one of our own keys; absent where it is not asked with keys. */
  readonly keyHeaders?: KeyHeaders;
  /** What stands in their place where there is no key; undefined where one is needed. */
  readonly keyless?: Record<string, string> | undefined;
  /** What to say where one is needed and the client brings none. */
  missing?(): GatewayError;
  /** Only clients of this dialect bring credentials for it; another dialect's are for another provider. */
  readonly clientDialect?: Protocol;
  /** What goes along with a client's own credential. */
  alongClientCredential?(call: Call): Record<string, string>;
}

/** How a provider is reached, and with what. */
export interface HttpAccess {
  /** Where this call goes, with the first key or the client's own credential. */
  readonly endpoint: (call: Call) => Endpoint;
  /** What the provider says of its keys. */
  readonly keys: Pick<Provider, 'keys' | 'usesClientCredential'>;
}

/** Prepares what does not change from call to call; its functions fill in the rest. */
export function httpAccess(options: HttpProviderOptions, rules: EndpointRules): HttpAccess {
  const clientOwn = (call: Call): Record<string, string> | undefined => {
    const isOurs = rules.clientDialect === undefined || rules.clientDialect === call.dialect;
    return isOurs ? clientCredential(call) : undefined;
  };
  return {
    endpoint: endpointOf(options, rules, clientOwn),
    keys: {
      keys: rules.keyHeaders ? providerKeys(options.apiKeys, rules.keyHeaders) : [],
      usesClientCredential: (call) => clientOwn(call) !== undefined,
    },
  };
}

function endpointOf(
  options: HttpProviderOptions,
  rules: EndpointRules,
  clientOwn: (call: Call) => Record<string, string> | undefined,
): HttpAccess['endpoint'] {
  const base = splitBaseUrl(rules.baseUrl);
  const key = firstKey(options.apiKeys);
  const credential = (key === undefined ? undefined : rules.keyHeaders?.(key)) ?? rules.keyless;
  const fixed = { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...options.headers };
  const ownHeaders = credential && { ...fixed, ...credential };
  return (call) => {
    const client = clientOwn(call);
    const headers = client ? { ...fixed, ...client, ...rules.alongClientCredential?.(call) } : ownHeaders;
    if (!headers) throw rules.missing?.() ?? new GatewayError('provider_auth_failed');
    return { origin: base.origin, basePath: base.basePath, headers, timeouts: timeoutsFor(call) };
  };
}

function timeoutsFor(call: Call): UpstreamTimeouts {
  const own = call.assignment?.timeouts;
  return own ? { ...DEFAULT_TIMEOUTS, ...own } : DEFAULT_TIMEOUTS;
}
