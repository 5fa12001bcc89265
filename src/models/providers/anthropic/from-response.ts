import type { Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, asString } from '../../../core/json.ts';
import type { WholeReading } from '../provider.ts';
import { mapErrorObject } from './map-error.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { usageInMessage } from './map-usage.ts';

/** Reads a whole message. */
export function fromResponse(_operation: Operation, body: JsonObject): WholeReading {
  const raw = asString(body['stop_reason']);
  return {
    responseModel: asString(body['model']),
    usage: usageInMessage(body),
    finishReason: raw === undefined ? undefined : mapFinishReason(raw),
    error: readError(body),
  };
}

function readError(body: JsonObject): GatewayError | undefined {
  if (body['type'] === 'error') return mapErrorObject(body['error']);
  if (Array.isArray(body['content'])) return undefined;
  return new GatewayError('provider_bad_response', { message: 'The provider\'s answer has no "content".' });
}
