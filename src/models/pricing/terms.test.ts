import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Price } from './price.ts';
import { type Circumstances, termsOf } from './terms.ts';

const PRICE: Price = {
  version: 'test',
  input: 2,
  cacheRead: 0.2,
  output: 8,
  fees: { request: 5, webSearch: 10 },
  variants: [
    { when: { inputAbove: 100 }, input: 4 },
    { when: { inputAbove: 200 }, output: 16, fees: { request: 7 } },
    { when: { inputAbove: 100, thinking: true }, output: 20 },
    { when: { serviceTier: 'flex' }, factor: 0.5 },
    { when: { geo: 'us' }, factor: 1.1 },
  ],
};

function terms(inputTokens: number, more: object = {}, asked: Circumstances = {}) {
  const found = termsOf(PRICE, { inputTokens, ...more }, asked);
  if (!found) return undefined;
  const { rates, fees, factors } = found;
  return [rates.input, rates.cacheRead, rates.output, fees.request, fees.webSearch, ...factors];
}

describe('termsOf', () => {
  const rows: { what: string; found: unknown; expected: unknown }[] = [
    { what: 'no variant holds', found: terms(100), expected: [2, 0.2, 8, 5, 10] },
    { what: 'one holds, and inherits the rest', found: terms(101), expected: [4, 0.2, 8, 5, 10] },
    { what: 'a later one adds to an earlier one', found: terms(201), expected: [4, 0.2, 16, 7, 10] },
    { what: 'and replaces it', found: terms(201, { reasoningOutputTokens: 1 }), expected: [4, 0.2, 20, 7, 10] },
    {
      what: 'all of a condition has to hold',
      found: terms(9, { reasoningOutputTokens: 1 }),
      expected: [2, 0.2, 8, 5, 10],
    },
    {
      what: 'factors add up',
      found: terms(1, { serviceTier: 'flex', inferenceGeo: 'us' }),
      expected: [2, 0.2, 8, 5, 10, 0.5, 1.1],
    },
    { what: 'asked for', found: terms(1, {}, { serviceTier: 'flex' }), expected: [2, 0.2, 8, 5, 10, 0.5] },
    {
      what: 'asked for, and answered otherwise',
      found: terms(1, { serviceTier: 'default' }, { serviceTier: 'flex' }),
      expected: [2, 0.2, 8, 5, 10],
    },
    {
      what: 'asked for what the row does not know',
      found: terms(1, {}, { serviceTier: 'x' }),
      expected: [2, 0.2, 8, 5, 10],
    },
    { what: 'answered by what the row does not know', found: terms(1, { serviceTier: 'x' }), expected: undefined },
    { what: 'a batch that the row does not know', found: terms(1, {}, { batch: true }), expected: undefined },
    { what: 'a speed that the row does not know', found: terms(1, { speed: 'fast' }), expected: undefined },
    { what: 'asked in a region', found: terms(1, { region: 'us' }), expected: [2, 0.2, 8, 5, 10, 1.1] },
    { what: 'asked in a region that the row does not know', found: terms(1, { region: 'eu' }), expected: undefined },
    {
      what: 'the region that was asked before the place that the answer names',
      found: terms(1, { region: 'global', inferenceGeo: 'us' }),
      expected: [2, 0.2, 8, 5, 10],
    },
    {
      what: 'names of the ordinary',
      found: terms(1, { serviceTier: 'standard', inferenceGeo: 'not_available', speed: 'standard' }),
      expected: [2, 0.2, 8, 5, 10],
    },
  ];
  for (const { what, found, expected } of rows) it(what, () => assert.deepEqual(found, expected));

  it('holds in every region where a row names none', () => {
    const { variants: _, ...plain } = PRICE;
    assert.equal(termsOf(plain, { inputTokens: 1, region: 'anywhere' }, {})?.rates.input, 2);
  });

  it('changes no row', () => {
    const before = structuredClone(PRICE);
    terms(500, { serviceTier: 'flex', reasoningOutputTokens: 5 });
    assert.deepEqual(PRICE, before);
  });
});
