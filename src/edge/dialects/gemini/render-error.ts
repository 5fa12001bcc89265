import type { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ErrorAnswer } from '../dialect-adapter.ts';
import { errorAnswer } from '../error-answer.ts';

/** The word of each status. @see https://cloud.google.com/apis/design/errors#handling_errors (checked 2026-11-21) */
const STATUS_WORDS: ReadonlyMap<number, string> = new Map([
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [409, 'ABORTED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [501, 'UNIMPLEMENTED'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
]);

const TYPES = 'type.googleapis.com/google.rpc';

/** `{ error: { code, message, status, details } }`, with our own code as the reason. @see https://google.aip.dev/193 */
export function errorBody(error: GatewayError): JsonObject {
  const { status: code, message } = error;
  const status = STATUS_WORDS.get(code) ?? (code < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
  return { error: { code, message, status, details: detailsOf(error) } };
}

function detailsOf({ code, param, message, retryAfterMs }: GatewayError): JsonObject[] {
  const details: JsonObject[] = [{ '@type': `${TYPES}.ErrorInfo`, reason: code.toUpperCase(), domain: 'causeway' }];
  if (param !== undefined) {
    details.push({ '@type': `${TYPES}.BadRequest`, fieldViolations: [{ field: param, description: message }] });
  }
  if (retryAfterMs !== undefined) {
    details.push({ '@type': `${TYPES}.RetryInfo`, retryDelay: `${retryAfterMs / 1000}s` });
  }
  return details;
}

export function renderError(error: GatewayError, requestId: string): ErrorAnswer {
  return errorAnswer(error, requestId, {
    dialect: 'gemini',
    status: error.status,
    body: errorBody(error),
    requestIdHeader: 'x-request-id',
  });
}
