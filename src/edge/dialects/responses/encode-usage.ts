import type { JsonObject } from '../../../core/json.ts';
import type { Usage } from '../../../core/usage.ts';

/**
 * OpenAI counts as we do. Undefined where one of the two counts is not known; the details have to be numbers, so that
 * what was not reported is 0 there.
 * @see https://platform.openai.com/docs/api-reference/responses/object (checked 2026-11-21)
 */
export function encodeUsage(usage: Usage): JsonObject | undefined {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadInputTokens ?? 0,
      cache_write_tokens: usage.cacheCreationInputTokens ?? 0,
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningOutputTokens ?? 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
