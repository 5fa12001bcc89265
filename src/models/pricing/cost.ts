import type { NanoUsd } from '../../core/money.ts';
import type { Usage } from '../../core/usage.ts';
import type { Price } from './price.ts';

/** Dollars per million tokens × tokens = millionths of a dollar; a nano-dollar is a thousandth of one. */
const NANO_PER_MICRO = 1000;

/**
 * What an attempt costs, rounded once; undefined where the usage does not say enough to tell.
 * Cached tokens are part of `inputTokens`, so the rest of them is what costs the full price.
 */
export function costOf(usage: Usage, price: Price): NanoUsd | undefined {
  const { inputTokens, outputTokens = price.output === 0 ? 0 : undefined } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const read = usage.cacheReadInputTokens ?? 0;
  const written = usage.cacheCreationInputTokens ?? 0;
  const written1h = Math.min(usage.cacheCreation1hInputTokens ?? 0, written);
  const fresh = Math.max(0, inputTokens - read - written);
  const cacheWrite = price.cacheWrite ?? price.input;
  const micro =
    fresh * price.input +
    read * (price.cacheRead ?? price.input) +
    (written - written1h) * cacheWrite +
    written1h * (price.cacheWrite1h ?? cacheWrite) +
    outputTokens * price.output;
  return Math.round(micro * NANO_PER_MICRO);
}
