import assert from 'node:assert/strict';
import { test } from 'node:test';

import { seededRandom } from '../../src/models/simulator/random.ts';
import { schedule } from './schedule.ts';

test('constant arrivals are evenly apart and end with the time', () => {
  assert.deepEqual([...schedule('constant', 4, 1, Math.random)], [0, 250, 500, 750]);
  const many = [...schedule('constant', 3, 1000, Math.random)];
  assert.equal(many.length, 3000);
  assert.ok(Math.abs((many.at(-1) ?? 0) - 2999 * (1000 / 3)) < 1e-6);
});

test('poisson arrivals have the rate that was asked for, gaps as wide as their mean, and the same for the same seed', () => {
  const times = [...schedule('poisson', 1000, 100, seededRandom(7))];
  assert.ok(Math.abs(times.length - 100_000) < 1500, String(times.length));
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  assert.ok(Math.abs(Math.sqrt(variance) / mean - 1) < 0.02);
  assert.ok(gaps.every((gap) => gap >= 0));
  assert.deepEqual([...schedule('poisson', 1000, 100, seededRandom(7))], times);
});
