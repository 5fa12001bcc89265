import type { Call } from '../../../core/call.ts';
import type { EmbeddingPurpose, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { JsonObject } from '../../../core/json.ts';
import { leftOut } from '../embedding/notes.ts';
import { readVectorList } from '../embedding/read-vectors.ts';
import { textInputs } from '../embedding/text-inputs.ts';
import { embeddingRequest } from '../openai/embedder.ts';
import { plainRefusal } from '../plain-refusal.ts';
import type { Embedder } from '../provider.ts';
import type { Endpoint } from '../relay-request.ts';

/** `task` of each purpose. */
const TASKS: Readonly<Record<EmbeddingPurpose, string>> = {
  query: 'retrieval.query',
  document: 'retrieval.passage',
  similarity: 'text-matching',
  classification: 'classification',
  clustering: 'separation',
};

/** Jina names no bound; this is what its own examples stay far below. */
const MOST_INPUTS = 512;

/** @see https://docs.trychroma.com/integrations/embedding-models/jina-ai (lists the options; checked 2026-11-21) */
export function jinaEmbedder(endpoint: (call: Call) => Endpoint): Embedder {
  return {
    bounds: () => ({ inputs: MOST_INPUTS, tokens: undefined }),
    notes: ({ dialect }, { extra }) => (dialect === 'openai' ? [] : leftOut(extra)),
    request: (call, model, embedding) =>
      embeddingRequest(call, endpoint(call), '/embeddings', bodyOf(call, model, embedding)),
    // With late chunking the inputs are one text that was cut, and each vector knows of all of it.
    isWhole: ({ extra }) => extra['late_chunking'] === true,
    read: readVectorList,
    readError: plainRefusal,
  };
}

/** What a client of the same API says beside is Jina's to judge: its options differ from model to model. */
function bodyOf(call: Call, model: string, embedding: EmbeddingRequest): JsonObject {
  const { dimensions, purpose, encoding, extra } = embedding;
  const { user: _user, ...fields } = call.dialect === 'openai' ? extra : {};
  const type = fields['embedding_type'] ?? encoding;
  return {
    ...(purpose === undefined ? {} : { task: TASKS[purpose] }),
    ...fields,
    model,
    input: textInputs(embedding, 'Jina'),
    ...(dimensions === undefined ? {} : { dimensions }),
    embedding_type: type,
  };
}
