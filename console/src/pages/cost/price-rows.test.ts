import { expect, test } from 'vitest';

import { type PriceRow, causeOf, findPrices, webAddress } from './price-rows.ts';

const row = (family: string, model: string, origin = 'list'): PriceRow => ({
  family,
  model,
  origin,
  source: 'https://example.com',
  version: `${origin}:${family}/${model}`,
  inForce: true,
});

test('prices are found by words of family and model, and by who says so', () => {
  const rows = [row('openai', 'gpt-5'), row('openai', 'gpt-5-mini', 'stored'), row('gemini', 'gemini-2.5-pro')];
  expect(findPrices(rows, 'GPT mini', '', '').map(({ model }) => model)).toEqual(['gpt-5-mini']);
  expect(findPrices(rows, '', 'openai', 'list').map(({ model }) => model)).toEqual(['gpt-5']);
});

test('only addresses of the web are links', () => {
  expect(webAddress('https://openai.com/api/pricing')).toBe('https://openai.com/api/pricing');
  expect(webAddress('javascript:alert(1)')).toBeUndefined();
  expect(webAddress('docs/simulator.md')).toBeUndefined();
});

test('a missing price is none, known since, or one that does not tell', () => {
  const missing = { target: 'a/b', requests: 4, tokens: { input: 1, output: 1 }, last_seen: '' };
  expect(causeOf({ ...missing, requests_with_price: 0, priced_today: false })).toBe('none');
  expect(causeOf({ ...missing, requests_with_price: 1, priced_today: true })).toBe('since');
  expect(causeOf({ ...missing, requests_with_price: 4, priced_today: true })).toBe('partly');
});
