import type { Call } from '../../../core/call.ts';
import type { RequestPlan } from '../provider.ts';
import { type Endpoint, modelPatch, withForwarded } from '../relay-request.ts';

/** Client headers that mean something to Anthropic. */
const FORWARDED = ['anthropic-version', 'anthropic-beta', 'idempotency-key', 'traceparent', 'tracestate'] as const;
const VERSION = '2023-06-01';

/** The client's body relayed to an Anthropic-shaped server. */
export function toRequest(call: Call, model: string, endpoint: Endpoint): RequestPlan {
  const patches = modelPatch(call, model);
  return {
    request: {
      method: 'POST',
      origin: endpoint.origin,
      path: `${endpoint.basePath}/v1/messages${betaQuery(call.query)}`,
      headers: { 'anthropic-version': VERSION, ...withForwarded(call, FORWARDED, endpoint.headers) },
      body: call.body.bytesWith(patches),
      timeouts: endpoint.timeouts,
    },
    patches,
    hideUsageFrame: false,
  };
}

/** The SDK's beta calls say `?beta=true`; nothing else of the query is the provider's business. */
function betaQuery(query: string): string {
  return query !== '' && new URLSearchParams(query).get('beta') === 'true' ? '?beta=true' : '';
}
