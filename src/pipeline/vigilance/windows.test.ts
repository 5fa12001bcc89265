import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { DistinctValues } from './distinct.ts';
import { SpendHistory } from './spend-history.ts';
import { Tallies } from './tallies.ts';
import { WindowSum, windowOf } from './window-sum.ts';

const START = 1_700_000_000_000;
const HOUR_MS = 3_600_000;

/** What was, and how long after the one before. */
const happenings = <T>(value: fc.Arbitrary<T>, longest: number) =>
  fc.array(fc.record({ afterMs: fc.nat({ max: longest }), value }), { maxLength: 150 });

describe('a sum over the time just past', () => {
  test('is never less than that of all but one of its slots, and never more than that of all', () => {
    const slots = fc.integer({ min: 2, max: 12 });
    fc.assert(
      fc.property(happenings(fc.nat({ max: 9 }), 3000), slots, (list, count) => {
        const shape = windowOf(6000, count);
        const window = new WindowSum(shape);
        const past: { at: number; value: number }[] = [];
        let now = START;
        for (const { afterMs, value } of list) {
          now += afterMs;
          past.push({ at: now, value });
          const within = (ms: number): number =>
            past.reduce((sum, one) => (now - one.at < ms ? sum + one.value : sum), 0);
          const sum = window.add(now, value);
          assert.ok(sum >= within(shape.slotMs * (count - 1)), `${sum} is too little`);
          assert.ok(sum <= within(shape.slotMs * count), `${sum} is too much`);
          assert.equal(window.total(now), sum);
        }
        assert.equal(window.total(now + shape.slotMs * count), 0);
      }),
    );
  });

  test('is the same in whatever order it is told', () => {
    fc.assert(
      fc.property(happenings(fc.nat({ max: 9 }), 100), fc.nat(), (list, turn) => {
        const shape = windowOf(100_000, 10);
        let now = START;
        const all = list.map(({ afterMs, value }) => ({ at: (now += afterMs), value }));
        const [told, mixed] = [new WindowSum(shape), new WindowSum(shape)];
        for (const { at, value } of all) told.add(at, value);
        const cut = turn % (all.length + 1);
        for (const { at, value } of [...all.slice(cut), ...all.slice(0, cut).toReversed()]) mixed.add(at, value);
        assert.equal(mixed.total(now), told.total(now));
      }),
    );
  });
});

describe('different values within a time', () => {
  test('are many where there were so many, and not before', () => {
    const values = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    fc.assert(
      fc.property(happenings(values, 400), fc.integer({ min: 2, max: 6 }), (list, most) => {
        const distinct = new DistinctValues(10, most, 1000);
        const past: { at: number; value: string }[] = [];
        let now = START;
        for (const { afterMs, value } of list) {
          now += afterMs;
          past.push({ at: now, value });
          const within = new Set(past.filter(({ at }) => now - at < 1000).map((one) => one.value));
          assert.equal(distinct.add('someone', value, now), within.size >= most);
        }
      }),
    );
  });
});

test('never more is known than the bound allows, however many there are', () => {
  const tallies = new Tallies(100, 1000);
  const distinct = new DistinctValues(100, 5, 1000);
  const spending = new SpendHistory(100);
  for (let each = 0; each < 1000; each += 1) {
    tallies.of(`one ${each}`).add(START + each, 'trace');
    distinct.add(`one ${each}`, 'key', START + each);
    spending.add(`one ${each}`, START + each, 1);
    assert.ok(Math.max(tallies.size, distinct.size, spending.size) <= 100);
  }
  assert.ok(tallies.size >= 50);
  assert.equal(tallies.of('one 999').examples.length, 1);
});

test('what is usual is a mean over the known hours before the last, of seven days at most', () => {
  const spending = new SpendHistory(10);
  assert.deepEqual(spending.add('a', START, 5), { lastHour: 5, usualHourly: 0, knownHours: -1 });
  for (let hour = 1; hour <= 10; hour += 1) spending.add('a', START + hour * HOUR_MS, 5);
  const now = START + 11 * HOUR_MS;
  assert.deepEqual(spending.add('a', now, 100), { lastHour: 100, usualHourly: 5.5, knownHours: 10 });

  const later = spending.add('a', now + 8 * 24 * HOUR_MS, 7);
  assert.deepEqual(later, { lastHour: 7, usualHourly: 0, knownHours: 167 });

  spending.recall('b', now - 48 * HOUR_MS, 470);
  const { usualHourly, knownHours } = spending.add('b', now, 3);
  assert.deepEqual([usualHourly, knownHours], [10, 47]);
});
