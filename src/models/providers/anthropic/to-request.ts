import type { BodyPatch } from '../../../core/body-patch.ts';
import type { PromptCacheHints } from '../../../core/caching.ts';
import type { Call } from '../../../core/call.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { RequestPlan } from '../provider.ts';
import { type Endpoint, modelPatch, withForwarded } from '../relay-request.ts';
import { buildBody } from './build-body.ts';
import { bodyMarks, markedBody } from './cache-marks.ts';
import { unsignedThinkingPatches } from './unsigned-thinking.ts';

/** Client headers that mean something to Anthropic. */
export const FORWARDED = [
  'anthropic-version',
  'anthropic-beta',
  'idempotency-key',
  'traceparent',
  'tracestate',
] as const;
/** Those that mean the same whatever dialect the client speaks. */
const FORWARDED_FROM_ANY = ['idempotency-key', 'traceparent', 'tracestate'] as const;
/** One key would make several requests one. */
const FORWARDED_COPIES = ['traceparent', 'tracestate'] as const;
export const VERSION = '2023-06-01';

interface Sent {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** The client's body relayed to an Anthropic-shaped server, or translated where the client speaks another dialect. */
export function toRequest(
  call: Call,
  model: string,
  endpoint: Endpoint,
  capabilities?: Capabilities,
  hints?: PromptCacheHints,
): RequestPlan {
  return call.dialect === 'anthropic'
    ? relayed(call, model, endpoint, hints)
    : translated(call, model, endpoint, capabilities, hints);
}

function relayed(call: Call, model: string, endpoint: Endpoint, hints: PromptCacheHints | undefined): RequestPlan {
  const changes: BodyPatch[] = [...modelPatch(call, model), ...unsignedThinkingPatches(call.body)];
  const marks = bodyMarks(call, changes, model, hints);
  const patches = [...changes, ...marks];
  const headers = { 'anthropic-version': VERSION, ...withForwarded(call, FORWARDED, endpoint.headers) };
  const path = call.operation === 'token-count' ? '/v1/messages/count_tokens' : '/v1/messages';
  const sent = { path: `${path}${betaQuery(call.query)}`, headers, body: call.body.bytesWith(patches) };
  return { request: requestOf(endpoint, sent), patches, hideUsageFrame: false, breakpoints: marks.length };
}

function translated(
  call: Call,
  model: string,
  endpoint: Endpoint,
  capabilities: Capabilities | undefined,
  hints: PromptCacheHints | undefined,
): RequestPlan {
  const { inference } = call;
  const { body: built, notes, reshape } = buildBody(inference, model, capabilities);
  const { body, breakpoints } = markedBody(built, model, hints);
  const copies = inference.choices ?? 1;
  const forwarded = copies > 1 ? FORWARDED_COPIES : FORWARDED_FROM_ANY;
  const headers = { 'anthropic-version': VERSION, ...withForwarded(call, forwarded, endpoint.headers) };
  const sent = { path: '/v1/messages', headers, body: Buffer.from(JSON.stringify(body)) };
  return {
    request: requestOf(endpoint, sent),
    patches: [],
    hideUsageFrame: false,
    breakpoints,
    translation: { notes, copies, reshape },
  };
}

function requestOf({ origin, basePath, timeouts }: Endpoint, { path, headers, body }: Sent): RequestPlan['request'] {
  return { method: 'POST', origin, path: `${basePath}${path}`, headers, body, timeouts };
}

/** The SDK's beta calls say `?beta=true`; nothing else of the query is the provider's business. */
function betaQuery(query: string): string {
  return query !== '' && new URLSearchParams(query).get('beta') === 'true' ? '?beta=true' : '';
}
