import type { BodyPatch } from '../../../core/body-patch.ts';
import type { CallForm } from '../../../core/call-form.ts';
import type { Call, Operation } from '../../../core/call.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { RequestPlan } from '../provider.ts';
import { type Endpoint, modelPatch, withForwarded } from '../relay-request.ts';
import { buildBody } from './build-body.ts';
import { completionOf } from './fim.ts';
import { ownFieldPatches } from './own-fields.ts';
import type { Quirks } from './quirks.ts';
import { foreignReasoningPatches } from './responses/foreign-reasoning.ts';

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

/** Operations whose streams say what they used where they are asked to. */
const SAYS_USAGE: ReadonlySet<Operation> = new Set(['chat', 'completion']);

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
  if (call.dialect === 'responses' && quirks.responses) return relayedResponse(call, model, endpoint);
  return call.dialect === 'openai'
    ? relayed(call, model, endpoint, quirks)
    : translated(call, model, endpoint, quirks, capabilities);
}

/** The client's own bytes, with the patches that make them ours. */
function relayed(call: Call, model: string, endpoint: Endpoint, quirks: Quirks): RequestPlan {
  const patches: BodyPatch[] = namedModel(call, model);
  const headers = withForwarded(call, FORWARDED, endpoint.headers);
  const target = { ...endpoint, path: pathOf(call, endpoint, quirks) };
  if (call.form) return formRequest(call.form, model, patches, target, headers);
  patches.push(...ownFieldPatches(call.body));
  const asksUsage = quirks.usageFrame && SAYS_USAGE.has(call.operation) && call.facts.stream && !hasUsageOption(call);
  if (asksUsage) patches.push(usagePatch(call));
  return {
    request: requestOf(target, headers, call.body.bytesWith(patches)),
    patches,
    hideUsageFrame: asksUsage,
    ...(call.operation === 'completion' && quirks.completions === 'fim' ? { rewrite: completionOf } : {}),
  };
}

/** Usage comes by itself there. */
function relayedResponse(call: Call, model: string, endpoint: Endpoint): RequestPlan {
  const patches = [...modelPatch(call, model), ...foreignReasoningPatches(call.body)];
  const target = { ...endpoint, path: `${endpoint.basePath}/responses` };
  const request = requestOf(target, withForwarded(call, FORWARDED, endpoint.headers), call.body.bytesWith(patches));
  return { request, patches, hideUsageFrame: false };
}

/** The form with its files, as they come. */
function formRequest(
  form: CallForm,
  model: string,
  patches: readonly BodyPatch[],
  target: Target,
  headers: Record<string, string>,
): RequestPlan {
  const { contentType, bytes } = form.encode(patches.length === 0 ? {} : { model });
  const request = requestOf(target, { ...headers, 'content-type': contentType }, undefined);
  return { request: { ...request, bodyStream: bytes }, patches, hideUsageFrame: false };
}

const MAY_LEAVE_OUT_MODEL: ReadonlySet<Operation> = new Set(['moderation', 'image', 'image-edit', 'image-variation']);

/** Where the client leaves the model out, the one that it was taken to mean is asked for, and no other. */
function namedModel(call: Call, model: string): BodyPatch[] {
  const isLeftOut = MAY_LEAVE_OUT_MODEL.has(call.operation) && typeof call.body.json['model'] !== 'string';
  return isLeftOut ? [{ op: 'set', path: '/model', value: model }] : modelPatch(call, model);
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
    request: requestOf(
      { ...endpoint, path: pathOf(call, endpoint, quirks) },
      headers,
      Buffer.from(JSON.stringify(body)),
    ),
    patches: [],
    hideUsageFrame: false,
    translation: { notes, copies, reshape },
  };
}

type Target = Pick<Endpoint, 'origin' | 'timeouts'> & { readonly path: string };

function requestOf(
  { origin, path, timeouts }: Target,
  headers: Record<string, string>,
  body: Uint8Array | undefined,
): RequestPlan['request'] {
  return { method: 'POST', origin, path, headers, body, timeouts };
}

/** Versions that people write at the end of a base address. */
const VERSION = /\/(v1|beta)$/;

function pathOf({ operation }: Call, { basePath }: Endpoint, { completions }: Quirks): string {
  const path = PATHS[operation as keyof typeof PATHS];
  if (operation !== 'completion' || completions === 'openai') return `${basePath}${path}`;
  return completions === 'fim' ? `${basePath}/fim${path}` : `${basePath.replace(VERSION, '')}/beta${path}`;
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
