import type { Call } from '../../../core/call.ts';
import type { EmbeddingAnswer, EmbeddingPurpose, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { leftOut, lostPurpose } from '../embedding/notes.ts';
import { knownFields, readPlainVectors } from '../embedding/read-vectors.ts';
import { textInputs } from '../embedding/text-inputs.ts';
import { embeddingRequest } from '../openai/embedder.ts';
import type { Embedder } from '../provider.ts';
import type { Endpoint } from '../relay-request.ts';
import { mapError } from './map-error.ts';
import { usageIn } from './map-usage.ts';

/** Cohere says of every text what it is for. */
const INPUT_TYPES: Readonly<Record<EmbeddingPurpose, string>> = {
  query: 'search_query',
  document: 'search_document',
  classification: 'classification',
  clustering: 'clustering',
  similarity: 'search_document',
};

/** Of a client's other fields those that Cohere knows by these names. */
const KNOWN = ['input_type', 'truncate', 'max_tokens', 'priority', 'output_dimension'];
const MOST_INPUTS = 96;

/** @see https://docs.cohere.com/reference/embed (read in the types of cohere-ai 8.1.0, checked 2026-11-21) */
export function cohereEmbedder(endpoint: (call: Call) => Endpoint): Embedder {
  return {
    bounds: () => ({ inputs: MOST_INPUTS, tokens: undefined }),
    notes: (_call, { extra, purpose }) => [
      ...leftOut(extra, [...KNOWN, 'embedding_types']),
      ...lostPurpose(purpose === 'similarity' ? purpose : undefined),
    ],
    request: (call, model, embedding) => embeddingRequest(call, endpoint(call), '/v2/embed', bodyOf(model, embedding)),
    read,
    readError: mapError,
  };
}

function bodyOf(model: string, embedding: EmbeddingRequest): JsonObject {
  const { dimensions, purpose = 'document', extra } = embedding;
  for (const field of ['images', 'inputs']) {
    if (extra[field] !== undefined && extra[field] !== null) {
      throw refusedField(field, 'asks for other than texts; the gateway embeds texts at Cohere');
    }
  }
  return {
    input_type: INPUT_TYPES[purpose],
    ...knownFields(extra, KNOWN),
    model,
    texts: textInputs(embedding, 'Cohere'),
    embedding_types: [embeddingType(embedding)],
    ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
  };
}

/** Other types are lists of numbers too, so one of them may be asked for. */
function embeddingType({ encoding, extra }: EmbeddingRequest): Json {
  const types = extra['embedding_types'];
  if (!Array.isArray(types) || types.length === 0) return encoding;
  const [type, ...others] = types;
  if (typeof type === 'string' && others.length === 0) return type;
  throw refusedField('embedding_types', 'asks for several types, and an answer has one vector for each text');
}

/** `{ embeddings: { float: [[…]] } }`: one type was asked for. */
function read(body: unknown, inputs: number): EmbeddingAnswer {
  const answer: JsonObject = isJsonObject(body) ? body : {};
  const { embeddings } = answer;
  const [list] = isJsonObject(embeddings) ? Object.values(embeddings).filter(Array.isArray) : [embeddings];
  return {
    vectors: readPlainVectors(list as Json | undefined, inputs),
    usage: usageIn(answer, 'meta'),
    model: asString(answer['model']),
  };
}
