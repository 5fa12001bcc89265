import type { Call } from '../../../core/call.ts';
import type { EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { UpstreamRequest } from '../../transport/transport.ts';
import { leftOut, lostPurpose } from '../embedding/notes.ts';
import { readVectorList } from '../embedding/read-vectors.ts';
import type { Embedder, EmbeddingBounds } from '../provider.ts';
import { type Endpoint, withForwarded } from '../relay-request.ts';
import { mapError } from './map-error.ts';

/** How a server of OpenAI's embeddings differs from OpenAI. */
export interface EmbedderOptions {
  /** Where a call's requests go. */
  readonly endpoint: (call: Call) => Endpoint;
  readonly bounds: EmbeddingBounds;
  /** It gives base64, which is a third of the bytes of numbers and has every bit of them. */
  readonly base64: boolean;
}

/** @see https://platform.openai.com/docs/api-reference/embeddings/create (checked 2026-11-21) */
export const OPENAI_BOUNDS: EmbeddingBounds = { inputs: 2048, tokens: 300_000 };

/** Servers set their own, and seldom say them. */
export const COMPATIBLE_BOUNDS: EmbeddingBounds = { inputs: 256, tokens: undefined };

/** One of `idempotency-key` would make requests one that have others' texts beside them. */
const FORWARDED = ['traceparent', 'tracestate'] as const;

/** Embeds by `POST {base}/embeddings` of OpenAI, or of a server like it. */
export function openAiEmbedder({ endpoint, bounds, base64 }: EmbedderOptions): Embedder {
  return {
    bounds: () => bounds,
    notes: ({ dialect }, { extra, purpose }) => [
      ...(dialect === 'openai' ? [] : leftOut(extra)),
      ...lostPurpose(purpose),
    ],
    request: (call, model, embedding) =>
      embeddingRequest(call, endpoint(call), '/embeddings', openAiBody(call, model, embedding, base64)),
    read: readVectorList,
    readError: mapError,
  };
}

/** A request with this body to the path below the endpoint. */
export function embeddingRequest(call: Call, endpoint: Endpoint, path: string, body: JsonObject): UpstreamRequest {
  const { origin, basePath, headers, timeouts } = endpoint;
  return {
    method: 'POST',
    origin,
    path: `${basePath}${path}`,
    headers: withForwarded(call, FORWARDED, headers),
    body: Buffer.from(JSON.stringify(body)),
    timeouts,
  };
}

function openAiBody(call: Call, model: string, embedding: EmbeddingRequest, base64: boolean): JsonObject {
  const { inputs, dimensions, extra } = embedding;
  return {
    // Other dialects' fields mean nothing to it, and it refuses what it does not know.
    ...(call.dialect === 'openai' ? extra : {}),
    model,
    input: inputs as JsonObject['input'],
    ...(dimensions === undefined ? {} : { dimensions }),
    encoding_format: base64 ? 'base64' : 'float',
  };
}
