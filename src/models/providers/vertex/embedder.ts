import type { Call } from '../../../core/call.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import { type Json, type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';
import { leftOut } from '../embedding/notes.ts';
import { knownFields, readPlainVectors } from '../embedding/read-vectors.ts';
import { textInputs } from '../embedding/text-inputs.ts';
import { KNOWN, TASK_TYPES, valuesIn } from '../gemini/embedder.ts';
import { mapError } from '../gemini/map-error.ts';
import { embeddingRequest } from '../openai/embedder.ts';
import type { Embedder, EmbeddingBounds } from '../provider.ts';
import type { Endpoint } from '../relay-request.ts';

/** @see https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings (checked 2026-11-21) */
const OF_TEXT_MODELS: EmbeddingBounds = { inputs: 250, tokens: 20_000 };
const ONE: EmbeddingBounds = { inputs: 1, tokens: undefined };

/**
 * Embeds by `predict`, or by `embedContent` where a model of Gemini knows that alone. Models of Gemini take one text
 * at a time.
 */
export function vertexEmbedder(endpoint: (call: Call) => Endpoint, path: (model: string) => string): Embedder {
  return {
    bounds: (model) => (isGemini(model) ? ONE : OF_TEXT_MODELS),
    notes: (_call, { extra }) => leftOut(extra, [...KNOWN, 'autoTruncate']),
    request: (call, model, embedding) =>
      isContentModel(model)
        ? embeddingRequest(call, endpoint(call), `${path(model)}:embedContent`, contentBody(embedding))
        : embeddingRequest(call, endpoint(call), `${path(model)}:predict`, predictBody(embedding)),
    read,
    readError: mapError,
  };
}

function isGemini(model: string): boolean {
  return model.includes('gemini');
}

/** As the official client tells them apart: @google/genai 3.1.0. */
function isContentModel(model: string): boolean {
  return isGemini(model) && model !== 'gemini-embedding-001';
}

function predictBody(embedding: EmbeddingRequest): JsonObject {
  const { taskType, title } = optionsOf(embedding);
  const { dimensions, extra } = embedding;
  const parameters = {
    ...knownFields(extra, ['autoTruncate']),
    ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
  };
  return {
    instances: textInputs(embedding, 'Vertex AI').map((content) => ({
      content,
      ...(taskType === undefined ? {} : { task_type: taskType }),
      ...(title === undefined ? {} : { title }),
    })),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
}

function contentBody(embedding: EmbeddingRequest): JsonObject {
  const { dimensions, extra } = embedding;
  const config = {
    ...optionsOf(embedding),
    ...knownFields(extra, ['autoTruncate']),
    ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
  };
  return {
    content: { parts: textInputs(embedding, 'Vertex AI').map((text) => ({ text })) },
    ...(Object.keys(config).length === 0 ? {} : { embedContentConfig: config }),
  };
}

function optionsOf({ purpose, extra }: EmbeddingRequest): JsonObject {
  return { ...(purpose === undefined ? {} : { taskType: TASK_TYPES[purpose] }), ...knownFields(extra, KNOWN) };
}

/** `{ predictions: [{ embeddings: { values, statistics } }] }`, or `{ embedding: { values }, usageMetadata }`. */
function read(body: unknown, inputs: number): EmbeddingAnswer {
  const answer: JsonObject = isJsonObject(body) ? body : {};
  const { predictions, embedding, usageMetadata } = answer;
  const found = Array.isArray(predictions)
    ? predictions.map((each): Json => (isJsonObject(each) ? (each['embeddings'] ?? null) : null))
    : [embedding ?? null];
  const counts = Array.isArray(predictions)
    ? found.map(tokensOf)
    : [isJsonObject(usageMetadata) ? asCount(usageMetadata['promptTokenCount']) : undefined];
  const known = counts.filter((count) => count !== undefined);
  return {
    vectors: readPlainVectors(valuesIn(found), inputs),
    usage: known.length === inputs ? { inputTokens: known.reduce((sum, count) => sum + count, 0) } : undefined,
    model: undefined,
  };
}

function tokensOf(found: Json): number | undefined {
  const statistics = isJsonObject(found) ? found['statistics'] : undefined;
  return isJsonObject(statistics) ? asCount(statistics['token_count']) : undefined;
}
