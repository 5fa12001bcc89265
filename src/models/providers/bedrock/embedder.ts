import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { EmbeddingPurpose, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type Json, type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';
import { leftOut, lostPurpose } from '../embedding/notes.ts';
import type { Embedder } from '../provider.ts';
import type { Endpoint } from '../relay-request.ts';
import { mapError } from './map-error.ts';
import { modelRequest } from './to-request.ts';

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html */
const MOST_OF_COHERE = 96;

/** Cohere's model wants to know, so where the client does not say it, texts are what is searched. */
const INPUT_TYPES: Readonly<Record<EmbeddingPurpose, string>> = {
  query: 'search_query',
  document: 'search_document',
  similarity: 'clustering',
  classification: 'classification',
  clustering: 'clustering',
};

/**
 * Titan takes one text at a time, Cohere's models up to 96; every maker has a body of its own.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
 */
export function bedrockEmbedder(endpoint: (call: Call) => Endpoint): Embedder {
  return {
    bounds: (model) => ({ inputs: isCohere(model) ? MOST_OF_COHERE : 1, tokens: undefined }),
    notes: ({ assignment }, { extra, purpose }) => {
      const knowsPurpose = isCohere(assignment?.targets[0]?.model ?? '');
      return [...leftOut(extra), ...(knowsPurpose ? [] : lostPurpose(purpose))];
    },
    request: (call, model, embedding) =>
      modelRequest(
        call,
        model,
        'invoke',
        endpoint(call),
        isCohere(model) ? cohereBody(embedding) : titanBody(embedding, model),
      ),
    read: (body, inputs) => {
      const vectors = vectorsIn(body);
      if (vectors?.length !== inputs) {
        const message = `The provider's answer does not have the ${inputs} vectors that were asked for.`;
        throw new GatewayError('provider_bad_response', { message });
      }
      const inputTokens = isJsonObject(body) ? asCount(body['inputTextTokenCount']) : undefined;
      return { vectors, usage: inputTokens === undefined ? undefined : { inputTokens }, model: undefined };
    },
    readError: mapError,
  };
}

function isCohere(model: string): boolean {
  return /(?:^|[./])cohere\.embed-/.test(model);
}

/** @throws capability_unsupported */
function titanBody(embedding: EmbeddingRequest, model: string): JsonObject {
  const { dimensions } = embedding;
  const [inputText = ''] = textsOf(embedding);
  if (dimensions !== undefined && /titan-embed-text-v1/.test(model)) {
    throw refusedField('dimensions', 'is not what this model can be asked for');
  }
  return { inputText, ...(dimensions === undefined ? {} : { dimensions }) };
}

/** @throws capability_unsupported */
function cohereBody(embedding: EmbeddingRequest): JsonObject {
  const { dimensions, purpose = 'document' } = embedding;
  return {
    texts: textsOf(embedding),
    input_type: INPUT_TYPES[purpose],
    ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
  };
}

/** @throws capability_unsupported */
function textsOf({ inputs }: EmbeddingRequest): string[] {
  return inputs.map((input) => {
    if (typeof input === 'string') return input;
    throw refusedField('input', 'is a list of token numbers; this model takes texts');
  });
}

/** Titan's one, Cohere's list, or Cohere's lists by their type. */
function vectorsIn(body: unknown): number[][] | undefined {
  if (!isJsonObject(body)) return undefined;
  const { embedding, embeddings } = body;
  if (embedding !== undefined) return vectorList([embedding]);
  return vectorList(isJsonObject(embeddings) ? embeddings['float'] : embeddings);
}

function vectorList(value: Json | undefined): number[][] | undefined {
  return Array.isArray(value) && value.every(isVector) ? value : undefined;
}

function isVector(value: Json): value is number[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === 'number';
}
