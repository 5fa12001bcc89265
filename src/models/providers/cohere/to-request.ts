import type { Call } from '../../../core/call.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { RequestPlan } from '../provider.ts';
import { type Endpoint, withForwarded } from '../relay-request.ts';
import { buildBody } from './build-body.ts';

/** Client headers that mean the same whatever dialect it speaks. */
const FORWARDED = ['traceparent', 'tracestate'] as const;

/** A chat request, translated: no client comes here in Cohere's own protocol. */
export function toRequest(call: Call, model: string, endpoint: Endpoint, capabilities?: Capabilities): RequestPlan {
  const { inference } = call;
  const { body, notes, reshape } = buildBody(inference, model, capabilities);
  const { origin, basePath, timeouts } = endpoint;
  return {
    request: {
      method: 'POST',
      origin,
      path: `${basePath}/v2/chat`,
      headers: withForwarded(call, FORWARDED, endpoint.headers),
      body: Buffer.from(JSON.stringify(body)),
      timeouts,
    },
    patches: [],
    hideUsageFrame: false,
    translation: { notes, copies: inference.choices ?? 1, reshape },
  };
}
