import type { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ErrorAnswer } from '../dialect-adapter.ts';
import { errorAnswer } from '../error-answer.ts';

/** `{ error: { message, type, param, code } }`. @see https://platform.openai.com/docs/guides/error-codes (checked 2026-11-21) */
export function errorBody(error: GatewayError): JsonObject {
  return {
    error: { message: error.message, type: error.row.openai, param: error.param ?? null, code: error.code },
  };
}

export function renderError(error: GatewayError, requestId: string): ErrorAnswer {
  return errorAnswer(error, requestId, {
    dialect: 'openai',
    status: error.status,
    body: errorBody(error),
    requestIdHeader: 'x-request-id',
  });
}
