import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { type Spent, forecast } from './forecast.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 10, 1);
const MONTH: Spent = {
  used: 0,
  limit: 3000,
  startsAt: START,
  endsAt: Date.UTC(2026, 11, 1),
  recentPerDay: undefined,
};
const at = (days: number): number => START + days * DAY_MS;

const anySpent = fc.record({
  used: fc.integer({ min: 0, max: 1_000_000_000_000 }),
  limit: fc.integer({ min: 1, max: 1_000_000_000_000 }),
  startsAt: fc.constantFrom(START, undefined),
  endsAt: fc.constantFrom(at(1), at(7), at(30)),
  recentPerDay: fc.option(fc.integer({ min: 0, max: 100_000_000_000 }), { nil: undefined }),
});
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** A period that never began never ends. */
function within(spent: Spent, part: number): { readonly spent: Spent; readonly now: number } {
  const length = (spent.endsAt ?? at(30)) - START;
  const now = START + Math.floor(part * length);
  return { spent: spent.startsAt === undefined ? { ...spent, endsAt: undefined } : spent, now };
}

describe('forecasts', () => {
  test('the rate lies between what the last days and the period itself say', () => {
    fc.assert(
      fc.property(anySpent, share, (any, part) => {
        const { spent, now } = within(any, part);
        const { burnRate } = forecast(spent, now);
        const { recentPerDay, startsAt, used } = spent;
        if (startsAt === undefined || recentPerDay === undefined || now === startsAt) return;
        assert.ok(burnRate !== undefined);
        const own = used / ((now - startsAt) / DAY_MS);
        assert.ok(burnRate >= Math.min(own, recentPerDay) * (1 - 1e-9));
        assert.ok(burnRate <= Math.max(own, recentPerDay) * (1 + 1e-9));
      }),
    );
  });

  test('the end is between now and the end of the period, and at this rate all is spent then', () => {
    fc.assert(
      fc.property(anySpent, share, (any, part) => {
        const { spent, now } = within(any, part);
        const { burnRate, exhaustedAt } = forecast(spent, now);
        if (exhaustedAt === undefined) return;
        assert.ok(exhaustedAt >= now && exhaustedAt <= (spent.endsAt ?? Number.POSITIVE_INFINITY));
        assert.ok(!Number.isNaN(new Date(exhaustedAt).getTime()));
        if (spent.used >= spent.limit) return;
        const spentThen = spent.used + ((burnRate ?? 0) * (exhaustedAt - now)) / DAY_MS;
        assert.ok(Math.abs(spentThen - spent.limit) <= (burnRate ?? 0) / DAY_MS + spent.limit * 1e-9);
      }),
    );
  });

  test('who spends more is at the end sooner', () => {
    fc.assert(
      fc.property(anySpent, share, fc.nat(1_000_000), (any, part, more) => {
        const { spent, now } = within(any, part);
        const less = forecast(spent, now).exhaustedAt ?? Number.POSITIVE_INFINITY;
        const later = forecast({ ...spent, used: spent.used + more }, now).exhaustedAt ?? Number.POSITIVE_INFINITY;
        assert.ok(later <= less);
      }),
    );
  });

  test('a minute after the beginning, the last days say what it will be', () => {
    const minute = START + 60_000;
    const { burnRate, exhaustedAt } = forecast({ ...MONTH, used: 5, recentPerDay: 150 }, minute);
    assert.ok(burnRate !== undefined && Math.abs(burnRate - 150) < 5, String(burnRate));
    assert.equal(new Date(exhaustedAt ?? 0).toISOString().slice(0, 7), '2026-11');
  });

  test('without any history the first minutes are not made a rate of millions', () => {
    assert.deepEqual(forecast({ ...MONTH, used: 7 }, START), { burnRate: 4, exhaustedAt: undefined });
    assert.equal(forecast({ ...MONTH, used: 700 }, at(7)).burnRate, 100);
    const day: Spent = { ...MONTH, limit: 100, endsAt: at(1) };
    assert.deepEqual(forecast({ ...day, used: 20 }, at(0.125)), { burnRate: 80, exhaustedAt: undefined });
    assert.deepEqual(forecast({ ...day, used: 60 }, at(0.5)), {
      burnRate: 120,
      exhaustedAt: Math.round(at(0.5 + 40 / 120)),
    });
  });

  test('from a week on the last seven days say it alone, without a jump', () => {
    const spent = { ...MONTH, used: 700, recentPerDay: 100 };
    assert.equal(forecast(spent, at(6.999_999_9)).burnRate?.toFixed(3), '100.000');
    assert.equal(forecast(spent, at(7)).burnRate, 100);
    assert.equal(forecast({ ...spent, recentPerDay: 300 }, at(20)).exhaustedAt, Math.round(at(20 + 2300 / 300)));
  });

  test('a sum that never begins anew is judged by the last days, or not at all', () => {
    const total: Spent = { used: 10, limit: 100, startsAt: undefined, endsAt: undefined, recentPerDay: 9 };
    assert.deepEqual(forecast(total, START), { burnRate: 9, exhaustedAt: at(10) });
    assert.deepEqual(forecast({ ...total, recentPerDay: undefined }, START), {
      burnRate: undefined,
      exhaustedAt: undefined,
    });
    assert.equal(forecast({ ...total, recentPerDay: 1e-9 }, START).exhaustedAt, undefined);
  });

  test('what is used up is so now', () => {
    assert.equal(forecast({ ...MONTH, used: 3000 }, at(3)).exhaustedAt, at(3));
  });
});
