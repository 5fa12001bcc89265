import type { Call } from '../../../core/call.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { leftOut, lostPurpose } from '../embedding/notes.ts';
import { knownFields, readPlainVectors, readVectorList } from '../embedding/read-vectors.ts';
import { embeddingRequest } from '../openai/embedder.ts';
import type { Embedder } from '../provider.ts';
import type { Endpoint } from '../relay-request.ts';
import { mapError } from './map-error.ts';

/** Options that only its own path has. */
const NATIVE = ['truncate', 'truncation_direction', 'normalize', 'prompt_name'];

/** `--max-client-batch-size`, where the operator does not raise it. */
const MOST_INPUTS = 32;

/**
 * The OpenAI-shaped path says how many tokens were read, and has base64; the server's own path says neither, and is
 * asked where the client uses an option that only it has.
 * @see https://github.com/huggingface/text-embeddings-inference/blob/main/docs/openapi.json (checked 2026-11-21)
 */
export function teiEmbedder(endpoint: (call: Call) => Endpoint): Embedder {
  return {
    bounds: () => ({ inputs: MOST_INPUTS, tokens: undefined }),
    notes: (_call, { extra, purpose }) => [...leftOut(extra, NATIVE), ...lostPurpose(purpose)],
    request(call, model, embedding) {
      const native = knownFields(embedding.extra, NATIVE);
      const isNative = Object.keys(native).length > 0;
      const body = isNative ? nativeBody(embedding, native) : openAiBody(model, embedding);
      return embeddingRequest(call, endpoint(call), isNative ? '/embed' : '/v1/embeddings', body);
    },
    read,
    readError: mapError,
  };
}

function openAiBody(model: string, { inputs, dimensions, encoding }: EmbeddingRequest): JsonObject {
  return { model, input: inputs as Json, ...dimensionsOf(dimensions), encoding_format: encoding };
}

function nativeBody({ inputs, dimensions }: EmbeddingRequest, native: JsonObject): JsonObject {
  return { inputs: inputs as Json, ...native, ...dimensionsOf(dimensions) };
}

function dimensionsOf(dimensions: number | undefined): JsonObject {
  return dimensions === undefined ? {} : { dimensions };
}

function read(body: unknown, inputs: number): EmbeddingAnswer {
  if (!Array.isArray(body)) return readVectorList(body, inputs);
  return { vectors: readPlainVectors(body as Json[], inputs), usage: undefined, model: undefined };
}
