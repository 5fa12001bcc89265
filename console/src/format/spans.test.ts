import { expect, test } from 'vitest';

import { span } from './spans.ts';

test('a span is written as in the configuration, by the largest unit that it is whole in', () => {
  expect([60_000, 90_000, 86_400_000, 3_600_000, 604_800_000].map(span)).toEqual(['1m', '90s', '1d', '1h', '7d']);
  expect([1500, 0].map(span)).toEqual(['1.5 s', '0 ms']);
});
