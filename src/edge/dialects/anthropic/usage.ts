import type { JsonObject } from '../../../core/json.ts';
import type { Usage } from '../../../core/usage.ts';

/**
 * `usage` of a message. Ours counts cached tokens among the input, this dialect beside it.
 * The wire has no "unknown" for `input_tokens` and `output_tokens`, so that they are 0 where nobody reported them.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance (checked 2026-11-21)
 */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    ...encodeCounts(usage),
    cache_creation: encodeLifetimes(usage),
    inference_geo: null,
    service_tier: null,
    speed: null,
  };
}

/** `usage` of a `message_delta`: what came together up to the end. */
export function encodeCounts(usage: Usage): JsonObject {
  const cached = (usage.cacheReadInputTokens ?? 0) + (usage.cacheCreationInputTokens ?? 0);
  const thinking = usage.reasoningOutputTokens;
  return {
    input_tokens: Math.max(0, (usage.inputTokens ?? 0) - cached),
    cache_creation_input_tokens: usage.cacheCreationInputTokens ?? null,
    cache_read_input_tokens: usage.cacheReadInputTokens ?? null,
    output_tokens: usage.outputTokens ?? 0,
    server_tool_use: null,
    output_tokens_details: thinking === undefined ? null : { thinking_tokens: thinking },
  };
}

function encodeLifetimes({ cacheCreationInputTokens, cacheCreation1hInputTokens }: Usage): JsonObject | null {
  if (cacheCreation1hInputTokens === undefined) return null;
  const rest = (cacheCreationInputTokens ?? cacheCreation1hInputTokens) - cacheCreation1hInputTokens;
  return { ephemeral_5m_input_tokens: Math.max(0, rest), ephemeral_1h_input_tokens: cacheCreation1hInputTokens };
}
