import { expect, test } from 'vitest';

import { change, money } from './numbers.ts';

test.each([
  [0, '$0'],
  [12.345, '$12.35'],
  [0.0021, '$0.0021'],
  [0.000_007_7, '$0.0000077'],
  [0.000_000_1, '<$0.000001'],
  [-0.000_000_1, '−<$0.000001'],
  [null, '–'],
])('%d dollars are written %s', (dollars, text) => {
  expect(money(dollars)).toBe(text);
});

test.each([
  [112, 100, '+12%'],
  [99.5, 100, '-0.5%'],
  [99.999, 100, '0%'],
  [100.001, 100, '0%'],
  [5, 0, '–'],
])('%d after %d is written %s', (now, before, text) => {
  expect(change(now, before)).toBe(text);
});
