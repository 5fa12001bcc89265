import type { Dialect } from '../../../core/call.ts';
import { type ErrorCode, GatewayError } from '../../../core/errors.ts';
import { asString, isJsonObject, parseJson } from '../../../core/json.ts';
import { codeForStatus, plainWords, refusalError, shownWords } from '../map-status.ts';
import { isContentRefusal } from './content-policy.ts';

const BY_PROVIDER_CODE: ReadonlyMap<string, ErrorCode> = new Map([
  ['context_length_exceeded', 'context_length_exceeded'],
  ['model_not_found', 'model_not_found'],
  ['invalid_api_key', 'provider_auth_failed'],
  ['insufficient_quota', 'provider_auth_failed'],
  ['rate_limit_exceeded', 'provider_rate_limited'],
]);

/**
 * A refusal of an OpenAI-shaped server: `{ error: { message, type, param, code } }`.
 * @param dialect the API that was asked; errors have one shape in all of them
 */
export function mapError(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  dialect: Dialect = 'openai',
): GatewayError {
  const json = parseJson(body.toString('utf8'));
  const error = isJsonObject(json) && isJsonObject(json['error']) ? json['error'] : undefined;
  const message = asString(error?.['message']) ?? plainWords(json);
  const shape = error ? 'dialect' : isJsonObject(json) ? 'json' : 'foreign';
  const refusal = { dialect, status, headers, body };
  if ((status === 400 || status === 403) && isContentRefusal(error, message)) {
    const code = 'content_policy_violation';
    // xAI says under a 403 which team and key of ours it was.
    return status === 403
      ? refusalError({ ...refusal, code, shape: 'json', message: undefined })
      : refusalError({ ...refusal, code, shape, message });
  }
  const providerCode = asString(error?.['code']) ?? '';
  const code = (status < 500 ? BY_PROVIDER_CODE.get(providerCode) : undefined) ?? codeForStatus(status);
  return refusalError({ ...refusal, code, shape, message });
}

/** An error that stands in a stream or under a 200: there is no status to go by, unless the code is one. */
export function mapErrorObject(error: unknown): GatewayError {
  const raw = isJsonObject(error) ? error : {};
  const words = asString(raw['message']) ?? asString(error);
  const code = isContentRefusal(raw, words) ? 'content_policy_violation' : codeOf(raw['code']);
  return new GatewayError(code, shownWords(code, words));
}

function codeOf(raw: unknown): ErrorCode {
  // Azure writes a status as text.
  const status = typeof raw === 'string' && /^\d{3}$/.test(raw) ? Number(raw) : raw;
  if (typeof status === 'number' && status >= 400 && status < 600) return codeForStatus(status);
  return BY_PROVIDER_CODE.get(asString(raw) ?? '') ?? 'provider_error';
}
