import type { Message } from '../../../core/inference/content.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import { readCache } from './decode-cache.ts';
import { decodeMessages, decodeSystem } from './decode-messages.ts';
import { decodeOptions } from './decode-options.ts';
import { decodeFormat, decodeReasoning } from './decode-output.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { Decoding } from '../decoding/decoding.ts';
import { Fields, given } from '../decoding/fields.ts';

/**
 * A body of `POST /v1/messages` in no dialect.
 *
 * @param body parsed so that long numbers are kept, see `parseExact`
 * @see https://docs.anthropic.com/en/api/messages (checked 2026-11-21)
 * @throws request_invalid where a field is not of its type
 * @throws capability_unsupported where it asks for what only Anthropic has
 */
export function decode(body: JsonObject): InferenceRequest {
  const decoding = new Decoding();
  const fields = new Fields(body, '', decoding);
  const messages: Message[] = [...decodeSystem(fields), ...decodeMessages(fields)];
  const tools = decodeTools(fields);
  const options = decodeOptions(fields);
  const chosen = decodeToolChoice(fields);
  const autoCache = readCache(fields, 'auto-cache');
  const responseFormat = decodeFormat(fields);
  const reasoning = decodeReasoning(fields);
  const stream = fields.flag('stream') ?? false;
  if (stream) {
    fields.uses('streaming', 'stream');
    // A stream of this dialect always says at its end what was used.
    fields.uses('usage-frame', 'stream');
  }
  fields.ignore('model');
  fields.close();
  return {
    messages,
    tools,
    ...options,
    ...chosen,
    ...given({ autoCache, responseFormat, reasoning }),
    stream,
    includeUsage: stream,
    fields: decoding.fields,
    notes: decoding.notes,
  };
}
