import type { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';

/**
 * The error that ends a stream, in both forms in which clients look for it: nested, as OpenAI sends it, and flat, as
 * its document describes it.
 */
export function errorFrame(error: GatewayError): JsonObject {
  const said = { code: error.code, message: error.message, param: error.param ?? null };
  return { ...said, error: { type: error.row.openai, ...said } };
}

/**
 * What ends a broken stream: `event: error`, at which the SDKs throw, and no `response.completed` after it. Without a
 * number, since that of a relayed stream is not known.
 */
export function errorEvent(error: GatewayError): string {
  return `event: error\ndata: ${JSON.stringify({ type: 'error', ...errorFrame(error) })}\n\n`;
}

/** `error` of a failed response, whose codes are OpenAI's own. */
export function failure(error: GatewayError): JsonObject {
  return { code: failureCode(error), message: error.message };
}

function failureCode({ status }: GatewayError): string {
  if (status === 429) return 'rate_limit_exceeded';
  return status < 500 ? 'invalid_prompt' : 'server_error';
}
