import { type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';

/**
 * Cohere reports twice: `tokens` are what the model read and wrote, with what Cohere itself put before and into it, and
 * `billed_units` are those of them that it charges. Ours are what is billed. `cached_tokens` count among `tokens` alone
 * (they are often more than what is billed) and have no price of their own, so they are told only where nothing is said
 * of billing.
 * @see https://docs.cohere.com/v2/docs/how-does-cohere-pricing-work (checked 2026-11-21)
 */
export function mapUsage(raw: JsonObject): Usage {
  const billed = objectIn(raw, 'billed_units');
  const inputTokens = asCount(billed['input_tokens']);
  const outputTokens = asCount(billed['output_tokens']);
  const searchUnits = asCount(billed['search_units']);
  const isBilled = inputTokens !== undefined || outputTokens !== undefined || searchUnits !== undefined;
  if (isBilled) return usageOf({ inputTokens, outputTokens, searchUnits });
  const tokens = objectIn(raw, 'tokens');
  return usageOf({
    inputTokens: asCount(tokens['input_tokens']),
    outputTokens: asCount(tokens['output_tokens']),
    cacheReadInputTokens: asCount(raw['cached_tokens']),
  });
}

/** Of an answer: `usage` of a chat, `meta` of embeddings and rerank. */
export function usageIn(body: JsonObject, field: 'usage' | 'meta'): Usage | undefined {
  const raw = body[field];
  return isJsonObject(raw) ? mapUsage(raw) : undefined;
}

function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}
