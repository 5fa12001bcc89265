import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';
import type { WholeReading } from '../provider.ts';
import type { RerankRequest } from './request.ts';

/** One document and how near it is to the query. */
interface Ranked {
  /** Among the documents of the request. */
  readonly index: number;
  readonly score: number;
}

/** What a provider said, in no provider's shape. */
export interface RerankAnswer {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly results: readonly Ranked[];
  readonly totalTokens: number | undefined;
  /** Cohere's own account of the request, which its clients read. */
  readonly meta?: JsonObject;
}

interface RerankContext {
  readonly request: RerankRequest;
  /** The gateway's id of the request, for answers that come without one. */
  readonly requestId: string;
  /** The model to name where the provider does not. */
  readonly model: string;
  /** What the provider does where the client does not say whether it wants its documents back. */
  readonly returnsDocuments: boolean;
}

/** The answer in the shape that clients of Cohere and of Jina both read: the nearest first, at most `top_n`. */
export function rerankAnswer(answer: RerankAnswer, context: RerankContext): JsonObject {
  const { id, model, results, totalTokens, meta } = answer;
  const { request, requestId } = context;
  const isWithDocuments = request.returnDocuments ?? context.returnsDocuments;
  const sorted = results.toSorted((a, b) => b.score - a.score).slice(0, request.topN);
  return {
    id: id ?? requestId,
    object: 'list',
    model: model ?? context.model,
    results: sorted.map(({ index, score }) => ({
      index,
      relevance_score: score,
      ...(isWithDocuments ? { document: documentOf(request.documents[index]) } : {}),
    })),
    usage: totalTokens === undefined ? {} : { total_tokens: totalTokens },
    meta: meta ?? {
      billed_units: {},
      ...(totalTokens === undefined ? {} : { tokens: { input_tokens: totalTokens } }),
    },
  };
}

/** A text is `{ text }`; an object comes back as it was sent. */
function documentOf(document: string | JsonObject | undefined): JsonObject {
  return isJsonObject(document) ? document : { text: document };
}

/**
 * A list of results as most providers have it.
 * @param scoreField where the score stands
 * @throws provider_bad_response where it is none, or ranks a document that was not sent
 */
export function readRanked(list: unknown, documents: number, scoreField = 'relevance_score'): Ranked[] {
  if (!Array.isArray(list)) throw badAnswer('has no list of results');
  return list.map((item: unknown) => {
    const { index, [scoreField]: score } = isJsonObject(item) ? item : {};
    const isOne = typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < documents;
    if (!isOne || typeof score !== 'number') throw badAnswer('ranks something that is none of the documents');
    return { index, score };
  });
}

function badAnswer(says: string): GatewayError {
  return new GatewayError('provider_bad_response', { message: `The provider's answer ${says}.` });
}

/** Reads an answer in the clients' shape: relayed, or made by {@link rerankAnswer}. */
export function readRerankAnswer(body: JsonObject): WholeReading {
  const hasResults = Array.isArray(body['results']);
  return {
    responseModel: asString(body['model']),
    usage: usageIn(body),
    finishReason: undefined,
    error: hasResults
      ? undefined
      : new GatewayError('provider_bad_response', { message: 'The provider\'s answer has no "results".' }),
  };
}

/** What is billed where the provider says that, else all tokens: ranking only reads. */
function usageIn(body: JsonObject): Usage | undefined {
  const billed = objectIn(objectIn(body, 'meta'), 'billed_units');
  const tokens = objectIn(objectIn(body, 'meta'), 'tokens');
  const { total_tokens: total, prompt_tokens: prompt } = objectIn(body, 'usage');
  const searchUnits = asCount(billed['search_units']);
  const inputTokens =
    asCount(billed['input_tokens']) ?? asCount(total) ?? asCount(prompt) ?? asCount(tokens['input_tokens']);
  if (searchUnits === undefined && inputTokens === undefined) return undefined;
  return usageOf({ inputTokens, searchUnits });
}

function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}
