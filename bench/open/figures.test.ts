import assert from 'node:assert/strict';
import { createHistogram } from 'node:perf_hooks';
import { test } from 'node:test';

import { quantilesOf, recordMs, spreadText } from './figures.ts';
import { median, spreadOf } from '../spread.ts';

test('quantiles are milliseconds of what was recorded, and of nothing there are none', () => {
  const histogram = createHistogram();
  for (let ms = 1; ms <= 100; ms += 1) recordMs(histogram, ms);
  const { count, p50, p99, max } = quantilesOf(histogram);
  assert.equal(count, 100);
  // Three digits are kept.
  assert.ok(Math.abs(p50 - 50) < 0.1 && Math.abs(p99 - 99) < 0.2 && Math.abs(max - 100) < 0.2);
  assert.ok(Number.isNaN(quantilesOf(createHistogram()).p50));
});

test('what comes before its time is on time', () => {
  const histogram = createHistogram();
  recordMs(histogram, -3);
  assert.equal(quantilesOf(histogram).max, 0.001);
});

test('the median of an even number lies between the two in the middle', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([3, 1, 2]), 2);
  assert.ok(Number.isNaN(median([])));
});

test('a spread is told with its ends', () => {
  assert.equal(spreadText(spreadOf([0.3, 0.1, 0.2])), '0.20 (0.10 – 0.30)');
});
