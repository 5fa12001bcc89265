import assert from 'node:assert/strict';
import { createHistogram } from 'node:perf_hooks';
import { test } from 'node:test';

import { quantilesOf, reasonOf, recordMs, spreadText, wrongText } from './figures.ts';
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

test('wrong answers are told by what was wrong, the most frequent first', () => {
  assert.equal(reasonOf(503, '"param":null,"code":"guard_failed"}}'), '503 guard_failed');
  assert.equal(reasonOf(502, '</html>'), 'status 502');
  assert.equal(wrongText({ 'no answer': 1, '503 guard_failed': 7 }), '8: 503 guard_failed × 7, no answer × 1');
  assert.equal(wrongText({}), '0');
});
