import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { SlidingSums } from './sliding-sums.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONGEST = 72 * HOUR;

const steps = fc.array(
  fc.record({ after: fc.oneof(fc.nat(3 * MINUTE), fc.nat(9 * HOUR), fc.nat(4 * LONGEST)), amount: fc.nat(9) }),
  { maxLength: 60 },
);

test('promise 11: a window holds what came in it, and at most one slot more, whatever the times', () => {
  fc.assert(
    fc.property(steps, fc.constantFrom(5 * MINUTE, HOUR, 6 * HOUR, LONGEST), (moves, window) => {
      const sums = new SlidingSums(LONGEST);
      const seen: { at: number; amount: number }[] = [];
      const slot = window <= 6 * HOUR ? MINUTE : HOUR;
      let now = 0;
      for (const { after, amount } of moves) {
        now += after;
        sums.add([amount, 1], now);
        seen.push({ at: now, amount });
        const within = (ms: number): number =>
          seen.reduce((sum, one) => (one.at > now - ms ? sum + one.amount : sum), 0);
        const [found] = sums.over(window, now);
        assert.ok(found >= within(window) && found <= within(window + slot), `${found} of ${within(window)}`);
      }
    }),
  );
});
