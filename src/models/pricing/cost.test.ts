import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import type { Usage } from '../../core/usage.ts';
import { pricedCost } from './cost.ts';
import type { Price } from './price.ts';

const SONNET: Price = {
  version: 'v1',
  input: 3,
  output: 15,
  cacheRead: 0.3,
  cacheWrite: 3.75,
  cacheWrite1h: 6,
};
const GPT: Price = { version: 'v1', input: 0.15, output: 0.6, cacheRead: 0.075 };
const PLAIN: Price = { version: 'v1', input: 1, output: 2 };
const HEARD: Price = { version: 'v1', input: 0, output: 0, fees: { audioMinute: 6 } };
const SPOKEN: Price = { version: 'v1', input: 0, output: 0, fees: { character: 0.015 } };
const RANKED: Price = { version: 'v1', input: 0, output: 0, fees: { searchUnit: 2.5 } };
const PAINTED: Price = { version: 'v1', input: 0, output: 0, fees: { image: 20 } };
const EMBEDDING: Price = { version: 'v1', input: 0.02, output: 0 };

describe('promise 6: pricedCost', () => {
  const rows: { what: string; price: Price; usage: Usage; nano: number | undefined }[] = [
    { what: 'search units', price: RANKED, usage: { searchUnits: 2 }, nano: 5_000_000 },
    { what: 'search units that nobody reported', price: RANKED, usage: { inputTokens: 9 }, nano: undefined },
    {
      what: 'search units of a model that is priced by tokens',
      price: EMBEDDING,
      usage: { inputTokens: 100, searchUnits: 1 },
      nano: 2000,
    },
    // 1000 × $0.15/M + 500 × $0.60/M = $0.00015 + $0.0003
    { what: 'plain', price: GPT, usage: { inputTokens: 1000, outputTokens: 500 }, nano: 450_000 },
    // 200 × 0.15 + 800 × 0.075 + 10 × 0.6 = 30 + 60 + 6 millionths
    {
      what: 'cached tokens are part of the input',
      price: GPT,
      usage: { inputTokens: 1000, cacheReadInputTokens: 800, outputTokens: 10 },
      nano: 96_000,
    },
    // 10 × 3 + 200 × 0.3 + 30 × 3.75 + 5 × 15 = 30 + 60 + 112.5 + 75
    {
      what: 'cache writes for five minutes',
      price: SONNET,
      usage: { inputTokens: 240, cacheReadInputTokens: 200, cacheCreationInputTokens: 30, outputTokens: 5 },
      nano: 277_500,
    },
    // 10 × 3 + 10 × 3.75 + 20 × 6 + 5 × 15 = 30 + 37.5 + 120 + 75
    {
      what: 'cache writes for an hour',
      price: SONNET,
      usage: { inputTokens: 40, cacheCreationInputTokens: 30, cacheCreation1hInputTokens: 20, outputTokens: 5 },
      nano: 262_500,
    },
    {
      what: 'cached tokens without a price of their own cost the full one',
      price: PLAIN,
      usage: { inputTokens: 10, cacheReadInputTokens: 4, cacheCreationInputTokens: 4, outputTokens: 1 },
      nano: 12_000,
    },
    {
      what: 'writes for an hour without a price of their own cost what other writes do',
      price: { ...PLAIN, cacheWrite: 1.25 },
      usage: { inputTokens: 4, cacheCreationInputTokens: 4, cacheCreation1hInputTokens: 4, outputTokens: 0 },
      nano: 5000,
    },
    // One token of a small embedding model: 20 nano-dollars.
    { what: 'embeddings have no output', price: EMBEDDING, usage: { inputTokens: 1 }, nano: 20 },
    { what: 'a free answer', price: PLAIN, usage: { inputTokens: 0, outputTokens: 0 }, nano: 0 },
    // 3 × 0.0004/M would be 0.0012 nano-dollars a token: 1.2 in all, rounded once and not three times to 0.
    {
      what: 'rounded once',
      price: { version: 'v1', input: 0.0004, output: 0.0004 },
      usage: { inputTokens: 2, outputTokens: 1 },
      nano: 1,
    },
    { what: 'no input reported is unknown', price: PLAIN, usage: { outputTokens: 5 }, nano: undefined },
    { what: 'no output reported is unknown', price: PLAIN, usage: { inputTokens: 5 }, nano: undefined },
    { what: 'nothing reported is unknown', price: EMBEDDING, usage: {}, nano: undefined },
    // 37 s of $6 per 1000 minutes
    { what: 'audio by the minute', price: HEARD, usage: { audioSeconds: 37 }, nano: 3_700_000 },
    { what: 'audio to the millisecond', price: HEARD, usage: { audioSeconds: 0.25 }, nano: 25_000 },
    { what: 'audio of unknown length is not free', price: HEARD, usage: {}, nano: undefined },
    // 12 of $15 per million
    { what: 'speech by the character', price: SPOKEN, usage: { characters: 12 }, nano: 180_000 },
    { what: 'speech of unknown length is not free', price: SPOKEN, usage: { audioSeconds: 3 }, nano: undefined },
    { what: 'images by their number', price: PAINTED, usage: { images: 3 }, nano: 60_000_000 },
    { what: 'images that nobody counted are not free', price: PAINTED, usage: {}, nano: undefined },
  ];
  for (const { what, price, usage, nano } of rows) {
    it(what, () => assert.equal(pricedCost(usage, price), nano));
  }

  it('is a whole number that is never negative, also for counts that contradict each other', () => {
    const count = fc.option(fc.nat({ max: 1_000_000 }), { nil: undefined });
    const usages = fc.record({
      inputTokens: fc.nat({ max: 1_000_000 }),
      outputTokens: fc.nat({ max: 1_000_000 }),
      cacheReadInputTokens: count,
      cacheCreationInputTokens: count,
      cacheCreation1hInputTokens: count,
    });
    fc.assert(
      fc.property(usages, (usage) => {
        const cost = pricedCost(usage as Usage, SONNET);
        assert.ok(cost !== undefined && Number.isSafeInteger(cost) && cost >= 0);
      }),
    );
  });

  it('costs never more with a cache read than without', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }), (fresh, cached) => {
        const usage = { inputTokens: fresh + cached, outputTokens: 1 };
        const full = pricedCost(usage, SONNET) ?? 0;
        assert.ok((pricedCost({ ...usage, cacheReadInputTokens: cached }, SONNET) ?? 0) <= full);
      }),
    );
  });
});
