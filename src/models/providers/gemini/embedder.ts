import type { Call } from '../../../core/call.ts';
import type { EmbeddingAnswer, EmbeddingPurpose, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { leftOut } from '../embedding/notes.ts';
import { knownFields, readPlainVectors } from '../embedding/read-vectors.ts';
import { textInputs } from '../embedding/text-inputs.ts';
import { embeddingRequest } from '../openai/embedder.ts';
import type { Embedder } from '../provider.ts';
import type { Endpoint } from '../relay-request.ts';
import { mapError } from './map-error.ts';
import { mapUsage } from './map-usage.ts';

export const TASK_TYPES: Readonly<Record<EmbeddingPurpose, string>> = {
  query: 'RETRIEVAL_QUERY',
  document: 'RETRIEVAL_DOCUMENT',
  similarity: 'SEMANTIC_SIMILARITY',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
};

/** Of a client's other fields those that Google knows by these names. */
export const KNOWN = ['taskType', 'title'] as const;
const MOST_INPUTS = 100;

/**
 * Embeds by `batchEmbedContents`. Vectors of fewer dimensions than the model has are as Google gives them: of
 * `gemini-embedding-001` they are not of length 1. What a request used is seldom said.
 * @see https://ai.google.dev/api/embeddings (read in @ai-sdk/google 4.0.121 and @google/genai 3.1.0, checked 2026-11-21)
 */
export function geminiEmbedder(endpoint: (call: Call) => Endpoint, path: (model: string) => string): Embedder {
  return {
    bounds: () => ({ inputs: MOST_INPUTS, tokens: undefined }),
    notes: (_call, { extra }) => leftOut(extra, KNOWN),
    request: (call, model, embedding) =>
      embeddingRequest(call, endpoint(call), `${path(model)}:batchEmbedContents`, bodyOf(model, embedding)),
    read,
    readError: mapError,
  };
}

function bodyOf(model: string, embedding: EmbeddingRequest): JsonObject {
  const { dimensions, purpose, extra } = embedding;
  const options = {
    ...(purpose === undefined ? {} : { taskType: TASK_TYPES[purpose] }),
    ...knownFields(extra, KNOWN),
    ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
  };
  const requests = textInputs(embedding, 'Gemini').map((text) => ({
    model: `models/${model}`,
    content: { parts: [{ text }] },
    ...options,
  }));
  return { requests };
}

/** `{ embeddings: [{ values }] }`, in the order of the requests. */
function read(body: unknown, inputs: number): EmbeddingAnswer {
  const answer: JsonObject = isJsonObject(body) ? body : {};
  const raw = answer['usageMetadata'];
  const usage = isJsonObject(raw) ? mapUsage(raw) : undefined;
  return {
    vectors: readPlainVectors(valuesIn(answer['embeddings']), inputs),
    usage: usage?.inputTokens === undefined ? undefined : { inputTokens: usage.inputTokens },
    model: undefined,
  };
}

/** The vectors of a list of `{ values }`. */
export function valuesIn(list: Json | undefined): Json[] {
  return Array.isArray(list) ? list.map((each) => (isJsonObject(each) ? (each['values'] ?? null) : null)) : [];
}
