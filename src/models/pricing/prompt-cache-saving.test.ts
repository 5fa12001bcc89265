import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { pricedCost } from './cost.ts';
import type { Price } from './price.ts';
import { promptCacheSaved } from './prompt-cache-saving.ts';

const PRICE: Price = { version: 'v', input: 3, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6, output: 15 };

const usages = fc
  .record({ plain: fc.nat(1e6), read: fc.nat(1e6), written: fc.nat(1e6), hour: fc.nat(1e6), outputTokens: fc.nat(1e5) })
  .map(({ plain, read, written, hour, outputTokens }) => ({
    inputTokens: plain + read + written,
    cacheReadInputTokens: read,
    cacheCreationInputTokens: written,
    cacheCreation1hInputTokens: Math.min(hour, written),
    outputTokens,
  }));

describe('what a prompt cache saved', () => {
  it('promise 6: is what was not paid beside what was', () => {
    fc.assert(
      fc.property(usages, (usage) => {
        const { inputTokens, outputTokens } = usage;
        const plain = pricedCost({ inputTokens, outputTokens }, PRICE) ?? Number.NaN;
        const saved = promptCacheSaved(usage, PRICE);
        const paid = pricedCost(usage, PRICE) ?? Number.NaN;
        const isUsed = usage.cacheReadInputTokens + usage.cacheCreationInputTokens > 0;
        assert.equal(saved !== undefined, isUsed);
        if (saved) assert.deepEqual(saved, { nanoUsd: plain - paid, readTokens: usage.cacheReadInputTokens });
      }),
    );
  });

  it('is a loss where it was written and not read', () => {
    const usage = { inputTokens: 1000, cacheCreationInputTokens: 1000, outputTokens: 1 };
    assert.deepEqual(promptCacheSaved(usage, PRICE), { nanoUsd: -750_000, readTokens: 0 });
    const hourly = { ...usage, cacheCreation1hInputTokens: 1000 };
    assert.deepEqual(promptCacheSaved(hourly, PRICE), { nanoUsd: -3_000_000, readTokens: 0 });
  });

  it('counts each part by its own price', () => {
    const part = { inputTokens: 1000, cacheReadInputTokens: 1000, outputTokens: 0 };
    const usage = { ...part, inputTokens: 2000, cacheReadInputTokens: 2000, parts: [part, { ...part, model: 'dear' }] };
    const dear: Price = { ...PRICE, input: 10, cacheRead: 1 };
    const saved = promptCacheSaved(usage, PRICE, { priceOf: () => dear });
    assert.deepEqual(saved, { nanoUsd: 2_700_000 + 9_000_000, readTokens: 2000 });
  });

  it('is unknown where the price is, and nothing where nothing is billed or cached', () => {
    const usage = { inputTokens: 10, cacheReadInputTokens: 10, outputTokens: 1 };
    assert.deepEqual(promptCacheSaved(usage, undefined), { nanoUsd: undefined, readTokens: 10 });
    assert.equal(promptCacheSaved({ ...usage, unbilled: true }, PRICE), undefined);
    assert.equal(promptCacheSaved({ inputTokens: 10, outputTokens: 1 }, PRICE), undefined);
    const cheap = promptCacheSaved({ ...usage, reportedCostNanoUsd: 1 }, PRICE);
    assert.deepEqual(cheap, { nanoUsd: 27_000, readTokens: 10 });
  });
});
