import type { ErrorCode, GatewayError } from '../../../core/errors.ts';
import { asString, isJsonObject, parseJson } from '../../../core/json.ts';
import { codeForStatus, refusalError } from '../map-status.ts';

const BY_TYPE: ReadonlyMap<string, ErrorCode> = new Map([
  ['overloaded', 'provider_overloaded'],
  ['unhealthy', 'provider_overloaded'],
  ['backend', 'provider_error'],
  ['tokenizer', 'request_invalid'],
]);

const TOO_LONG = /must have less than \d+ tokens/i;
/** It has one model, of one kind; the error is said to be the backend's. */
const OTHER_KIND = /model is not an? (?:embedding|re-?ranker|classifier|splade)/i;

/**
 * A refusal of Text Embeddings Inference: `{ error, error_type }`, or `{ message, code, type }` of its OpenAI-shaped
 * path.
 * @see https://github.com/huggingface/text-embeddings-inference/blob/main/docs/openapi.json (checked 2026-11-21)
 */
export function mapError(status: number, headers: Readonly<Record<string, string>>, body: Buffer): GatewayError {
  const json = parseJson(body.toString('utf8'));
  const said = isJsonObject(json) ? json : {};
  const message = asString(said['error']) ?? asString(said['message']);
  const type = (asString(said['error_type']) ?? asString(said['type']) ?? '').toLowerCase();
  const code = codeOfWords(message) ?? BY_TYPE.get(type) ?? codeForStatus(status);
  const shape = isJsonObject(json) ? 'json' : 'foreign';
  return refusalError({ dialect: 'openai', code, status, headers, body, shape, message });
}

function codeOfWords(message: string | undefined): ErrorCode | undefined {
  if (message === undefined) return undefined;
  if (TOO_LONG.test(message)) return 'context_length_exceeded';
  return OTHER_KIND.test(message) ? 'operation_unsupported' : undefined;
}
