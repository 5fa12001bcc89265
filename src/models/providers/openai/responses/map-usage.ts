import { type JsonObject, asCount, asString, isJsonObject } from '../../../../core/json.ts';
import { type Usage, usageOf } from '../../../../core/usage.ts';
import { mapUsage } from '../map-usage.ts';

/**
 * What a response used. Cached tokens and those written to the cache are part of the input, reasoning is part of the
 * output. Of web searches those are counted that are billed: a page that is opened is none.
 *
 * xAI says what it charges, and how many tools it ran.
 * @see https://platform.openai.com/docs/api-reference/responses/object (checked 2026-11-21)
 * @see https://platform.openai.com/docs/guides/tools-web-search#output-and-citations (checked 2026-11-21)
 */
export function usageIn(response: JsonObject): Usage | undefined {
  const { usage: raw } = response;
  if (!isJsonObject(raw)) return undefined;
  const input = objectIn(raw, 'input_tokens_details');
  return usageOf({
    ...mapUsage(raw),
    inputTokens: asCount(raw['input_tokens']),
    outputTokens: asCount(raw['output_tokens']),
    cacheReadInputTokens: asCount(input['cached_tokens']),
    cacheCreationInputTokens: asCount(input['cache_write_tokens']),
    reasoningOutputTokens: asCount(objectIn(raw, 'output_tokens_details')['reasoning_tokens']),
    webSearchRequests: webSearches(response, raw),
    serviceTier: asString(response['service_tier']),
  });
}

/** As reported; else the searches among the items. */
function webSearches(response: JsonObject, usage: JsonObject): number | undefined {
  const reported =
    asCount(objectIn(objectIn(response, 'tool_usage'), 'web_search')['num_requests']) ??
    asCount(objectIn(usage, 'server_side_tool_usage_details')['web_search_calls']);
  // Where none ran, a 0 says nothing.
  if (reported !== undefined) return reported || undefined;
  const { output } = response;
  const searches = (Array.isArray(output) ? output : []).filter((item) => isJsonObject(item) && isSearch(item));
  return searches.length || undefined;
}

function isSearch({ type, action }: JsonObject): boolean {
  return type === 'web_search_call' && (!isJsonObject(action) || action['type'] === 'search');
}

function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}
