import { expect, test } from 'vitest';

import { bucketStart, bucketsOf, usualBucket } from './time-buckets.ts';

test('hours are named with their offset, days begin at midnight of the reader', () => {
  expect(bucketStart('2026-11-21T08:00+08:00')).toBe(Date.UTC(2026, 10, 21));
  expect(bucketStart('2026-11-21')).toBe(new Date(2026, 10, 21).getTime());
});

test('buckets have no holes and begin with the one that the time begins in', () => {
  const since = new Date(2026, 10, 21, 8, 20).getTime();
  const hours = bucketsOf(since, new Date(2026, 10, 21, 11, 0).getTime(), 'hour');
  expect(hours.map((at) => new Date(at).getHours())).toEqual([8, 9, 10]);
  const days = bucketsOf(since, new Date(2026, 10, 24, 0, 1).getTime(), 'day');
  expect(days.map((at) => new Date(at).getDate())).toEqual([21, 22, 23, 24]);
});

test('a few days are shown by hours, more by days', () => {
  expect(usualBucket(24 * 3_600_000)).toBe('hour');
  expect(usualBucket(7 * 24 * 3_600_000)).toBe('day');
});
