import type { BodyPatch } from '../../../core/body-patch.ts';
import type { PromptCacheHints } from '../../../core/caching.ts';
import { type Call, header } from '../../../core/call.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildBody } from '../anthropic/build-body.ts';
import { bodyMarks, markedBody } from '../anthropic/cache-marks.ts';
import { unsignedThinkingPatches } from '../anthropic/unsigned-thinking.ts';
import type { RequestPlan } from '../provider.ts';
import { type Endpoint, withForwarded } from '../relay-request.ts';
import { type Place, modelPath } from './address.ts';

/** @see https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai (read in @anthropic-ai/vertex-sdk, checked 2026-11-21) */
const VERSION = 'vertex-2023-10-16';
/** Stands in the path in place of a model; the body has the model then. */
const COUNTER = 'count-tokens';

const FORWARDED = ['anthropic-beta', 'traceparent', 'tracestate'] as const;
const FORWARDED_FROM_ANY = ['traceparent', 'tracestate'] as const;

/** Anthropic's messages as Vertex AI takes them: the model is in the path, and the version in the body. */
export function toClaudeRequest(
  call: Call,
  model: string,
  endpoint: Endpoint,
  place: Place,
  capabilities?: Capabilities,
  hints?: PromptCacheHints,
): RequestPlan {
  return call.dialect === 'anthropic'
    ? relayed(call, model, endpoint, place, hints)
    : translated(call, model, endpoint, place, capabilities, hints);
}

function relayed(
  call: Call,
  model: string,
  endpoint: Endpoint,
  place: Place,
  hints: PromptCacheHints | undefined,
): RequestPlan {
  const isCount = call.operation === 'token-count';
  const changes: BodyPatch[] = [
    ...unsignedThinkingPatches(call.body),
    ...(isCount ? [set('model', model)] : [{ op: 'remove' as const, path: '/model' }]),
    ...(call.body.json['anthropic_version'] === undefined ? [set('anthropic_version', VERSION)] : []),
    ...betaPatches(call),
  ];
  const marks = bodyMarks(call, changes, model, hints);
  const patches = [...changes, ...marks];
  const headers = withForwarded(call, FORWARDED, endpoint.headers);
  const path = isCount
    ? `${modelPath(place, 'anthropic', COUNTER)}:rawPredict`
    : predictPath(place, model, call.facts.stream);
  const request = requestOf(endpoint, headers, path, call.body.bytesWith(patches));
  return { request, patches, hideUsageFrame: false, breakpoints: marks.length };
}

function translated(
  call: Call,
  model: string,
  endpoint: Endpoint,
  place: Place,
  capabilities: Capabilities | undefined,
  hints: PromptCacheHints | undefined,
): RequestPlan {
  const { inference } = call;
  const { fields, stream, choices } = inference;
  const url = fields['document-url'];
  if (url !== undefined) throw refusedField(url, 'names a document by its URL, which Vertex AI does not take; send it');
  const { body: built, notes, reshape } = buildBody(inference, model, capabilities);
  const { body, breakpoints } = markedBody(built, model, hints);
  const { model: _model, ...rest } = body;
  const sent = { ...rest, anthropic_version: VERSION };
  const headers = withForwarded(call, FORWARDED_FROM_ANY, endpoint.headers);
  const path = predictPath(place, model, stream);
  return {
    request: requestOf(endpoint, headers, path, Buffer.from(JSON.stringify(sent))),
    patches: [],
    hideUsageFrame: false,
    breakpoints,
    translation: { notes, copies: choices ?? 1, reshape },
  };
}

function predictPath(place: Place, model: string, isStream: boolean): string {
  return `${modelPath(place, 'anthropic', model)}:${isStream ? 'streamRawPredict' : 'rawPredict'}`;
}

/** Google reads them in the body; the official client sends the header, which goes along. */
function betaPatches(call: Call): BodyPatch[] {
  const betas = (header(call, 'anthropic-beta') ?? '').split(',').map((beta) => beta.trim());
  const named = betas.filter((beta) => beta !== '');
  return named.length === 0 || call.body.json['anthropic_beta'] !== undefined ? [] : [set('anthropic_beta', named)];
}

function set(name: string, value: string | string[]): BodyPatch {
  return { op: 'set', path: `/${name}`, value };
}

function requestOf(
  { origin, basePath, timeouts }: Endpoint,
  headers: Record<string, string>,
  path: string,
  body: Uint8Array,
): RequestPlan['request'] {
  return { method: 'POST', origin, path: `${basePath}${path}`, headers, body, timeouts };
}
