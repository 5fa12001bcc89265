import type { Protocol } from '../../core/call.ts';
import { redactSecrets } from '../../core/redaction.ts';
import { type ErrorCode, GatewayError } from '../../core/errors.ts';
import { type Json, asString, isJsonObject } from '../../core/json.ts';
import { waitOf } from './retry-after.ts';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'request_invalid',
  401: 'provider_auth_failed',
  402: 'provider_auth_failed',
  403: 'provider_auth_failed',
  404: 'model_not_found',
  408: 'provider_timeout',
  409: 'request_invalid',
  413: 'request_too_large',
  422: 'request_invalid',
  429: 'provider_rate_limited',
  503: 'provider_overloaded',
  504: 'provider_timeout',
  529: 'provider_overloaded',
};

/** What a provider's HTTP status means where its body says no more. */
export function codeForStatus(status: number): ErrorCode {
  return BY_STATUS[status] ?? (status < 500 ? 'request_invalid' : 'provider_error');
}

export interface RefusalInput {
  readonly dialect: Protocol;
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /**
   * `dialect`: the dialect's own error shape, so a client of that dialect can be shown it. `json`: a server's own
   * words in another shape. `foreign`: a page that a proxy put there.
   */
  readonly shape: 'dialect' | 'json' | 'foreign';
  readonly message: string | undefined;
}

/**
 * A refusal as an error. The provider's words are kept for a client of the same dialect,
 * but never those about our own key (promise 10).
 */
export function refusalError(input: RefusalInput): GatewayError {
  const { dialect, code, status, headers, body } = input;
  const retryAfterMs = waitOf(status, headers);
  const detail = {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: new Error(`HTTP ${status}: ${redactSecrets(body.toString('utf8', 0, 2048))}`),
  };
  if (code === 'provider_auth_failed') return new GatewayError(code, detail);
  if (input.shape === 'foreign') return new GatewayError(unreadable(code), detail);
  const refusal = input.shape === 'dialect' ? { refusal: { dialect, status, headers, body } } : {};
  return new GatewayError(code, { ...detail, ...shownWords(code, input.message), ...refusal });
}

/** A provider's own words, scrubbed; those about our own key are not the client's business. */
export function shownWords(code: ErrorCode, words: string | undefined): { message?: string } {
  return words === undefined || code === 'provider_auth_failed' ? {} : { message: redactSecrets(words) };
}

/** What servers say that have the status but not the shape: `{ error: "…" }`, `{ message: "…" }`, `{ detail: "…" }`. */
export function plainWords(body: Json | undefined): string | undefined {
  if (!isJsonObject(body)) return undefined;
  return asString(body['error']) ?? asString(body['message']) ?? asString(body['detail']);
}

/** An HTML page under a 400 is a proxy's, not the provider's word about the request. */
function unreadable(code: ErrorCode): ErrorCode {
  return code === 'request_invalid' || code === 'model_not_found' ? 'provider_bad_response' : code;
}
