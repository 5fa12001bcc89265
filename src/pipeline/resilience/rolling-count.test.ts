import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { RollingCount } from './rolling-count.ts';

const WIDTH = 250;
const BUCKETS = 8;

it('counts all of the whole buckets before now, and nothing that is older than its span', () => {
  const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 600 }), fc.double({ min: 0, max: 5000, noNaN: true })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(gaps, fc.double({ min: 0, max: 4000, noNaN: true }), (steps, last) => {
      const count = new RollingCount(WIDTH, BUCKETS);
      const times: number[] = [];
      let now = 0;
      for (const gap of steps) {
        now += gap;
        times.push(now);
        count.add(now);
      }
      now += last;
      const within = (ms: number) => times.filter((time) => time > now - ms).length;
      const sum = count.sum(now);
      assert.ok(sum >= within((BUCKETS - 1) * WIDTH));
      assert.ok(sum <= within(BUCKETS * WIDTH));
    }),
  );
});

it('is empty after a long silence, and once it was cleared', () => {
  const count = new RollingCount(WIDTH, BUCKETS);
  count.add(1e9);
  assert.equal(count.sum(1e9), 1);
  assert.equal(count.sum(1e12), 0);
  count.add(1e12);
  count.clear();
  assert.equal(count.sum(1e12), 0);
});

it('takes a clock that steps back for one that stands still', () => {
  const count = new RollingCount(WIDTH, BUCKETS);
  count.add(5000);
  count.add(1000);
  assert.equal(count.sum(5000), 2);
  assert.equal(count.sum(5000 + WIDTH * BUCKETS), 0);
});
