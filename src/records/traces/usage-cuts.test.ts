import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { DAY_MS } from '../../core/units.ts';
import { SLOT_MS } from './rollup-batch.ts';
import { TIME_GROUPS, bucketsBetween } from './usage-periods.ts';
import { piecesOf } from './usage-pieces.ts';

const T0 = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const anyTime = fc.oneof(
  fc.integer({ min: T0, max: T0 + 40 * DAY_MS }),
  fc.nat(40).map((days) => T0 + days * DAY_MS),
  fc.nat(40 * 96).map((slots) => T0 + slots * SLOT_MS),
);
const anyStretch = fc
  .tuple(anyTime, anyTime)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ from: Math.min(a, b), until: Math.max(a, b) }));

describe('pieces of a time', () => {
  test('cover it once, each of the coarsest source that it can be of', () => {
    fc.assert(
      fc.property(anyStretch, fc.array(anyTime, { maxLength: 5 }), ({ from, until }, cuts) => {
        const boundaries = cuts.toSorted((a, b) => a - b);
        const pieces = piecesOf(from, until, boundaries);
        assert.deepEqual([pieces[0]?.from, pieces.at(-1)?.until], [from, until]);
        for (const [at, piece] of pieces.entries()) {
          assert.ok(piece.from < piece.until);
          if (at > 0) assert.equal(piece.from, pieces[at - 1]?.until);
          const inside = boundaries.filter((cut) => cut > piece.from && cut < piece.until);
          const length = { days: DAY_MS, slots: SLOT_MS, traces: 1 }[piece.source];
          for (const edge of [piece.from, piece.until, ...inside]) assert.equal(edge % length, 0);
          // Between two edges there is no whole unit of what is coarser.
          const coarser = { days: Infinity, slots: DAY_MS, traces: SLOT_MS }[piece.source];
          const edges = [piece.from, ...inside, piece.until];
          for (const [index, edge] of edges.slice(1).entries()) {
            const start = Math.ceil((edges[index] ?? 0) / coarser) * coarser;
            assert.ok(!(start + coarser <= edge), JSON.stringify({ piece, boundaries }));
          }
        }
      }),
    );
  });

  test('are few, however many parts there are', () => {
    const weeks = Array.from({ length: 600 }, (_, at) => T0 + 8 * HOUR_MS + at * 7 * DAY_MS);
    assert.deepEqual(piecesOf(T0, T0 + 5000 * DAY_MS, weeks), [
      { source: 'slots', from: T0, until: T0 + 5000 * DAY_MS },
    ]);
  });

  test('of all time are days', () => {
    assert.deepEqual(piecesOf(-Infinity, Infinity, []), [{ source: 'days', from: -Infinity, until: Infinity }]);
    assert.deepEqual(
      piecesOf(T0 + 1, Infinity, []).map(({ source }) => source),
      ['traces', 'slots', 'days'],
    );
  });
});

const startsOf = (group: (typeof TIME_GROUPS)[number], zone: string, from: string, until: string) =>
  bucketsBetween(group, zone, { from: Date.parse(from), until: Date.parse(until) }, 100).map(
    ({ name, startsAt }) => `${name} ${new Date(startsAt).toISOString().slice(5, 16)}`,
  );

describe('parts of a time', () => {
  test('are those of the calendar where somebody is', () => {
    assert.deepEqual(startsOf('day', 'Asia/Shanghai', '2026-11-21T10:00Z', '2026-11-22T16:00:01Z'), [
      '2026-11-21 11-20T16:00',
      '2026-11-22 11-21T16:00',
      '2026-11-23 11-22T16:00',
    ]);
    assert.deepEqual(startsOf('month', 'Asia/Kathmandu', '2026-12-31T18:14Z', '2026-12-31T18:16Z'), [
      '2026-12 11-30T18:15',
      '2027-01 12-31T18:15',
    ]);
    assert.deepEqual(startsOf('week', 'UTC', '2026-12-31T00:00Z', '2027-01-04T00:00Z'), ['2026-W53 12-28T00:00']);
  });

  test('an hour that comes twice is two hours, and one that is skipped is none', () => {
    assert.deepEqual(startsOf('hour', 'America/New_York', '2026-11-01T05:10Z', '2026-11-01T07:01Z'), [
      '2026-11-01T01:00-04:00 11-01T05:00',
      '2026-11-01T01:00-05:00 11-01T06:00',
      '2026-11-01T02:00-05:00 11-01T07:00',
    ]);
    assert.deepEqual(startsOf('hour', 'America/New_York', '2026-03-08T06:10Z', '2026-03-08T07:01Z'), [
      '2026-03-08T01:00-05:00 03-08T06:00',
      '2026-03-08T03:00-04:00 03-08T07:00',
    ]);
  });

  test('begin with the time or before, follow each other, and end with it', () => {
    const zones = ['UTC', 'Asia/Shanghai', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Beirut'];
    fc.assert(
      fc.property(fc.constantFrom(...TIME_GROUPS), fc.constantFrom(...zones), anyStretch, (group, zone, stretch) => {
        const buckets = bucketsBetween(group, zone, stretch, 5000);
        const starts = buckets.map(({ startsAt }) => startsAt);
        assert.ok(starts.every((start, at) => at === 0 || start > (starts[at - 1] ?? Infinity)));
        assert.ok((starts[0] ?? Infinity) <= stretch.from && (starts[1] ?? Infinity) > stretch.from);
        assert.ok((starts.at(-1) ?? Infinity) < stretch.until);
        assert.equal(new Set(buckets.map(({ name }) => name)).size, buckets.length);
      }),
    );
  });

  test('promise 11: no more are made than are asked for, and one', () => {
    const ages = { from: 0, until: Date.UTC(9999, 0, 1) };
    assert.equal(bucketsBetween('day', 'UTC', ages, 10).length, 11);
    assert.ok(bucketsBetween('hour', 'UTC', ages, 10).length <= 48);
  });
});
