import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { DAY_MS } from '../../core/units.ts';
import type { PartitionDay, Stretch } from './stretches.ts';
import { TimeIsOverError, walkBack } from './time-walk.ts';

const T0 = Date.UTC(2026, 0, 1);

/** One after the other. */
const DAYS: PartitionDay[] = Array.from({ length: 60 }, (_, at) => ({
  from: T0 + at * DAY_MS,
  until: T0 + (at + 1) * DAY_MS,
  partitions: 1,
}));

describe('a walk back in time', () => {
  test('gives the newest rows once each, in order, as many as are wanted, however long each stretch takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 6 * DAY_MS }), { maxLength: 30 }),
        fc.tuple(fc.integer({ min: 0, max: 3 * DAY_MS }), fc.integer({ min: 4 * DAY_MS, max: 6 * DAY_MS })),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(DAY_MS, 600_000),
        fc.array(fc.nat(1500), { minLength: 3, maxLength: 5 }),
        async (offsets, [from, until], limit, firstMs, durations) => {
          const all = offsets.toSorted((a, b) => b - a);
          let ms = 0;
          let asked = 0;
          const { rows, stoppedAt } = await walkBack(
            { days: DAYS, from: T0 + from, until: T0 + until, limit, firstMs, limitMs: Infinity, monotonic: () => ms },
            (stretch, most) => {
              ms += durations[asked % durations.length] ?? 0;
              asked += 1;
              const within = all.filter((at) => T0 + at >= stretch.from && T0 + at < stretch.until);
              return Promise.resolve(within.slice(0, most));
            },
          );
          assert.equal(stoppedAt, undefined);
          assert.deepEqual(rows, all.filter((at) => at >= from && at < until).slice(0, limit));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('reads a day first, then longer ones', async () => {
    const stretches: Stretch[] = [];
    await walkBack(
      { days: DAYS, from: T0, until: T0 + 20.5 * DAY_MS, limit: 1, firstMs: DAY_MS, limitMs: 1000, monotonic: () => 0 },
      (stretch) => {
        stretches.push(stretch);
        return Promise.resolve([]);
      },
    );
    assert.deepEqual(
      stretches.map(({ from, until }) => [(from - T0) / DAY_MS, (until - T0) / DAY_MS]),
      [
        [20, 20.5],
        [18, 20],
        [14, 18],
        [6, 14],
        [0, 6],
      ],
    );
  });

  test('ends when the time is over, with what was found and where it stopped; or fails, if that is nothing at all', async () => {
    let ms = 0;
    const options = {
      days: DAYS,
      from: T0,
      until: T0 + 9 * DAY_MS,
      limit: 5,
      firstMs: DAY_MS,
      limitMs: 1000,
      monotonic: () => ms,
    };
    const walked = await walkBack(options, ({ until }, _most, limitMs) => {
      if (limitMs < 500) throw new TimeIsOverError();
      ms += 600;
      return Promise.resolve([until]);
    });
    assert.deepEqual(walked, { rows: [T0 + 9 * DAY_MS], stoppedAt: T0 + 8 * DAY_MS });
    await assert.rejects(
      walkBack(options, () => Promise.reject(new TimeIsOverError())),
      TimeIsOverError,
    );
    await assert.rejects(
      walkBack(options, () => Promise.reject(new RangeError())),
      RangeError,
    );
  });
});
