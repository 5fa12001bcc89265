import type { Call, Protocol } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { UpstreamTimeouts } from '../transport/transport.ts';
import { DEFAULT_TIMEOUTS, type Endpoint, USER_AGENT, clientCredential, splitBaseUrl } from './relay-request.ts';

/** What an operator configures of a provider that is reached over HTTP. */
export interface HttpProviderOptions {
  readonly name: string;
  readonly baseUrl: string | undefined;
  readonly apiKeys: readonly string[];
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly string[];
}

interface EndpointRules {
  readonly baseUrl: string;
  /** Headers that carry our own key; undefined where there is none and one is needed. */
  readonly credential: Record<string, string> | undefined;
  /** What to say where one is needed and the client brings none. */
  missing?(): GatewayError;
  /** Only clients of this dialect bring credentials for it; another dialect's are for another provider. */
  readonly clientDialect?: Protocol;
  /** What goes along with a client's own credential. */
  alongClientCredential?(call: Call): Record<string, string>;
}

/** Prepares what does not change from call to call; the result fills in the rest. */
export function httpEndpoint(options: HttpProviderOptions, rules: EndpointRules): (call: Call) => Endpoint {
  const base = splitBaseUrl(rules.baseUrl);
  const fixed = { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...options.headers };
  const ownHeaders = rules.credential && { ...fixed, ...rules.credential };
  return (call) => {
    const isOurs = rules.clientDialect === undefined || rules.clientDialect === call.dialect;
    const client = isOurs ? clientCredential(call) : undefined;
    const headers = client ? { ...fixed, ...client, ...rules.alongClientCredential?.(call) } : ownHeaders;
    if (!headers) throw rules.missing?.() ?? new GatewayError('provider_auth_failed');
    return { origin: base.origin, basePath: base.basePath, headers, timeouts: timeoutsFor(call) };
  };
}

function timeoutsFor(call: Call): UpstreamTimeouts {
  const own = call.assignment?.timeouts;
  return own ? { ...DEFAULT_TIMEOUTS, ...own } : DEFAULT_TIMEOUTS;
}
