import type { Call } from '../../core/call.ts';
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
  /** Headers that carry our own key. @throws provider_auth_failed where there is none */
  credential(): Record<string, string>;
  /** What goes along with a client's own credential. */
  alongClientCredential?(call: Call): Record<string, string>;
}

/** Prepares what does not change from call to call; the result fills in the rest. */
export function httpEndpoint(options: HttpProviderOptions, rules: EndpointRules): (call: Call) => Endpoint {
  const base = splitBaseUrl(rules.baseUrl);
  const fixed = { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...options.headers };
  return (call) => {
    const own = clientCredential(call);
    const credential = own ? { ...own, ...rules.alongClientCredential?.(call) } : rules.credential();
    return { ...base, headers: { ...fixed, ...credential }, timeouts: timeoutsFor(call) };
  };
}

function timeoutsFor(call: Call): UpstreamTimeouts {
  const own = call.assignment?.timeouts;
  return own ? { ...DEFAULT_TIMEOUTS, ...own } : DEFAULT_TIMEOUTS;
}
