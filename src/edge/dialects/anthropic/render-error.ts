import type { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ErrorAnswer } from '../dialect-adapter.ts';
import { errorAnswer } from '../error-answer.ts';

/**
 * What SDKs read to know how to go on: the helpers that have the provider hold a conversation send it whole, without
 * `thread`, once they are told that it cannot be held.
 * @see https://platform.claude.com/docs/en/api/errors (checked 2026-11-21)
 */
function detailsOf({ code, param }: GatewayError): JsonObject {
  const isThread = code === 'capability_unsupported' && param === 'thread';
  return isThread ? { details: { error_code: 'thread_unsupported_request', unsupported: null } } : {};
}

/** `{ type, error: { type, message }, request_id }`. @see https://docs.anthropic.com/en/api/errors (checked 2026-11-21) */
export function errorBody(error: GatewayError, requestId: string): JsonObject {
  const { message, row } = error;
  return { type: 'error', error: { type: row.anthropic, message, ...detailsOf(error) }, request_id: requestId };
}

export function renderError(error: GatewayError, requestId: string): ErrorAnswer {
  return errorAnswer(error, requestId, {
    dialect: 'anthropic',
    status: error.row.anthropicStatus ?? error.status,
    body: errorBody(error, requestId),
    requestIdHeader: 'request-id',
  });
}
