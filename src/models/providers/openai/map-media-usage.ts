import type { Operation } from '../../../core/call.ts';
import { type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';
import { mapUsage } from './map-usage.ts';

/**
 * What speech, transcriptions and images used: tokens by kind, or seconds of audio. All output of speech is audio; of
 * images all that is not said to be text.
 *
 * @param images how many were made, where the answer shows them
 * @see https://platform.openai.com/docs/api-reference/audio/json-object (checked 2026-11-21)
 * @see https://platform.openai.com/docs/api-reference/images/object (checked 2026-11-21)
 */
export function mediaUsageIn(operation: Operation, body: JsonObject, images?: number): Usage | undefined {
  const raw = isJsonObject(body['usage']) ? body['usage'] : undefined;
  if (!raw) return images === undefined ? undefined : { images };
  // Other servers report as they do for chat, and what they charge.
  const base = mapUsage(raw);
  const input = details(raw, 'input_tokens_details', 'input_token_details');
  const output = details(raw, 'output_tokens_details', 'output_token_details');
  const outputTokens = asCount(raw['output_tokens']) ?? base.outputTokens;
  return usageOf({
    ...base,
    inputTokens: asCount(raw['input_tokens']) ?? base.inputTokens,
    outputTokens,
    cacheReadInputTokens: asCount(input['cached_tokens']) ?? base.cacheReadInputTokens,
    audioInputTokens: asCount(input['audio_tokens']) ?? base.audioInputTokens,
    imageInputTokens: asCount(input['image_tokens']) ?? base.imageInputTokens,
    audioOutputTokens: operation === 'speech' ? outputTokens : base.audioOutputTokens,
    imageOutputTokens: makesImages(operation)
      ? (asCount(output['image_tokens']) ?? outputTokens)
      : base.imageOutputTokens,
    audioSeconds: asCount(raw['seconds']) ?? asCount(raw['prompt_audio_seconds']),
    images,
  });
}

export function makesImages(operation: Operation): boolean {
  return operation === 'image' || operation === 'image-edit' || operation === 'image-variation';
}

function details(raw: JsonObject, ...names: readonly string[]): JsonObject {
  for (const name of names) {
    const found = raw[name];
    if (isJsonObject(found)) return found;
  }
  return {};
}
