import type { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ErrorAnswer } from '../dialect-adapter.ts';
import { errorAnswer } from '../error-answer.ts';

/** `{ type, error: { type, message }, request_id }`. @see https://docs.anthropic.com/en/api/errors (checked 2026-11-21) */
export function errorBody(error: GatewayError, requestId: string): JsonObject {
  return { type: 'error', error: { type: error.row.anthropic, message: error.message }, request_id: requestId };
}

export function renderError(error: GatewayError, requestId: string): ErrorAnswer {
  return errorAnswer(error, requestId, {
    dialect: 'anthropic',
    status: error.row.anthropicStatus ?? error.status,
    body: errorBody(error, requestId),
    requestIdHeader: 'request-id',
  });
}
