import { type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';

/**
 * Anthropic reports cached tokens beside `input_tokens`; ours includes them.
 * @see https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance (checked 2026-11-21)
 */
export function mapUsage(raw: JsonObject): Usage {
  const cacheRead = asCount(raw['cache_read_input_tokens']);
  const cacheCreation = asCount(raw['cache_creation_input_tokens']);
  const uncached = asCount(raw['input_tokens']);
  const byLifetime = isJsonObject(raw['cache_creation']) ? raw['cache_creation'] : {};
  const details = isJsonObject(raw['output_tokens_details']) ? raw['output_tokens_details'] : {};
  return usageOf({
    inputTokens: uncached === undefined ? undefined : uncached + (cacheRead ?? 0) + (cacheCreation ?? 0),
    outputTokens: asCount(raw['output_tokens']),
    cacheReadInputTokens: cacheRead,
    cacheCreationInputTokens: cacheCreation,
    cacheCreation1hInputTokens: asCount(byLifetime['ephemeral_1h_input_tokens']),
    reasoningOutputTokens: asCount(details['thinking_tokens']),
  });
}

/** A later report replaces an earlier one field by field; null and absent say nothing. */
export function mergeRawUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged = { ...earlier };
  for (const [field, value] of Object.entries(later)) if (value !== null && value !== undefined) merged[field] = value;
  return merged;
}
