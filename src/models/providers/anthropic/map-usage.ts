import { type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type Usage, type UsageCounts, type UsagePart, addUsage, usageOf } from '../../../core/usage.ts';

/**
 * Anthropic reports cached tokens beside `input_tokens`; ours includes them.
 *
 * `iterations`, where there are several, is the record of what is billed, and the counts on top are those of the last
 * model call: summaries (`compaction`), another model's advice and attempts before a fallback are not in them.
 *
 * @param refusedUnheard the model was stopped before it said anything, which is not billed
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance (checked 2026-11-21)
 * @see https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback (checked 2026-11-21)
 */
export function mapUsage(raw: JsonObject, refusedUnheard = false): Usage {
  const tools = objectIn(raw, 'server_tool_use');
  const parts = mapParts(raw, refusedUnheard);
  return usageOf({
    ...(parts?.length ? sumOf(parts) : mapCounts(raw)),
    reasoningOutputTokens: asCount(objectIn(raw, 'output_tokens_details')['thinking_tokens']),
    webSearchRequests: asCount(tools['web_search_requests']),
    webFetchRequests: asCount(tools['web_fetch_requests']),
    serviceTier: asString(raw['service_tier']),
    inferenceGeo: asString(raw['inference_geo']),
    speed: asString(raw['speed']),
    ...(parts?.length ? { parts } : { unbilled: refusedUnheard || undefined }),
  });
}

/** A whole message's usage. */
export function usageInMessage(message: JsonObject): Usage | undefined {
  const { usage, content } = message;
  const refusedUnheard = message['stop_reason'] === 'refusal' && Array.isArray(content) && content.length === 0;
  return isJsonObject(usage) ? mapUsage(usage, refusedUnheard) : undefined;
}

/** A later report replaces an earlier one field by field; null and absent say nothing. */
export function mergeRawUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged = { ...earlier };
  for (const [field, value] of Object.entries(later)) if (value !== null && value !== undefined) merged[field] = value;
  return merged;
}

function mapCounts(raw: JsonObject): UsageCounts {
  const cacheRead = asCount(raw['cache_read_input_tokens']);
  const cacheCreation = asCount(raw['cache_creation_input_tokens']);
  const uncached = asCount(raw['input_tokens']);
  return usageOf({
    inputTokens: uncached === undefined ? undefined : uncached + (cacheRead ?? 0) + (cacheCreation ?? 0),
    outputTokens: asCount(raw['output_tokens']),
    cacheReadInputTokens: cacheRead,
    cacheCreationInputTokens: cacheCreation,
    cacheCreation1hInputTokens: asCount(objectIn(raw, 'cache_creation')['ephemeral_1h_input_tokens']),
  });
}

/** The passes that are billed, where there was more than one. */
function mapParts(raw: JsonObject, refusedUnheard: boolean): UsagePart[] | undefined {
  const iterations = Array.isArray(raw['iterations']) ? raw['iterations'].filter(isJsonObject) : [];
  if (iterations.length < 2) return undefined;
  return iterations
    .filter((iteration, at) => {
      const refused = iterations[at + 1]?.['type'] === 'fallback_message' || (refusedUnheard && !iterations[at + 1]);
      return !(refused && asCount(iteration['output_tokens']) === 0);
    })
    .map((iteration) => {
      const model = asString(iteration['model']);
      return { ...mapCounts(iteration), ...(model === undefined ? {} : { model }) };
    });
}

function sumOf(parts: readonly UsagePart[]): UsageCounts {
  return parts.reduce<UsageCounts>(addUsage, {});
}

function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}
