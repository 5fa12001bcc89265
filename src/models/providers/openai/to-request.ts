import type { BodyPatch } from '../../../core/body-patch.ts';
import type { Call, Operation } from '../../../core/call.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { RequestPlan } from '../provider.ts';
import { type Endpoint, modelPatch, withForwarded } from '../relay-request.ts';
import { buildBody } from './build-body.ts';
import { ownFieldPatches } from './own-fields.ts';
import type { Quirks } from './quirks.ts';

const PATHS: Readonly<Record<Exclude<Operation, 'resource' | 'token-count'>, string>> = {
  chat: '/chat/completions',
  completion: '/completions',
  embeddings: '/embeddings',
  rerank: '/rerank',
  moderation: '/moderations',
  speech: '/audio/speech',
  transcription: '/audio/transcriptions',
  'audio-translation': '/audio/translations',
  image: '/images/generations',
  'image-edit': '/images/edits',
  'image-variation': '/images/variations',
};

/** Client headers that mean something to an OpenAI-shaped server. */
const FORWARDED = ['openai-beta', 'idempotency-key', 'traceparent', 'tracestate'] as const;
/** Those that mean the same whatever dialect the client speaks. */
const FORWARDED_FROM_ANY = ['idempotency-key', 'traceparent', 'tracestate'] as const;
/** One key would make several requests one. */
const FORWARDED_COPIES = ['traceparent', 'tracestate'] as const;

/** The client's body relayed to an OpenAI-shaped server, or translated where the client speaks another dialect. */
export function toRequest(
  call: Call,
  model: string,
  endpoint: Endpoint,
  quirks: Quirks,
  capabilities?: Capabilities,
): RequestPlan {
  return call.dialect === 'openai'
    ? relayed(call, model, endpoint, quirks)
    : translated(call, model, endpoint, quirks, capabilities);
}

/** The client's own bytes, with the patches that make them ours. */
function relayed(call: Call, model: string, endpoint: Endpoint, quirks: Quirks): RequestPlan {
  const patches: BodyPatch[] = [...modelPatch(call, model), ...ownFieldPatches(call.body)];
  const asksUsage = quirks.usageFrame && call.operation === 'chat' && call.facts.stream && !hasUsageOption(call);
  if (asksUsage) patches.push(usagePatch(call));
  const headers = withForwarded(call, FORWARDED, endpoint.headers);
  return {
    request: requestOf(call, endpoint, headers, call.body.bytesWith(patches)),
    patches,
    hideUsageFrame: asksUsage,
  };
}

function translated(
  call: Call,
  model: string,
  endpoint: Endpoint,
  quirks: Quirks,
  capabilities: Capabilities | undefined,
): RequestPlan {
  const { body, notes, copies, reshape } = buildBody(call.inference, model, capabilities, quirks);
  const headers = withForwarded(call, copies > 1 ? FORWARDED_COPIES : FORWARDED_FROM_ANY, endpoint.headers);
  return {
    request: requestOf(call, endpoint, headers, Buffer.from(JSON.stringify(body))),
    patches: [],
    hideUsageFrame: false,
    translation: { notes, copies, reshape },
  };
}

function requestOf(
  { operation }: Call,
  { origin, basePath, timeouts }: Endpoint,
  headers: Record<string, string>,
  body: Uint8Array,
): RequestPlan['request'] {
  return {
    method: 'POST',
    origin,
    path: `${basePath}${PATHS[operation as keyof typeof PATHS]}`,
    headers,
    body,
    timeouts,
  };
}

function hasUsageOption(call: Call): boolean {
  const options = call.body.json['stream_options'];
  return isJsonObject(options) && options['include_usage'] === true;
}

/** Beside the client's other stream options where there are any. */
function usagePatch(call: Call): BodyPatch {
  return isJsonObject(call.body.json['stream_options'])
    ? { op: 'set', path: '/stream_options/include_usage', value: true }
    : { op: 'set', path: '/stream_options', value: { include_usage: true } };
}
