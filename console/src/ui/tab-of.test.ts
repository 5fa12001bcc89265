import { expect, test } from 'vitest';

import { tabOf } from './tab-of.ts';

const TABS = ['/safety', '/safety/try', '/safety/reviews'];

test.each([
  ['/console/safety', '/safety'],
  ['/safety/try', '/safety/try'],
  ['/console/safety/reviews/rev_1', '/safety/reviews'],
  ['/safety/tryout', '/safety'],
  ['/cost', undefined],
])('%s stands under %s', (path, tab) => {
  expect(tabOf(path, TABS)).toBe(tab);
});
