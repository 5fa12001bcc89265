import { expect, test } from 'vitest';

import { burnsOf, toneOf } from './burns.ts';

test('a budget warns when little of it is left, and is bad when it is used up', () => {
  expect([1, 0.26, 0.25, 0.01, 0, -2, null].map(toneOf)).toEqual([
    'accent',
    'accent',
    'warn',
    'warn',
    'bad',
    'bad',
    'accent',
  ]);
});

test('burns are said of windows of which something is known', () => {
  const burns = burnsOf({ burn: { '5m': 3, '1h': 14.42, '6h': 0.44, '3d': null } });
  expect(burns).toEqual([
    { window: '1h', times: '14' },
    { window: '6h', times: '0.4' },
  ]);
});
