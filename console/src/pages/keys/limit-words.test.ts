import { expect, test } from 'vitest';

import { takenShare } from './limit-words.ts';

test('what is taken is never less than nothing nor more than all', () => {
  expect([takenShare(3, 3), takenShare(0, 3), takenShare(1, 4), takenShare(9, 3), takenShare(0, 0)]).toEqual([
    0, 1, 0.75, 0, 1,
  ]);
});
