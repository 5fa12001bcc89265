import type { Dialect } from '../../core/call.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ErrorAnswer } from './dialect-adapter.ts';

/** What a dialect makes of an error that is the gateway's to tell. */
interface OwnAnswer {
  readonly dialect: Dialect;
  readonly status: number;
  readonly body: JsonObject;
  /** The header in which the dialect's SDKs look for the id that they show with an error. */
  readonly requestIdHeader: string;
}

/**
 * An error answer, as far as dialects share its form.
 * A provider's own refusal in this dialect is shown as it came, so that its SDK reads what it would read without a gateway.
 */
export function errorAnswer(error: GatewayError, requestId: string, own: OwnAnswer): ErrorAnswer {
  if (error.refusal?.dialect === own.dialect) {
    const { status, headers, body } = error.refusal;
    return { status, headers: { ...headers }, body };
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-should-retry': String(error.row.retryable),
    [own.requestIdHeader]: requestId,
  };
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  if (error.headers) Object.assign(headers, error.headers);
  return { status: own.status, headers, body: Buffer.from(JSON.stringify(own.body)) };
}
