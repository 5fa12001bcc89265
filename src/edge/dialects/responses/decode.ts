import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import { Decoding } from '../decoding/decoding.ts';
import { Fields, given } from '../decoding/fields.ts';
import { readAutoCache } from '../openai/decode-cache.ts';
import { decodeInput } from './decode-items.ts';
import { decodeOptions } from './decode-options.ts';
import { decodeReasoningRequest, decodeText } from './decode-output.ts';
import { decodeTools } from './decode-tools.ts';
import { LEFT_OUT } from './left-out.ts';

/**
 * A body of `POST /v1/responses` in no dialect. What it refers to has to stand in it: earlier responses and items are
 * put in their place before.
 *
 * @param body parsed so that long numbers are kept, see `parseExact`
 * @see https://platform.openai.com/docs/api-reference/responses/create (checked 2026-11-21)
 * @throws request_invalid where a field is not of its type, or refers to what is not there
 * @throws capability_unsupported where it asks for what only OpenAI has
 */
export function decode(body: JsonObject): InferenceRequest {
  const decoding = new Decoding();
  const fields = new Fields(body, '', decoding);
  const request = {
    ...decodeOptions(fields),
    messages: decodeInput(fields),
    ...decodeTools(fields),
    ...decodeText(fields),
    ...given({ reasoning: decodeReasoningRequest(fields), autoCache: readAutoCache(fields) }),
    ...decodeStreaming(fields),
  };
  fields.ignore('model');
  fields.close();
  return { ...request, fields: decoding.fields, notes: decoding.notes };
}

/** A stream of this dialect always says at its end what was used. */
function decodeStreaming(fields: Fields): Pick<InferenceRequest, 'stream' | 'includeUsage'> {
  const stream = fields.flag('stream') ?? false;
  if (stream) {
    fields.uses('streaming', 'stream');
    fields.uses('usage-frame', 'stream');
  }
  const options = fields.object('stream_options');
  if (options?.flag('include_obfuscation')) {
    options.note('include_obfuscation', LEFT_OUT['stream_options.include_obfuscation']);
  }
  options?.close();
  return { stream, includeUsage: stream };
}
