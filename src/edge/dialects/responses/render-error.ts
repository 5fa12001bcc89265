import type { GatewayError } from '../../../core/errors.ts';
import type { ErrorAnswer } from '../dialect-adapter.ts';
import { errorAnswer } from '../error-answer.ts';
import { errorBody } from '../openai/render-error.ts';

/** Errors are those of OpenAI's other APIs, and so are its refusals, whichever of its APIs refused. */
export function renderError(error: GatewayError, requestId: string): ErrorAnswer {
  return errorAnswer(error, requestId, {
    dialect: error.refusal?.dialect === 'openai' ? 'openai' : 'responses',
    status: error.status,
    body: errorBody(error),
    requestIdHeader: 'x-request-id',
  });
}
