import type { JsonObject } from '../../../core/json.ts';
import type { Usage } from '../../../core/usage.ts';

/**
 * `usageMetadata`. Ours counts thoughts among the output, this dialect beside it. What nobody reported is not there.
 * @see https://ai.google.dev/api/generate-content#UsageMetadata (checked 2026-11-21)
 */
export function encodeUsage({ inputTokens, outputTokens, ...usage }: Usage): JsonObject | undefined {
  const thoughts = usage.reasoningOutputTokens;
  const counts = {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens === undefined ? undefined : Math.max(0, outputTokens - (thoughts ?? 0)),
    thoughtsTokenCount: thoughts,
    cachedContentTokenCount: usage.cacheReadInputTokens,
    totalTokenCount: inputTokens === undefined ? undefined : inputTokens + (outputTokens ?? 0),
  };
  const known = Object.entries(counts).filter(([, count]) => count !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
