import { type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';

/**
 * OpenAI counts cached tokens inside `prompt_tokens` and reasoning inside `completion_tokens`, as we do.
 * @see https://platform.openai.com/docs/api-reference/chat/object (checked 2026-11-21)
 */
export function mapUsage(raw: JsonObject): Usage {
  const prompt = isJsonObject(raw['prompt_tokens_details']) ? raw['prompt_tokens_details'] : {};
  const completion = isJsonObject(raw['completion_tokens_details']) ? raw['completion_tokens_details'] : {};
  return usageOf({
    inputTokens: asCount(raw['prompt_tokens']),
    outputTokens: asCount(raw['completion_tokens']),
    cacheReadInputTokens: asCount(prompt['cached_tokens']),
    cacheCreationInputTokens: undefined,
    cacheCreation1hInputTokens: undefined,
    reasoningOutputTokens: asCount(completion['reasoning_tokens']),
  });
}
