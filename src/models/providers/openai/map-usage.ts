import { type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';

/**
 * OpenAI counts cached tokens inside `prompt_tokens` and reasoning inside `completion_tokens`, as we do.
 * @see https://platform.openai.com/docs/api-reference/chat/object (checked 2026-11-21)
 */
export function mapUsage(raw: JsonObject): Usage {
  const prompt = isJsonObject(raw['prompt_tokens_details']) ? raw['prompt_tokens_details'] : {};
  const completion = isJsonObject(raw['completion_tokens_details']) ? raw['completion_tokens_details'] : {};
  const reasoning = asCount(completion['reasoning_tokens']);
  return usageOf({
    inputTokens: asCount(raw['prompt_tokens']),
    outputTokens: outputTokens(raw, reasoning),
    cacheReadInputTokens: asCount(prompt['cached_tokens']),
    cacheCreationInputTokens: undefined,
    cacheCreation1hInputTokens: undefined,
    reasoningOutputTokens: reasoning,
  });
}

/** xAI counts reasoning beside `completion_tokens`, and bills both; its total says so. */
function outputTokens(raw: JsonObject, reasoning: number | undefined): number | undefined {
  const completion = asCount(raw['completion_tokens']);
  const total = asCount(raw['total_tokens']);
  if (completion === undefined || !reasoning || total === undefined) return completion;
  const both = completion + reasoning;
  return total === (asCount(raw['prompt_tokens']) ?? 0) + both ? both : completion;
}
