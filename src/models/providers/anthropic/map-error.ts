import { type ErrorCode, GatewayError } from '../../../core/errors.ts';
import { asString, isJsonObject, parseJson } from '../../../core/json.ts';
import { codeForStatus, plainWords, refusalError, shownWords } from '../map-status.ts';

const BY_TYPE: ReadonlyMap<string, ErrorCode> = new Map([
  ['invalid_request_error', 'request_invalid'],
  ['authentication_error', 'provider_auth_failed'],
  ['billing_error', 'provider_auth_failed'],
  ['permission_error', 'provider_auth_failed'],
  ['not_found_error', 'model_not_found'],
  ['request_too_large', 'request_too_large'],
  ['rate_limit_error', 'provider_rate_limited'],
  ['timeout_error', 'provider_timeout'],
  ['overloaded_error', 'provider_overloaded'],
  ['api_error', 'provider_error'],
]);

/** Says it only in words. @see https://docs.anthropic.com/en/docs/build-with-claude/context-windows (checked 2026-11-21) */
const TOO_LONG = /prompt is too long|exceeds? the (?:model's )?(?:maximum )?context/i;

/** The filter of what it reads and writes says so in words as well. */
const FILTERED = /blocked by content filtering policy|violates? our usage policy/i;

/** A refusal of an Anthropic-shaped server: `{ type: 'error', error: { type, message } }`. */
export function mapError(status: number, headers: Readonly<Record<string, string>>, body: Buffer): GatewayError {
  const json = parseJson(body.toString('utf8'));
  const error = isJsonObject(json) && isJsonObject(json['error']) ? json['error'] : undefined;
  const message = asString(error?.['message']) ?? plainWords(json);
  const code = inWords(codeForStatus(status), message);
  const shape = error ? 'dialect' : isJsonObject(json) ? 'json' : 'foreign';
  return refusalError({ dialect: 'anthropic', code, status, headers, body, shape, message });
}

/** An `error` event in a stream, or an error object under a 200: there is no status to go by. */
export function mapErrorObject(error: unknown): GatewayError {
  const raw = isJsonObject(error) ? error : {};
  const message = asString(raw['message']);
  const code = inWords(BY_TYPE.get(asString(raw['type']) ?? '') ?? 'provider_error', message);
  return new GatewayError(code, shownWords(code, message));
}

function inWords(code: ErrorCode, message: string | undefined): ErrorCode {
  if (code !== 'request_invalid' || message === undefined) return code;
  if (TOO_LONG.test(message)) return 'context_length_exceeded';
  return FILTERED.test(message) ? 'content_policy_violation' : code;
}
