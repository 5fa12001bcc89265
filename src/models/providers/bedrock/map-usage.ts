import { type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';

/**
 * The usage in a whole answer or a stream's metadata. Bedrock reports cached tokens beside `inputTokens`; ours includes
 * them.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html (checked 2026-11-21)
 */
export function mapUsage({ usage, serviceTier }: JsonObject): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const cacheRead = asCount(usage['cacheReadInputTokens']);
  const cacheWrite = asCount(usage['cacheWriteInputTokens']);
  const uncached = asCount(usage['inputTokens']);
  return usageOf({
    inputTokens: uncached === undefined ? undefined : uncached + (cacheRead ?? 0) + (cacheWrite ?? 0),
    outputTokens: asCount(usage['outputTokens']),
    cacheReadInputTokens: cacheRead,
    cacheCreationInputTokens: cacheWrite,
    cacheCreation1hInputTokens: writtenForAnHour(usage),
    serviceTier: isJsonObject(serviceTier) ? asString(serviceTier['type']) : undefined,
  });
}

function writtenForAnHour({ cacheDetails }: JsonObject): number | undefined {
  const details = Array.isArray(cacheDetails) ? cacheDetails.filter(isJsonObject) : [];
  return asCount(details.find(({ ttl }) => ttl === '1h')?.['inputTokens']);
}
