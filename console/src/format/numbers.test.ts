import { expect, test } from 'vitest';

import { money } from './numbers.ts';

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
