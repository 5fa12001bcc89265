import type { Call } from '../../../core/call.ts';
import type { EmbeddingPurpose, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { JsonObject } from '../../../core/json.ts';
import { leftOut, lostPurpose } from '../embedding/notes.ts';
import { knownFields, readVectorList } from '../embedding/read-vectors.ts';
import { textInputs } from '../embedding/text-inputs.ts';
import { embeddingRequest } from '../openai/embedder.ts';
import { plainRefusal } from '../plain-refusal.ts';
import type { Embedder } from '../provider.ts';
import type { Endpoint } from '../relay-request.ts';

/** What a text is for, where Voyage tells that apart; it embeds anything else as it is. */
const INPUT_TYPES: Readonly<Partial<Record<EmbeddingPurpose, string>>> = { query: 'query', document: 'document' };

/** Of a client's other fields those that Voyage knows by these names. */
const KNOWN = ['input_type', 'truncation', 'output_dtype', 'output_dimension'];
const MOST_INPUTS = 1000;

/** Tokens of all texts of a request together; models that are not named take the least. */
const MOST_TOKENS: readonly (readonly [models: RegExp, tokens: number])[] = [
  [/^voyage-(4|3\.5)-lite$/, 1_000_000],
  [/^voyage-(4|3\.5|2)$/, 320_000],
];
const LEAST_MOST_TOKENS = 120_000;

/** @see https://docs.voyageai.com/reference/embeddings-api (checked 2026-11-21) */
export function voyageEmbedder(endpoint: (call: Call) => Endpoint): Embedder {
  return {
    bounds: (model) => ({
      inputs: MOST_INPUTS,
      tokens: MOST_TOKENS.find(([models]) => models.test(model))?.[1] ?? LEAST_MOST_TOKENS,
    }),
    notes: (_call, { extra, purpose }) => [
      ...leftOut(extra, KNOWN),
      ...lostPurpose(purpose && INPUT_TYPES[purpose] ? undefined : purpose),
    ],
    request: (call, model, embedding) =>
      embeddingRequest(call, endpoint(call), '/embeddings', bodyOf(model, embedding)),
    read: readVectorList,
    readError: plainRefusal,
  };
}

function bodyOf(model: string, embedding: EmbeddingRequest): JsonObject {
  const { dimensions, purpose, encoding, extra } = embedding;
  const inputType = purpose && INPUT_TYPES[purpose];
  const fields = knownFields(extra, KNOWN);
  // In base64 other numbers than floats would be read as floats.
  const isFloat = fields['output_dtype'] === undefined || fields['output_dtype'] === 'float';
  return {
    ...(inputType === undefined ? {} : { input_type: inputType }),
    ...fields,
    model,
    input: textInputs(embedding, 'Voyage'),
    ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
    ...(encoding === 'base64' && isFloat ? { encoding_format: 'base64' } : {}),
  };
}
