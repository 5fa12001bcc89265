import { type ErrorCode, GatewayError } from '../../../core/errors.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import { codeForStatus, plainWords, refusalError, shownWords } from '../map-status.ts';

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html (checked 2026-11-21) */
const BY_TYPE: ReadonlyMap<string, ErrorCode> = new Map([
  ['AccessDenied', 'provider_auth_failed'],
  ['UnrecognizedClient', 'provider_auth_failed'],
  ['InvalidClientTokenId', 'provider_auth_failed'],
  ['InvalidSignature', 'provider_auth_failed'],
  ['SignatureDoesNotMatch', 'provider_auth_failed'],
  ['IncompleteSignature', 'provider_auth_failed'],
  ['MissingAuthenticationToken', 'provider_auth_failed'],
  ['ExpiredToken', 'provider_auth_failed'],
  ['RequestExpired', 'provider_auth_failed'],
  ['NotAuthorized', 'provider_auth_failed'],
  ['OptInRequired', 'provider_auth_failed'],
  // The account's owner has not told Anthropic yet what the models are for.
  ['FTUFormNotFilled', 'provider_auth_failed'],
  ['Throttling', 'provider_rate_limited'],
  ['TooManyRequests', 'provider_rate_limited'],
  ['ServiceQuotaExceeded', 'provider_rate_limited'],
  ['ModelNotReady', 'provider_overloaded'],
  ['ServiceUnavailable', 'provider_overloaded'],
  ['ModelTimeout', 'provider_timeout'],
  ['InternalServer', 'provider_error'],
  ['InternalFailure', 'provider_error'],
  ['ModelError', 'provider_error'],
  ['ModelStreamError', 'provider_error'],
  ['ResourceNotFound', 'model_not_found'],
  ['Validation', 'request_invalid'],
]);

/** These say it only in words. */
const TOO_LONG =
  /(?:prompt|input) is too long|exceeds? the (?:model's )?(?:maximum )?context|maximum context length|number of input tokens exceeds/i;
/** @see https://docs.aws.amazon.com/nova/latest/userguide/text-error-handing.html (checked 2026-11-21) */
const FILTERED = /blocked by (?:our )?content filter/i;
const UNKNOWN_MODEL = /model identifier is invalid/i;

/** A refusal of Bedrock, whose type stands in a header, or in the body of older servers. */
export function mapError(status: number, headers: Readonly<Record<string, string>>, body: Buffer): GatewayError {
  const json = parseJson(body.toString('utf8'));
  const own = isJsonObject(json) ? json : {};
  const type = headers['x-amzn-errortype'] ?? asString(own['__type']);
  const message = plainWords(json) ?? asString(own['Message']);
  const code = inWords((type === undefined ? undefined : codeForType(type)) ?? codeForStatus(status), message);
  const shape = isJsonObject(json) ? 'json' : 'foreign';
  return refusalError({ dialect: 'converse', code, status, headers, body, shape, message });
}

/** An exception in a stream: there is no status to go by. */
export function mapException(type: string, body: JsonObject): GatewayError {
  const message = asString(body['originalMessage']) ?? asString(body['message']) ?? asString(body['Message']);
  const code = inWords(codeForType(type) ?? 'provider_error', message);
  return new GatewayError(code, shownWords(code, message || undefined));
}

/** `ThrottlingException`, `throttlingException`, `com.amazon.coral#ThrottlingException`, `ThrottlingException:http://…`. */
function codeForType(written: string): ErrorCode | undefined {
  const name = (written.split(':')[0] ?? '').split('#').at(-1) ?? '';
  const bare = name.replace(/Exception$|Error$/, '');
  return BY_TYPE.get(`${bare.slice(0, 1).toUpperCase()}${bare.slice(1)}`);
}

function inWords(code: ErrorCode, message: string | undefined): ErrorCode {
  if (code !== 'request_invalid' || message === undefined) return code;
  if (TOO_LONG.test(message)) return 'context_length_exceeded';
  if (FILTERED.test(message)) return 'content_policy_violation';
  return UNKNOWN_MODEL.test(message) ? 'model_not_found' : code;
}
