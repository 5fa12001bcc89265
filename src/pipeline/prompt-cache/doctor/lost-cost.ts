import type { NanoUsd } from '../../../core/money.ts';
import type { Usage } from '../../../core/usage.ts';
import { pricedCost } from '../../../models/pricing/cost.ts';
import type { Price } from '../../../models/pricing/price.ts';

/**
 * What a call would have cost less, had so many more of its tokens been read from the provider's prompt cache.
 * Undefined where the price is unknown.
 * @param sentAt epoch milliseconds
 */
export function lostCost(usage: Usage, price: Price | undefined, tokens: number, sentAt: number): NanoUsd | undefined {
  // Passes that are billed apart are counted together here: which of them would have read the cache is not known.
  const { parts: _parts, ...whole } = usage;
  const written = whole.cacheCreationInputTokens ?? 0;
  // What is read is not written again.
  const stillWritten = Math.max(0, written - tokens);
  const better: Usage = {
    ...whole,
    cacheReadInputTokens: (whole.cacheReadInputTokens ?? 0) + tokens,
    ...(written > 0 && {
      cacheCreationInputTokens: stillWritten,
      cacheCreation1hInputTokens: Math.min(whole.cacheCreation1hInputTokens ?? 0, stillWritten),
    }),
  };
  const [real, ideal] = [pricedCost(whole, price, { sentAt }), pricedCost(better, price, { sentAt })];
  return real === undefined || ideal === undefined ? undefined : Math.max(0, real - ideal);
}
