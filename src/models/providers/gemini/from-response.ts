import type { Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { FinishReason } from '../../../core/events.ts';
import { type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import type { WholeReading } from '../provider.ts';
import { mapErrorObject } from './map-error.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { mapUsage, searchesIn } from './map-usage.ts';
import { blockReason, candidatesIn, failureIn } from './stream.ts';

/** Reads a whole response, or a count of tokens, which nobody bills. */
export function fromResponse(operation: Operation, body: JsonObject): WholeReading {
  if (operation === 'token-count') return { ...NOTHING, error: countError(body) };
  const candidates = candidatesIn(body);
  const model = asString(body['modelVersion']);
  const raw = body['usageMetadata'];
  return {
    responseModel: model,
    usage: isJsonObject(raw) ? mapUsage(raw, searchesIn(candidates, model)) : undefined,
    finishReason: finishReason(body, candidates),
    error: answerError(body, candidates),
  };
}

const NOTHING = { responseModel: undefined, usage: undefined, finishReason: undefined } as const;

function countError(body: JsonObject): GatewayError | undefined {
  if (body['error'] !== undefined) return mapErrorObject(body['error']);
  return asCount(body['totalTokens']) === undefined ? lacking('totalTokens') : undefined;
}

function answerError(body: JsonObject, candidates: readonly JsonObject[]): GatewayError | undefined {
  if (body['error'] !== undefined) return mapErrorObject(body['error']);
  if (candidates.length === 0 && blockReason(body) === undefined) return lacking('candidates');
  return failureIn(candidates);
}

/** The first answer's. */
function finishReason(body: JsonObject, [first]: readonly JsonObject[]): FinishReason | undefined {
  if (!first) return blockReason(body) === undefined ? undefined : 'content-filter';
  const raw = asString(first['finishReason']);
  const content = isJsonObject(first['content']) ? first['content'] : {};
  const parts = Array.isArray(content['parts']) ? content['parts'].filter(isJsonObject) : [];
  return raw === undefined
    ? undefined
    : mapFinishReason(
        raw,
        parts.some(({ functionCall }) => functionCall),
      );
}

function lacking(field: string): GatewayError {
  return new GatewayError('provider_bad_response', { message: `The provider's answer has no "${field}".` });
}
