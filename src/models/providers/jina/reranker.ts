import { type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type RerankAnswer, readRanked } from '../rerank/answer.ts';
import type { Reranker } from '../rerank/plan.ts';
import { LEFT_OUT, type RerankRequest, textsOf } from '../rerank/request.ts';

/**
 * Jina ranks texts and images, and gives documents back unless it is told not to; here they are put back from the
 * request. Its other options are its own to judge.
 * @see https://docs.newapi.pro/api/jinaai-rerank (describes the request and the answer; checked 2026-11-21)
 */
export const jinaReranker: Reranker = {
  path: '/rerank',
  returnsDocuments: true,
  build,
  read,
};

function build(request: RerankRequest, model: string): ReturnType<Reranker['build']> {
  const { query, documents, rankFields, topN, maxTokensPerDoc, extra } = request;
  const { user: _user, ...fields } = extra;
  const body = {
    ...fields,
    model,
    query,
    documents: rankFields ? textsOf(request) : [...documents],
    ...(topN === undefined ? {} : { top_n: topN }),
    return_documents: false,
  };
  return { body, notes: maxTokensPerDoc === undefined ? [] : [{ field: 'max_tokens_per_doc', says: LEFT_OUT }] };
}

function read(body: unknown, { documents }: RerankRequest): RerankAnswer {
  const { results, model, usage }: JsonObject = isJsonObject(body) ? body : {};
  return {
    id: undefined,
    model: asString(model),
    results: readRanked(results, documents.length),
    totalTokens: asCount(isJsonObject(usage) ? usage['total_tokens'] : undefined),
  };
}
