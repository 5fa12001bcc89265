import type { Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import type { WholeReading } from '../provider.ts';
import { mapErrorObject } from './map-error.ts';
import { failureOf, mapFinishReason } from './map-finish-reason.ts';
import { usageIn } from './map-usage.ts';

/** Reads a whole chat completion or embeddings list. */
export function fromResponse(operation: Operation, body: JsonObject): WholeReading {
  const usage = usageIn(body);
  const responseModel = asString(body['model']);
  const choices = body['choices'];
  const first = Array.isArray(choices) && isJsonObject(choices[0]) ? choices[0] : undefined;
  const raw = asString(first?.['finish_reason']);
  const error = readError(operation, body) ?? brokenOff(raw);
  return { responseModel, usage, error, finishReason: raw === undefined ? undefined : mapFinishReason(raw) };
}

function readError(operation: Operation, body: JsonObject): GatewayError | undefined {
  if (body['error'] !== undefined && body['error'] !== null) return mapErrorObject(body['error']);
  const field = operation === 'embeddings' ? 'data' : 'choices';
  if (Array.isArray(body[field])) return undefined;
  return new GatewayError('provider_bad_response', { message: `The provider's answer has no "${field}".` });
}

function brokenOff(raw: string | undefined): GatewayError | undefined {
  const code = raw === undefined ? undefined : failureOf(raw);
  return code && new GatewayError(code, { message: `The provider broke the answer off ("${raw}").` });
}
