import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import { Decoding } from '../decoding/decoding.ts';
import { Fields, given } from '../decoding/fields.ts';
import { readAutoCache } from './decode-cache.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeOptions } from './decode-options.ts';
import { decodeFormat, decodeReasoning } from './decode-output.ts';
import { decodeTools } from './decode-tools.ts';
import { LEFT_OUT } from './left-out.ts';

/**
 * A body of `POST /v1/chat/completions` in no dialect.
 *
 * @param body parsed so that long numbers are kept, see `parseExact`
 * @see https://platform.openai.com/docs/api-reference/chat/create (checked 2026-11-21)
 * @throws request_invalid where a field is not of its type
 * @throws capability_unsupported where it asks for what only OpenAI has
 */
export function decode(body: JsonObject): InferenceRequest {
  const decoding = new Decoding();
  const fields = new Fields(body, '', decoding);
  const request = {
    messages: decodeMessages(fields),
    ...decodeTools(fields),
    ...decodeOptions(fields),
    ...given({
      responseFormat: decodeFormat(fields),
      reasoning: decodeReasoning(fields),
      autoCache: readAutoCache(fields),
    }),
    ...decodeStreaming(fields),
  };
  fields.ignore('model');
  fields.close();
  return { ...request, fields: decoding.fields, notes: decoding.notes };
}

function decodeStreaming(fields: Fields): Pick<InferenceRequest, 'stream' | 'includeUsage'> {
  const stream = fields.flag('stream') ?? false;
  if (stream) fields.uses('streaming', 'stream');
  const options = fields.object('stream_options');
  const includeUsage = stream && (options?.flag('include_usage') ?? false);
  if (includeUsage) options?.uses('usage-frame', 'include_usage');
  if (options?.flag('include_obfuscation')) {
    options.note('include_obfuscation', LEFT_OUT['stream_options.include_obfuscation']);
  }
  options?.ignore('include_usage');
  options?.close();
  return { stream, includeUsage };
}
