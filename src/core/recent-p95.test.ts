import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { RecentP95 } from './recent-p95.ts';

/** Of the last values, by sorting them. */
function naive(values: readonly number[], samples: number): number | undefined {
  const last = values.slice(-samples).toSorted((a, b) => a - b);
  return last[Math.ceil(last.length * 0.95) - 1];
}

describe('what 95 of 100 stay under', () => {
  it('law: is that of the last values, once there are enough', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (values, samples) => {
        const window = new RecentP95({ samples, enough: 5 });
        for (const [at, value] of values.entries()) {
          window.add(value);
          const seen = values.slice(0, at + 1);
          assert.equal(window.p95, at + 1 < 5 ? undefined : naive(seen, samples));
        }
      }),
    );
  });

  it('law: is at most so many values old where it is not to be worked out each time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (values, every) => {
          const window = new RecentP95({ samples: 30, enough: 5, every });
          for (const [at, value] of values.entries()) {
            window.add(value);
            const found = window.p95;
            if (at + 1 < 5) continue;
            const recent = Array.from({ length: every }, (_, back) => naive(values.slice(0, at + 1 - back), 30));
            assert.ok(recent.includes(found));
          }
        },
      ),
    );
  });
});
