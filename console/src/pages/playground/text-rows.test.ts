import { expect, test } from 'vitest';

import { rowsFor } from './text-rows.ts';

test('a box is as high as its text, and no higher than twenty lines', () => {
  expect(rowsFor('', 3)).toBe(3);
  expect(rowsFor('a\nb\nc\n\nd', 3)).toBe(5);
  expect(rowsFor('x'.repeat(230), 2)).toBe(5);
  expect(rowsFor('line\n'.repeat(40_000), 3)).toBe(20);
  expect(rowsFor('x'.repeat(200_000), 3)).toBe(20);
});
