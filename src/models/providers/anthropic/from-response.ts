import type { Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, asCount, asString } from '../../../core/json.ts';
import type { WholeReading } from '../provider.ts';
import { mapErrorObject } from './map-error.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { usageInMessage } from './map-usage.ts';

/** Reads a whole message, or a count of tokens, which nobody bills. */
export function fromResponse(operation: Operation, body: JsonObject): WholeReading {
  const raw = asString(body['stop_reason']);
  return {
    responseModel: asString(body['model']),
    usage: operation === 'chat' ? usageInMessage(body) : undefined,
    finishReason: raw === undefined ? undefined : mapFinishReason(raw),
    error: readError(operation, body),
  };
}

function readError(operation: Operation, body: JsonObject): GatewayError | undefined {
  if (body['type'] === 'error') return mapErrorObject(body['error']);
  const isCount = operation === 'token-count';
  if (isCount ? asCount(body['input_tokens']) !== undefined : Array.isArray(body['content'])) return undefined;
  const field = isCount ? 'input_tokens' : 'content';
  return new GatewayError('provider_bad_response', { message: `The provider's answer has no "${field}".` });
}
