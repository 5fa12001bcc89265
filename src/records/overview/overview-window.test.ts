import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { GatewayError } from '../../core/errors.ts';
import { DAY_MS, HOUR_MS } from '../../core/units.ts';
import {
  MINUTES_KEPT_MS,
  MOST_DAYS,
  SLOTS_KEPT_DAYS,
  earlier,
  keptSince,
  piecesOf,
  pointsOf,
  windowOf,
} from './overview-window.ts';

const NOW = Date.UTC(2026, 5, 9, 14, 7, 31, 5);
const MINUTE_MS = 60_000;

const last = (ms: number) => windowOf({ since: new Date(NOW - ms) }, NOW);

const anyPeriod = fc
  .record({
    agoMs: fc.oneof(fc.constant(0), fc.integer({ min: -HOUR_MS, max: 40 * DAY_MS })),
    lengthMs: fc.oneof(fc.integer({ min: 1, max: 4 * HOUR_MS }), fc.integer({ min: 1, max: (MOST_DAYS - 1) * DAY_MS })),
  })
  .map(({ agoMs, lengthMs }) => ({
    since: new Date(Math.min(NOW - agoMs, NOW) - lengthMs),
    until: new Date(NOW - agoMs),
  }));

describe('the time of an overview', () => {
  test('is the last day where nothing is said, until the minute that is going on', () => {
    const { from, until, unitMs } = windowOf({}, NOW);
    assert.equal(new Date(from).toISOString(), '2026-06-08T14:00:00.000Z');
    assert.equal(new Date(until).toISOString(), '2026-06-09T14:08:00.000Z');
    assert.equal(unitMs, 15 * MINUTE_MS);
  });

  test('has 60 to 180 points from an hour to a month, of which the finest are minutes', () => {
    for (const [length, minutes] of [
      [HOUR_MS, 1],
      [6 * HOUR_MS, 5],
      [12 * HOUR_MS, 5],
      [DAY_MS, 15],
      [7 * DAY_MS, 60],
      [MOST_DAYS * DAY_MS, 360],
    ] as const) {
      const window = last(length);
      assert.equal(window.unitMs / MINUTE_MS, minutes);
      const points = pointsOf(window).length;
      assert.ok(points >= 60 && points <= 182, `${points} points`);
    }
  });

  test('has all that was asked for, at most a quarter of an hour more, in pieces that follow each other and are still kept', () => {
    fc.assert(
      fc.property(anyPeriod, ({ since, until }) => {
        const window = windowOf({ since, until }, NOW);
        const end = Math.min(until.getTime(), NOW);
        const exact = window.unitMs < 15 * MINUTE_MS ? MINUTE_MS : 15 * MINUTE_MS;
        assert.ok(window.from <= since.getTime() && since.getTime() - window.from < exact);
        assert.equal(pointsOf(window)[0], window.from);
        assert.ok(window.until >= end && window.until - end < 15 * MINUTE_MS);
        assert.ok(pointsOf(window).length <= 182);
        for (const one of [window, earlier(window)]) {
          const pieces = piecesOf(one);
          assert.equal(pieces[0]?.from, one.from);
          assert.equal(pieces.at(-1)?.until, one.until);
          for (const [at, piece] of pieces.entries()) {
            const unit = piece.table === 'slots' ? 15 * MINUTE_MS : MINUTE_MS;
            assert.deepEqual([piece.from % unit, piece.until % unit], [0, 0]);
            if (at > 0) assert.equal(piece.from, pieces[at - 1]?.until);
            // What begins before is deleted.
            if (piece.table === 'minutes') assert.ok(piece.from >= NOW - MINUTES_KEPT_MS);
          }
        }
      }),
    );
  });

  test('begins where it was asked to, whatever the zone and however long its points are', () => {
    const since = Date.parse('2026-05-10T00:00:00+08:00');
    const { from, unitMs } = windowOf({ since: new Date(since) }, NOW);
    assert.deepEqual([from, unitMs], [since, 6 * HOUR_MS]);
    assert.equal(last(2 * HOUR_MS).from, Date.UTC(2026, 5, 9, 12, 7));
  });

  test('is compared with the same hours, so many days before that none is in both', () => {
    for (const [lengthMs, days] of [
      [HOUR_MS, 1],
      [DAY_MS, 1],
      // A page that shows the last day, a moment later.
      [DAY_MS + 7 * MINUTE_MS, 1],
      [25 * HOUR_MS, 2],
      [7 * DAY_MS, 7],
      [7 * DAY_MS + 50 * MINUTE_MS, 7],
      [8 * DAY_MS, 8],
      [30 * DAY_MS, 30],
      [MOST_DAYS * DAY_MS, MOST_DAYS],
    ] as const) {
      const window = last(lengthMs);
      const then = earlier(window);
      assert.deepEqual([window.from - then.from, window.until - then.until], [days * DAY_MS, days * DAY_MS]);
    }
  });

  test('begins where sums are still kept, and is refused where none are', () => {
    const kept = keptSince(NOW);
    assert.ok(kept >= NOW - SLOTS_KEPT_DAYS * DAY_MS && kept - 15 * MINUTE_MS < NOW - SLOTS_KEPT_DAYS * DAY_MS);
    const ended = (until: number) => windowOf({ since: new Date(until - 5 * DAY_MS), until: new Date(until) }, NOW);
    assert.equal(ended(kept + HOUR_MS).from, kept);
    assert.throws(() => ended(kept), /are kept for 100 days.*2026-03-01T14:15:00.000Z.*\/admin\/v1\/usage/);
  });

  test('is refused where it lies ahead, is none, or is longer than is drawn', () => {
    for (const [since, until] of [
      [NOW + 1, undefined],
      [NOW, undefined],
      [NOW - (MOST_DAYS * DAY_MS + 1), undefined],
    ] as const) {
      const refused = () => windowOf({ since: new Date(since), until }, NOW);
      assert.throws(refused, (error) => error instanceof GatewayError && error.code === 'request_invalid');
    }
  });
});
