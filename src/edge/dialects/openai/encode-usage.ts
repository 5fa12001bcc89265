import type { JsonObject } from '../../../core/json.ts';
import type { Usage } from '../../../core/usage.ts';

/**
 * OpenAI counts as we do: cached tokens inside the prompt, reasoning inside the completion. Undefined where one of the
 * two counts is not known, since this API has both or none.
 * @see https://platform.openai.com/docs/api-reference/chat/object (checked 2026-11-21)
 */
export function encodeUsage(usage: Usage): JsonObject | undefined {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const prompt = counts({
    cached_tokens: usage.cacheReadInputTokens,
    cache_write_tokens: usage.cacheCreationInputTokens,
    audio_tokens: usage.audioInputTokens,
    image_tokens: usage.imageInputTokens,
  });
  const completion = counts({
    reasoning_tokens: usage.reasoningOutputTokens,
    audio_tokens: usage.audioOutputTokens,
    accepted_prediction_tokens: usage.acceptedPredictionTokens,
    rejected_prediction_tokens: usage.rejectedPredictionTokens,
  });
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(prompt ? { prompt_tokens_details: prompt } : {}),
    ...(completion ? { completion_tokens_details: completion } : {}),
  };
}

/** Only what was reported; undefined where nothing was. */
function counts(all: Readonly<Record<string, number | undefined>>): JsonObject | undefined {
  const known = Object.entries(all).filter(([, count]) => count !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
