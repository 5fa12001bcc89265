import { expect, test } from 'vitest';

import { takenShare, windowText } from './limit-words.ts';

const say = (ms: number): string => windowText(ms, (other) => `${other} ms`);

test('a window is written in the largest unit that it is a whole number of', () => {
  expect([1000, 90_000, 60_000, 3_600_000, 172_800_000, 1500].map(say)).toEqual([
    '1s',
    '90s',
    '1m',
    '1h',
    '2d',
    '1500 ms',
  ]);
});

test('what is taken is never less than nothing nor more than all', () => {
  expect([takenShare(3, 3), takenShare(0, 3), takenShare(1, 4), takenShare(9, 3), takenShare(0, 0)]).toEqual([
    0, 1, 0.75, 0, 1,
  ]);
});
