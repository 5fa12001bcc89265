import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { GatewayError } from '../../core/errors.ts';
import { DAY_MS, HOUR_MS } from '../../core/units.ts';
import { MINUTES_KEPT_MS, MOST_DAYS, dayBefore, piecesOf, pointsOf, windowOf } from './overview-window.ts';

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

  test('has all that was asked for, at most a point more, in pieces that follow each other and are still kept', () => {
    fc.assert(
      fc.property(anyPeriod, ({ since, until }) => {
        const window = windowOf({ since, until }, NOW);
        const end = Math.min(until.getTime(), NOW);
        assert.ok(window.from <= since.getTime() && since.getTime() - window.from < window.unitMs);
        assert.ok(window.until >= end && window.until - end < 15 * MINUTE_MS);
        assert.ok(pointsOf(window).length <= 182);
        for (const one of [window, dayBefore(window)]) {
          const pieces = piecesOf(one);
          assert.equal(pieces[0]?.from, one.from);
          assert.equal(pieces.at(-1)?.until, one.until);
          for (const [at, piece] of pieces.entries()) {
            const unit = piece.table === 'slots' ? 15 * MINUTE_MS : MINUTE_MS;
            assert.deepEqual([piece.from % unit, piece.until % unit], [0, 0]);
            if (at > 0) assert.equal(piece.from, pieces[at - 1]?.until);
            // What begins before is deleted.
            if (piece.table === 'minutes') assert.ok(piece.from > NOW - MINUTES_KEPT_MS - 5 * MINUTE_MS);
          }
        }
      }),
    );
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
