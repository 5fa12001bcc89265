import { expect, test } from 'vitest';

import { newPrice, partsOfTarget, priceFieldAt, priceRowOf, unreadablePrice } from './price-draft.ts';

const DRAFT = {
  ...newPrice('openai', 'gpt-5', '2026-11-22'),
  source: 'https://openai.com',
  input: '1.5',
  output: '12',
};

test('a row has what was written, numbers as numbers', () => {
  expect(priceRowOf({ ...DRAFT, more: '{"fees":{"webSearch":10}}' })).toEqual({
    family: 'openai',
    model: 'gpt-5',
    from: '2026-11-22',
    source: 'https://openai.com',
    input: 1.5,
    output: 12,
    fees: { webSearch: 10 },
  });
});

test('what is no number or no JSON object is named', () => {
  expect(unreadablePrice(DRAFT)).toEqual([]);
  expect(unreadablePrice({ ...DRAFT, cacheRead: '-1', more: '[]' })).toEqual(['cacheRead', 'more']);
  expect(unreadablePrice({ ...DRAFT, more: '{' })).toEqual(['more']);
});

test('a refusal is shown at its field', () => {
  expect(priceFieldAt('prices[0].from', DRAFT)).toBe('from');
  expect(priceFieldAt('prices[0].variants[0].when', DRAFT)).toBe('more');
  expect(priceFieldAt('prices', DRAFT)).toBeUndefined();
});

test('a model may have a slash in its name', () => {
  expect(partsOfTarget('lab/acme/large')).toEqual({ provider: 'lab', model: 'acme/large' });
});
