import { type ErrorCode, GatewayError } from '../../../core/errors.ts';
import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import { codeForStatus, plainWords, refusalError, shownWords } from '../map-status.ts';

/** Said in words alone. */
const TOO_LONG = /exceeds the maximum number of tokens|input token count|context (?:length|window)/i;
const TOO_LARGE = /payload size exceeds/i;
/** Models that make pictures refuse so; a prompt that Gemini blocks has an answer that says it. */
const FILTERED = /violates? (?:our policies|Google's Responsible AI|(?:Vertex AI|Gemini API)'s usage guidelines)/i;
const OUR_KEY = /API key (?:not valid|expired|not found)|pass a valid API key/i;
/** The project's own lack, whoever asks. */
const OUR_ACCOUNT = /billing|location is not supported|not available in your (?:country|region)/i;

/** Reasons of `google.rpc.ErrorInfo` that are about the key. */
const KEY_REASONS = /^(?:API_KEY_|ACCESS_TOKEN_|BILLING_|CONSUMER_|SERVICE_DISABLED|ACCOUNT_STATE_INVALID)/;

/**
 * A refusal of a Google API, `{ error: { code, message, status, details } }`; of a stream it may be the only member of
 * a list.
 * @see https://cloud.google.com/apis/design/errors (checked 2026-11-21)
 */
export function mapError(status: number, headers: Readonly<Record<string, string>>, body: Buffer): GatewayError {
  const json = unlisted(parseJson(body.toString('utf8')));
  const error = isJsonObject(json) && isJsonObject(json['error']) ? json['error'] : undefined;
  const message = asString(error?.['message']) ?? plainWords(json);
  const code = codeOf(status, error, message);
  const shape = error ? 'dialect' : isJsonObject(json) ? 'json' : 'foreign';
  const refusal = refusalError({ dialect: 'gemini', code, status, headers, body, shape, message });
  return withDelay(refusal, error && retryDelay(error));
}

/** An error inside a stream, or under a 200: its own code stands in for the status. */
export function mapErrorObject(raw: unknown): GatewayError {
  const error = isJsonObject(raw) ? raw : {};
  const status = typeof error['code'] === 'number' ? error['code'] : 500;
  const message = asString(error['message']);
  const code = codeOf(status, error, message);
  return withDelay(new GatewayError(code, shownWords(code, message)), retryDelay(error));
}

function codeOf(status: number, error: JsonObject | undefined, message = ''): ErrorCode {
  const code = codeForStatus(status);
  if (code !== 'request_invalid') return code;
  if (detailsOf(error).some(isAboutKey) || OUR_KEY.test(message)) return 'provider_auth_failed';
  if (error?.['status'] === 'FAILED_PRECONDITION' && OUR_ACCOUNT.test(message)) return 'provider_auth_failed';
  if (TOO_LARGE.test(message)) return 'request_too_large';
  if (TOO_LONG.test(message)) return 'context_length_exceeded';
  return FILTERED.test(message) ? 'content_policy_violation' : code;
}

function isAboutKey({ reason }: JsonObject): boolean {
  return KEY_REASONS.test(asString(reason) ?? '');
}

/** Milliseconds of `google.rpc.RetryInfo`, which says `34.4s`. */
function retryDelay(error: JsonObject): number | undefined {
  const info = detailsOf(error).find((detail) => asString(detail['@type'])?.endsWith('/google.rpc.RetryInfo'));
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(asString(info?.['retryDelay']) ?? '')?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000);
}

function withDelay(error: GatewayError, retryAfterMs: number | undefined): GatewayError {
  if (retryAfterMs === undefined || error.retryAfterMs !== undefined) return error;
  const { code, message, cause, refusal } = error;
  return new GatewayError(code, { message, cause, retryAfterMs, ...(refusal ? { refusal } : {}) });
}

function detailsOf(error: JsonObject | undefined): JsonObject[] {
  const details = error?.['details'];
  return Array.isArray(details) ? details.filter(isJsonObject) : [];
}

function unlisted(json: Json | undefined): Json | undefined {
  return Array.isArray(json) ? json[0] : json;
}
