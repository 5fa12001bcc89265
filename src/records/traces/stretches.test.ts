import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { DAY_MS } from '../../core/units.ts';
import { MOST_PARTITIONS, type PartitionDay, type Stretch, lastPart, partsOf } from './stretches.ts';

function dayOf(at: number, partitions = 1): PartitionDay {
  return { from: at * DAY_MS, until: (at + 1) * DAY_MS, partitions };
}

function locked(days: readonly PartitionDay[], { from, until }: Stretch): PartitionDay[] {
  return days.filter((day) => day.from < until && day.until > from);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, ms) => total + ms, 0);
}

/** With gaps, some of them long, as of clocks that are wrong. */
const anyDays = fc
  .array(fc.tuple(fc.constantFrom(1, 1, 1, 2, 40, 900_000), fc.constantFrom(1, 1, 3, 20, 50)), { maxLength: 120 })
  .map((steps) => {
    let at = 0;
    return steps.map(([step, partitions]) => dayOf((at += step), partitions));
  });

describe('stretches of time that statements read', () => {
  test('of two years are of few partitions each, and skip what has none', () => {
    const days = [dayOf(0), ...Array.from({ length: 730 }, (_, at) => dayOf(20_000 + at))];
    const parts = partsOf(days, { from: 0, until: Infinity });
    assert.equal(parts.length, Math.ceil(731 / MOST_PARTITIONS));
    assert.deepEqual(parts.at(-1), { from: (20_730 - MOST_PARTITIONS) * DAY_MS, until: 20_730 * DAY_MS });
    assert.deepEqual(lastPart(days, { from: 0, until: 10_000 * DAY_MS }), { from: 0, until: DAY_MS });
    assert.equal(lastPart(days, { from: DAY_MS, until: 20_000 * DAY_MS }), undefined);
  });

  test('hold every moment that has a partition once, in order, and lock few partitions or one day', () => {
    const anyMoment = fc.nat(200 * DAY_MS);
    fc.assert(
      fc.property(anyDays, anyMoment, anyMoment, (days, one, other) => {
        const whole = { from: Math.min(one, other), until: Math.max(one, other) };
        const parts = partsOf(days, whole);
        for (const [at, part] of parts.entries()) {
          assert.ok(part.from < part.until && part.from >= whole.from && part.until <= whole.until);
          assert.ok(part.from >= (parts[at - 1]?.until ?? 0));
          const held = locked(days, part);
          assert.ok(held.length === 1 || sum(held.map((day) => day.partitions)) <= MOST_PARTITIONS);
        }
        const asked = locked(days, whole).map(
          (day) => Math.min(day.until, whole.until) - Math.max(day.from, whole.from),
        );
        const read = parts.flatMap((part) =>
          locked(days, part).map((day) => Math.min(day.until, part.until) - Math.max(day.from, part.from)),
        );
        assert.equal(sum(read), sum(asked));
      }),
    );
  });
});
