import { type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type RerankAnswer, readRanked } from '../rerank/answer.ts';
import type { Reranker } from '../rerank/plan.ts';
import { LEFT_OUT, type RerankRequest, takenFields, textsOf } from '../rerank/request.ts';

/** @see https://app.unpkg.com/voyageai@0.0.4/files/api/client/requests/RerankRequest.d.ts (Voyage's own client; checked 2026-11-21) */
export const voyageReranker: Reranker = {
  path: '/rerank',
  returnsDocuments: false,
  build,
  read,
};

function build(request: RerankRequest, model: string): ReturnType<Reranker['build']> {
  const { query, topN, maxTokensPerDoc } = request;
  const { fields, notes } = takenFields(request, ['truncation']);
  const body = {
    ...fields,
    model,
    query,
    documents: textsOf(request),
    ...(topN === undefined ? {} : { top_k: topN }),
  };
  const length = maxTokensPerDoc === undefined ? [] : [{ field: 'max_tokens_per_doc', says: LEFT_OUT }];
  return { body, notes: [...notes, ...length] };
}

function read(body: unknown, { documents }: RerankRequest): RerankAnswer {
  const { data, model, usage }: JsonObject = isJsonObject(body) ? body : {};
  return {
    id: undefined,
    model: asString(model),
    results: readRanked(data, documents.length),
    totalTokens: asCount(isJsonObject(usage) ? usage['total_tokens'] : undefined),
  };
}
