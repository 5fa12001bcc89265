import type { GatewayError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ErrorAnswer } from './dialect-adapter.ts';

/**
 * The parts of an error answer that dialects share; `own` is its body in the dialect's shape.
 * A provider's own refusal is shown as it came, so that its SDK reads what it would read without a gateway.
 */
export function errorAnswer(error: GatewayError, own: JsonObject, requestIdHeader: [string, string]): ErrorAnswer {
  if (error.refusal) {
    const { status, headers, body } = error.refusal;
    return { status, headers: { ...headers }, body };
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-should-retry': String(error.row.retryable),
  };
  const [name, id] = requestIdHeader;
  headers[name] = id;
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  return { status: error.status, headers, body: Buffer.from(JSON.stringify(own)) };
}
