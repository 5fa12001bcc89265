import { NANO_PER_USD, type NanoUsd } from '../../../core/money.ts';
import { type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';

/**
 * What OpenAI-shaped servers report, and where. Unless a line says otherwise, cached tokens are part of
 * `prompt_tokens`, reasoning is part of `completion_tokens`, and both are so in ours. Checked 2026-11-21; the same
 * table with links is in docs/costs.md.
 *
 * | server | what is its own |
 * |---|---|
 * | OpenAI, Azure | `service_tier` beside `usage`; writes to the cache in `prompt_tokens_details.cache_write_tokens`; accepted and rejected predictions inside `completion_tokens` |
 * | Azure AI (other models) | `reasoning_tokens` and `audio_prompt_tokens` on top, both inside |
 * | DeepSeek | `prompt_cache_hit_tokens` + `prompt_cache_miss_tokens` = `prompt_tokens` |
 * | Moonshot | `cached_tokens` on top; older streams report inside `choices[0]` |
 * | Groq | streams report in `x_groq.usage` |
 * | DashScope | `prompt_tokens_details.cache_creation_input_tokens` (five minutes), tokens by kind |
 * | Zhipu, Ark, Mistral, Together, Fireworks, vLLM | as OpenAI |
 * | xAI | reasoning beside `completion_tokens` (`total_tokens` tells); what it charges in `cost_in_usd_ticks`, 10^10 a dollar |
 * | OpenRouter | `cache_write_tokens`; what it charges in `cost`, dollars; with a key of one's own the provider's bill is in `cost_details` |
 * | Perplexity | `reasoning_tokens` and `citation_tokens` on top and beside the others, `num_search_queries`, what it charges in `cost.total_cost`, dollars |
 */
export function mapUsage(raw: JsonObject): Usage {
  const prompt = objectIn(raw, 'prompt_tokens_details');
  const completion = objectIn(raw, 'completion_tokens_details');
  const reasoning = asCount(completion['reasoning_tokens']) ?? countOnTop(raw, 'reasoning_tokens');
  return usageOf({
    inputTokens: asCount(raw['prompt_tokens']) ?? hitsAndMisses(raw),
    outputTokens: outputTokens(raw, reasoning),
    cacheReadInputTokens:
      asCount(prompt['cached_tokens']) ?? asCount(raw['prompt_cache_hit_tokens']) ?? asCount(raw['cached_tokens']),
    cacheCreationInputTokens: asCount(prompt['cache_write_tokens']) ?? asCount(prompt['cache_creation_input_tokens']),
    reasoningOutputTokens: reasoning,
    audioInputTokens: asCount(prompt['audio_tokens']) ?? countOnTop(raw, 'audio_prompt_tokens'),
    cacheReadAudioInputTokens: asCount(objectIn(prompt, 'cached_tokens_details')['audio_tokens']),
    audioOutputTokens: asCount(completion['audio_tokens']),
    imageInputTokens: sum(prompt['image_tokens'], prompt['video_tokens']),
    imageOutputTokens: asCount(completion['image_tokens']),
    citationTokens: asCount(raw['citation_tokens']),
    acceptedPredictionTokens: asCount(completion['accepted_prediction_tokens']),
    rejectedPredictionTokens: asCount(completion['rejected_prediction_tokens']),
    webSearchRequests:
      asCount(raw['num_search_queries']) ?? asCount(objectIn(raw, 'server_tool_use')['web_search_requests']),
    searchContext: asString(raw['search_context_size']),
    reportedCostNanoUsd: reportedCost(raw),
  });
}

/**
 * The usage that an answer or one chunk of it carries, wherever the server puts it, with the tier that served it;
 * undefined where it carries none.
 */
export function usageIn(body: JsonObject): Usage | undefined {
  const choice = Array.isArray(body['choices']) ? body['choices'][0] : undefined;
  const raw = [body['usage'], objectIn(body, 'x_groq')['usage'], isJsonObject(choice) ? choice['usage'] : undefined];
  const usage = raw.find(isJsonObject);
  const serviceTier = asString(body['service_tier']);
  return usage && { ...mapUsage(usage), ...(serviceTier ? { serviceTier } : {}) };
}

/** Fields by which Perplexity's report is known; it bills reasoning, citations and queries apart. */
const PERPLEXITY = ['citation_tokens', 'num_search_queries', 'search_context_size'];

function outputTokens(raw: JsonObject, reasoning: number | undefined): number | undefined {
  const completion = asCount(raw['completion_tokens']);
  if (completion === undefined || !reasoning) return completion;
  const both = completion + reasoning;
  if (PERPLEXITY.some((field) => raw[field] !== undefined)) return both;
  const total = asCount(raw['total_tokens']);
  return total !== undefined && total === (asCount(raw['prompt_tokens']) ?? 0) + both ? both : completion;
}

const TICKS_PER_NANO_USD = 10;

function reportedCost(raw: JsonObject): NanoUsd | undefined {
  const ticks = asCount(raw['cost_in_usd_ticks']);
  if (ticks !== undefined) return Math.round(ticks / TICKS_PER_NANO_USD);
  const usd = asCount(raw['cost']) ?? asCount(objectIn(raw, 'cost')['total_cost']);
  if (usd === undefined) return undefined;
  // With a key of one's own OpenRouter charges its fee, and the provider bills the rest.
  const upstream = raw['is_byok'] === true ? asCount(objectIn(raw, 'cost_details')['upstream_inference_cost']) : 0;
  return upstream === undefined ? undefined : Math.round((usd + upstream) * NANO_PER_USD);
}

function hitsAndMisses(raw: JsonObject): number | undefined {
  const hits = asCount(raw['prompt_cache_hit_tokens']);
  const misses = asCount(raw['prompt_cache_miss_tokens']);
  return hits === undefined || misses === undefined ? undefined : hits + misses;
}

/** Outside the details a 0 stands where nothing was counted: the same server leaves the field out as often. */
function countOnTop(raw: JsonObject, field: string): number | undefined {
  return asCount(raw[field]) || undefined;
}

/** Undefined where neither is reported. */
function sum(a: unknown, b: unknown): number | undefined {
  const left = asCount(a);
  const right = asCount(b);
  return left === undefined && right === undefined ? undefined : (left ?? 0) + (right ?? 0);
}

function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}
