import { type RerankAnswer, readRanked } from '../rerank/answer.ts';
import type { Reranker } from '../rerank/plan.ts';
import { LEFT_OUT, type RerankRequest, takenFields, textsOf } from '../rerank/request.ts';

/**
 * The server ranks all texts that it is given, says the text alone and no usage, and takes `--max-client-batch-size`
 * of them (32 by default). What is too long is cut, as other providers do, unless the client says otherwise.
 * @see https://github.com/huggingface/text-embeddings-inference/blob/main/docs/openapi.json (checked 2026-11-21)
 */
export const teiReranker: Reranker = {
  path: '/rerank',
  returnsDocuments: false,
  build,
  read,
};

function build(request: RerankRequest): ReturnType<Reranker['build']> {
  const { fields, notes } = takenFields(request, ['truncate', 'truncation_direction', 'raw_scores']);
  const body = { truncate: true, ...fields, query: request.query, texts: textsOf(request), return_text: false };
  const length = request.maxTokensPerDoc === undefined ? [] : [{ field: 'max_tokens_per_doc', says: LEFT_OUT }];
  return { body, notes: [...notes, ...length] };
}

function read(body: unknown, { documents }: RerankRequest): RerankAnswer {
  const results = readRanked(body, documents.length, 'score');
  return { id: undefined, model: undefined, results, totalTokens: undefined };
}
