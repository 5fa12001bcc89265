import assert from 'node:assert/strict';
import { test } from 'node:test';

import { seededRandom } from '../../src/models/simulator/random.ts';
import { type Point, driftOf, isFlat } from './drift.ts';

/** A sample each ten seconds for 25 minutes. */
function series(valueAt: (seconds: number) => number): Point[] {
  return Array.from({ length: 150 }, (_, at) => [at * 10, valueAt(at * 10)]);
}

const close = (seen: number, wanted: number): void => assert.ok(Math.abs(seen - wanted) < 1e-3, `${seen} ≠ ${wanted}`);

test('a level that stays has no drift', () => {
  const drift = driftOf(series(() => 100));
  close(drift.share, 0);
  assert.equal(drift.level, 100);
  assert.ok(isFlat(drift));
});

test('a leak is found under noise and wild samples, with its size', () => {
  const random = seededRandom(3);
  // 10 in ten minutes; its middle is at 112.5.
  const drift = driftOf(series((s) => 100 + s / 60 + (random() - 0.5) * 4 + (random() < 0.05 ? 80 : 0)));
  assert.ok(Math.abs(drift.share - 10 / 112.5) < 0.01, String(drift.share));
  assert.ok(drift.low > 0 && drift.low < drift.share && drift.share < drift.high);
  assert.ok(!isFlat(drift));
});

test('noise alone is flat, and so is what falls', () => {
  const random = seededRandom(5);
  assert.ok(isFlat(driftOf(series(() => 100 + (random() - 0.5) * 20))));
  assert.ok(isFlat(driftOf(series((s) => 200 - s / 30))));
});

test('less than two percent in ten minutes is allowed', () => {
  assert.ok(isFlat(driftOf(series((s) => 100 + s / 600))));
  assert.ok(!isFlat(driftOf(series((s) => 100 + s / 200))));
});
