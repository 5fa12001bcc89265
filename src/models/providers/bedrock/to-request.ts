import type { PromptCacheHints } from '../../../core/caching.ts';
import type { Call } from '../../../core/call.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { UpstreamRequest } from '../../transport/transport.ts';
import type { RequestPlan } from '../provider.ts';
import { type Endpoint, withForwarded } from '../relay-request.ts';
import { buildBody } from './build-body.ts';
import { placeCachePoints } from './place-cache-points.ts';

/** Client headers that mean the same whatever dialect the client speaks. */
const FORWARDED = ['traceparent', 'tracestate'] as const;

/** A chat request for Converse, or ConverseStream where the client asks for a stream. */
export function toRequest(
  call: Call,
  model: string,
  endpoint: Endpoint,
  capabilities?: Capabilities,
  hints?: PromptCacheHints,
): RequestPlan {
  const { inference } = call;
  const { body, notes, reshape } = buildBody(inference, model, capabilities);
  const breakpoints = placeCachePoints(body, model, hints);
  const verb = inference.stream ? 'converse-stream' : 'converse';
  return {
    request: modelRequest(call, model, verb, endpoint, body),
    patches: [],
    hideUsageFrame: false,
    breakpoints,
    translation: { notes, copies: inference.choices ?? 1, reshape },
  };
}

/** A request to one model: its id, which may be an ARN, is one segment of the path. */
export function modelRequest(
  call: Call,
  model: string,
  verb: 'converse' | 'converse-stream' | 'invoke',
  { origin, basePath, timeouts, headers }: Endpoint,
  body: object,
): UpstreamRequest {
  return {
    method: 'POST',
    origin,
    path: `${basePath}/model/${encodeSegment(model)}/${verb}`,
    headers: withForwarded(call, FORWARDED, headers),
    body: Buffer.from(JSON.stringify(body)),
    timeouts,
  };
}

/** All but the unreserved characters of RFC 3986, as signatures of AWS have it. */
function encodeSegment(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
