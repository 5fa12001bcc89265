import { GatewayError } from '../../../../core/errors.ts';
import { type JsonObject, asString, isJsonObject } from '../../../../core/json.ts';
import type { WholeReading } from '../../provider.ts';
import { usageIn } from './map-usage.ts';
import { failureOf, outcomeOf } from './outcome.ts';
import { ownToolsIn, toolItem } from './tool-items.ts';

/** Reads a whole response. */
export function fromResponse(response: JsonObject): WholeReading {
  return {
    responseModel: asString(response['model']),
    usage: usageIn(response),
    finishReason: outcomeOf(response, hasClientCall(response)).reason,
    error: errorIn(response),
  };
}

function errorIn({ error, status, output }: JsonObject): GatewayError | undefined {
  if (status === 'failed' || (error !== undefined && error !== null)) return failureOf(error);
  if (Array.isArray(output)) return undefined;
  return new GatewayError('provider_bad_response', { message: 'The provider\'s answer has no "output".' });
}

function hasClientCall(response: JsonObject): boolean {
  const { output } = response;
  const own = ownToolsIn(response);
  return Array.isArray(output) && output.some((item) => isJsonObject(item) && toolItem(item, own)?.served === false);
}
