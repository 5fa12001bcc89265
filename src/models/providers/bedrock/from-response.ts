import type { Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import type { WholeReading } from '../provider.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { mapUsage } from './map-usage.ts';

/** Reads a whole answer of Converse. It does not name the model. */
export function fromResponse(_operation: Operation, body: JsonObject): WholeReading {
  const raw = asString(body['stopReason']);
  return {
    responseModel: undefined,
    usage: mapUsage(body),
    finishReason: raw === undefined ? undefined : mapFinishReason(raw),
    error: contentOf(body) ? undefined : new GatewayError('provider_bad_response', { message: NO_CONTENT }),
  };
}

const NO_CONTENT = 'The provider\'s answer has no "output.message.content".';

/** The blocks of the answer; undefined where it is none. */
export function contentOf({ output }: JsonObject): JsonObject[] | undefined {
  const message = isJsonObject(output) ? output['message'] : undefined;
  const content = isJsonObject(message) ? message['content'] : undefined;
  return Array.isArray(content) ? content.filter(isJsonObject) : undefined;
}
