import type { BodyPatch } from '../../../core/body-patch.ts';
import type { Call } from '../../../core/call.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { RequestPlan, Reshape } from '../provider.ts';
import { type Endpoint, withForwarded } from '../relay-request.ts';
import { buildBody } from './build-body.ts';
import type { GeminiFlavour } from './building.ts';
import type { ProofMemory } from './proof-memory.ts';
import { foreignSignaturePatches } from './foreign-signatures.ts';

/** What of this protocol is asked for. */
type Method = 'generateContent' | 'streamGenerateContent?alt=sse' | 'countTokens';

/** A server of this protocol. */
export interface GeminiServer {
  readonly flavour: GeminiFlavour;
  /** Before the colon: `/v1beta/models/gemini-3-pro`. */
  readonly path: (model: string) => string;
  /** As bodies name it beside that. */
  readonly resource: (model: string) => string;
  /** Headers of its clients that mean something to it. */
  readonly forwarded: readonly string[];
  /** What it proved, for clients that do not keep it. */
  readonly proofs: ProofMemory;
}

/** Those that mean the same whatever dialect the client speaks. */
const FORWARDED_FROM_ANY = ['traceparent', 'tracestate'] as const;

/** The client's body relayed, or translated where the client speaks another dialect. */
export function toRequest(
  call: Call,
  model: string,
  endpoint: Endpoint,
  server: GeminiServer,
  capabilities?: Capabilities,
): RequestPlan {
  return call.dialect === 'gemini'
    ? relayed(call, model, endpoint, server)
    : translated(call, model, endpoint, server, capabilities);
}

/** The model is in the path, so that a body is as the client wrote it. */
function relayed(call: Call, model: string, endpoint: Endpoint, server: GeminiServer): RequestPlan {
  const isCount = call.operation === 'token-count';
  const patches = [...namedModelPatches(call, server.resource(model)), ...foreignSignaturePatches(call.body)];
  const headers = withForwarded(call, [...FORWARDED_FROM_ANY, ...server.forwarded], endpoint.headers);
  const method = isCount ? 'countTokens' : generating(call.facts.stream);
  const request = requestOf(endpoint, headers, `${server.path(model)}:${method}`, call.body.bytesWith(patches));
  return { request, patches, hideUsageFrame: false };
}

function translated(
  call: Call,
  model: string,
  endpoint: Endpoint,
  server: GeminiServer,
  capabilities: Capabilities | undefined,
): RequestPlan {
  const { inference } = call;
  const { flavour, proofs } = server;
  const project = call.principal?.project ?? '';
  const recall = (callId: string) => proofs.recall(project, callId);
  const { body, notes, reshape } = buildBody(inference, model, capabilities, flavour, recall);
  const headers = withForwarded(call, FORWARDED_FROM_ANY, endpoint.headers);
  const path = `${server.path(model)}:${generating(inference.stream)}`;
  return {
    request: requestOf(endpoint, headers, path, Buffer.from(JSON.stringify(body))),
    patches: [],
    hideUsageFrame: false,
    translation: { notes, copies: inference.choices ?? 1, reshape: () => inTurn(proofs.watch(project), reshape?.()) },
  };
}

function inTurn(first: Reshape, second: Reshape | undefined): Reshape {
  return second ? (event) => first(event).flatMap((each) => second(each)) : first;
}

function generating(isStream: boolean): Method {
  return isStream ? 'streamGenerateContent?alt=sse' : 'generateContent';
}

function requestOf(
  { origin, basePath, timeouts }: Endpoint,
  headers: Record<string, string>,
  path: string,
  body: Uint8Array,
): RequestPlan['request'] {
  return { method: 'POST', origin, path: `${basePath}${path}`, headers, body, timeouts };
}

/** Some bodies name the model as well, which then has to be the path's. */
function namedModelPatches({ body: { json } }: Call, resource: string): BodyPatch[] {
  const { generateContentRequest: counted } = json;
  const named: [path: string, value: unknown][] = [
    ['/model', json['model']],
    ['/generateContentRequest/model', isJsonObject(counted) ? counted['model'] : undefined],
  ];
  return named.flatMap(([path, value]): BodyPatch[] =>
    value === undefined || value === resource ? [] : [{ op: 'set', path, value: resource }],
  );
}
