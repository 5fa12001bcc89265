import { type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type RerankAnswer, readRanked } from '../rerank/answer.ts';
import type { Reranker } from '../rerank/plan.ts';
import { type RerankRequest, takenFields, textsOf } from '../rerank/request.ts';

/**
 * Cohere's rerank, version 2: documents are texts, and they do not come back.
 * @see https://docs.cohere.com/reference/rerank (read in the types of cohere-ai 8.1.0, checked 2026-11-21)
 */
export const cohereReranker: Reranker = {
  path: '/v2/rerank',
  returnsDocuments: false,
  build,
  read,
};

function build(request: RerankRequest, model: string): ReturnType<Reranker['build']> {
  const { query, topN, maxTokensPerDoc } = request;
  const { fields, notes } = takenFields(request, ['priority']);
  const body = {
    ...fields,
    model,
    query,
    documents: textsOf(request),
    ...(topN === undefined ? {} : { top_n: topN }),
    ...(maxTokensPerDoc === undefined ? {} : { max_tokens_per_doc: maxTokensPerDoc }),
  };
  return { body, notes };
}

/** Older models bill search units, later ones tokens. */
function read(body: unknown, { documents }: RerankRequest): RerankAnswer {
  const { id, results, meta }: JsonObject = isJsonObject(body) ? body : {};
  const account: JsonObject = isJsonObject(meta) ? meta : {};
  const billed: JsonObject = isJsonObject(account['billed_units']) ? account['billed_units'] : {};
  return {
    id: asString(id),
    model: undefined,
    results: readRanked(results, documents.length),
    totalTokens: asCount(billed['input_tokens']),
    meta: { billed_units: {}, ...account },
  };
}
