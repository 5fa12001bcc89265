import type { NanoUsd } from '../../core/money.ts';
import { type Usage, type UsageCounts, usageOf } from '../../core/usage.ts';
import { type Circumstances, pricedCost } from './cost.ts';
import type { Price } from './price.ts';

/** What a provider's prompt cache was worth for one attempt. */
export interface PromptCacheSaved {
  /** Negative where writing cost more than reading saved; undefined where the price is not known. */
  readonly nanoUsd: NanoUsd | undefined;
  /** Input tokens that were read from the cache. */
  readonly readTokens: number;
}

/**
 * What the same tokens would have cost without a prompt cache, less what they cost with it; both by the price, whatever
 * the provider says that it charges.
 * @returns undefined where nothing was read and nothing written
 */
export function promptCacheSaved(
  usage: Usage,
  price: Price | undefined,
  circumstances: Circumstances = {},
): PromptCacheSaved | undefined {
  const { cacheReadInputTokens: readTokens = 0, cacheCreationInputTokens: written = 0 } = usage;
  if (usage.unbilled || (readTokens === 0 && written === 0)) return undefined;
  const paid = pricedCost(usage, price, circumstances);
  const plain = pricedCost(withoutCache(usage), price, circumstances);
  return { nanoUsd: paid === undefined || plain === undefined ? undefined : plain - paid, readTokens };
}

function withoutCache(usage: Usage): Usage {
  const { parts } = usage;
  return usageOf({ ...uncached(usage), parts: parts?.map((part) => uncached(part)) });
}

/** Cached tokens are among the input tokens, and stay there. */
function uncached<Counts extends UsageCounts>(counts: Counts): Omit<Counts, CachedField> {
  const {
    cacheReadInputTokens: _read,
    cacheCreationInputTokens: _written,
    cacheCreation1hInputTokens: _written1h,
    cacheReadAudioInputTokens: _audio,
    ...others
  } = counts;
  return others;
}

type CachedField =
  | 'cacheReadInputTokens'
  | 'cacheCreationInputTokens'
  | 'cacheCreation1hInputTokens'
  | 'cacheReadAudioInputTokens';
