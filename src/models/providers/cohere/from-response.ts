import type { Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import type { WholeReading } from '../provider.ts';
import { mapErrorWords } from './map-error.ts';
import { FAILURES, mapFinishReason } from './map-finish-reason.ts';
import { usageIn } from './map-usage.ts';

/** Reads a whole answer of Cohere's chat, which does not name its model. */
export function fromResponse(_operation: Operation, body: JsonObject): WholeReading {
  const raw = asString(body['finish_reason']);
  return {
    responseModel: undefined,
    usage: usageIn(body, 'usage'),
    finishReason: raw === undefined ? undefined : mapFinishReason(raw),
    error: readError(body, raw),
  };
}

function readError(body: JsonObject, raw: string | undefined): GatewayError | undefined {
  const failure = raw === undefined ? undefined : FAILURES.get(raw);
  if (failure) return mapErrorWords(`The provider broke the answer off ("${raw}").`, failure);
  // An error under a 200 has its words where an answer has its message.
  if (typeof body['message'] === 'string') return mapErrorWords(body['message']);
  if (isJsonObject(body['message'])) return undefined;
  return new GatewayError('provider_bad_response', { message: 'The provider\'s answer has no "message".' });
}
