import { type ErrorCode, GatewayError } from '../../../core/errors.ts';
import { asString, isJsonObject, parseJson } from '../../../core/json.ts';
import { codeForStatus, plainWords, refusalError, shownWords } from '../map-status.ts';

/** Statuses of its own. @see https://docs.cohere.com/reference/errors (checked 2026-11-21) */
const BY_STATUS: ReadonlyMap<number, ErrorCode> = new Map([
  [498, 'provider_auth_failed'],
  [499, 'provider_error'],
]);

/** Says it only in words; a limit of the answer that is too high begins with the same. */
const TOO_LONG = /too many tokens(?!: max tokens)/i;

/** A refusal of Cohere: `{ id, message }`. */
export function mapError(status: number, headers: Readonly<Record<string, string>>, body: Buffer): GatewayError {
  const json = parseJson(body.toString('utf8'));
  const message = plainWords(json);
  let code = BY_STATUS.get(status) ?? codeForStatus(status);
  if (code === 'request_invalid' && message !== undefined && TOO_LONG.test(message)) code = 'context_length_exceeded';
  const shape = isJsonObject(json) ? 'json' : 'foreign';
  return refusalError({ dialect: 'cohere', code, status, headers, body, shape, message });
}

/** An error that stands in a stream or under a 200: there is no status to go by. */
export function mapErrorWords(words: unknown, code: ErrorCode = 'provider_error'): GatewayError {
  return new GatewayError(code, shownWords(code, asString(words)));
}
