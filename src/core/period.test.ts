import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { periodAt } from './period.ts';
import { isTimeZone } from './time-zone.ts';

/** Those with the oddest clocks beside the usual ones: jumps over midnight, half hours, a skipped day, none at all. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Africa/Cairo',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/Havana',
  'America/St_Johns',
  'America/Asuncion',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Africa/Casablanca',
  'Asia/Tehran',
  ...Intl.supportedValuesOf('timeZone').filter((_, at) => at % 40 === 0),
];
const zone = fc.constantFrom(...ZONES);
const recurring = fc.constantFrom('day', 'week', 'month');
const moment = fc.integer({ min: Date.UTC(1987, 0, 1), max: Date.UTC(2100, 0, 1) });

/** Local wall time, read by another way than the code does. */
function wallTime(timeZone: string, at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { timeZone, hour12: false });
}

function wallDate(timeZone: string, at: number): string {
  return new Date(at).toLocaleDateString('sv-SE', { timeZone });
}

function bounds(period: Parameters<typeof periodAt>[0], timeZone: string, at: number) {
  const { name, startsAt, endsAt } = periodAt(period, timeZone, at);
  assert.ok(startsAt !== undefined && endsAt !== undefined);
  return { name, startsAt, endsAt };
}

const hours = (timeZone: string, text: string): number => {
  const { startsAt, endsAt } = bounds('day', timeZone, Date.parse(text));
  return (endsAt - startsAt) / 3_600_000;
};

describe('periods', () => {
  test('every instant lies in one period, whose first and last instants are in it, too', () => {
    fc.assert(
      fc.property(recurring, zone, moment, (period, timeZone, at) => {
        const found = bounds(period, timeZone, at);
        assert.ok(found.startsAt <= at && at < found.endsAt, 'holds the instant');
        assert.deepEqual(bounds(period, timeZone, found.startsAt), found);
        assert.deepEqual(bounds(period, timeZone, found.endsAt - 1), found);
      }),
      { numRuns: 2000 },
    );
  });

  test('one period begins where the one before ends, under another name that sorts behind it', () => {
    fc.assert(
      fc.property(recurring, zone, moment, (period, timeZone, at) => {
        const found = bounds(period, timeZone, at);
        const next = bounds(period, timeZone, found.endsAt);
        const before = bounds(period, timeZone, found.startsAt - 1);
        assert.equal(next.startsAt, found.endsAt);
        assert.equal(before.endsAt, found.startsAt);
        assert.ok(before.name < found.name && found.name < next.name, `${before.name} ${found.name} ${next.name}`);
      }),
      { numRuns: 1000 },
    );
  });

  test('a period begins at 00:00 local time, or with the first time of that day that there is', () => {
    fc.assert(
      fc.property(recurring, zone, moment, (period, timeZone, at) => {
        const { startsAt } = bounds(period, timeZone, at);
        if (wallTime(timeZone, startsAt) === '00:00:00') {
          assert.equal(wallTime(timeZone, startsAt + 999), '00:00:00');
          return;
        }
        // Midnight was jumped over: right before, it was still the day before.
        assert.notEqual(wallDate(timeZone, startsAt - 1), wallDate(timeZone, startsAt));
        assert.ok(wallTime(timeZone, startsAt - 1) > '22:59:59', wallTime(timeZone, startsAt - 1));
      }),
      { numRuns: 2000 },
    );
  });

  test('a day is named as the local calendar names it, but where clocks are put back over midnight', () => {
    fc.assert(
      fc.property(zone, moment, (timeZone, at) => {
        const { name, startsAt } = bounds('day', timeZone, at);
        const shown = wallDate(timeZone, at);
        if (name !== shown) assert.ok(shown < name && at - startsAt < 2 * 3_600_000, `${name} ${shown}`);
      }),
      { numRuns: 2000 },
    );
  });

  test('a day within a week, and a week that begins on Monday', () => {
    fc.assert(
      fc.property(zone, moment, (timeZone, at) => {
        const { startsAt } = bounds('week', timeZone, at);
        const weekday = new Date(startsAt).toLocaleDateString('en-US', { timeZone, weekday: 'long' });
        assert.equal(weekday, 'Monday');
        assert.equal(bounds('day', timeZone, startsAt).startsAt, startsAt);
      }),
    );
  });

  test('days on which clocks are changed have 23 or 25 hours', () => {
    assert.equal(hours('Europe/Berlin', '2026-03-29T12:00:00Z'), 23);
    assert.equal(hours('Europe/Berlin', '2026-10-25T12:00:00Z'), 25);
    assert.equal(hours('Europe/Berlin', '2026-11-21T12:00:00Z'), 24);
    assert.equal(hours('Australia/Lord_Howe', '2026-04-05T00:00:00Z'), 24.5);
  });

  test('a day whose midnight does not exist begins at one', () => {
    const { name, startsAt } = bounds('day', 'Asia/Beirut', Date.parse('2026-03-29T12:00:00Z'));
    assert.equal(name, '2026-03-29');
    assert.equal(new Date(startsAt).toISOString(), '2026-03-28T22:00:00.000Z');
    assert.equal(wallTime('Asia/Beirut', startsAt), '01:00:00');
    assert.equal(hours('Asia/Beirut', '2026-03-29T12:00:00Z'), 23);
  });

  test('an hour of yesterday that comes again after midnight belongs to the day that had begun', () => {
    // At 00:01 of 2010-11-07 the clocks of St. John's were put back to 23:01.
    const again = Date.parse('2010-11-07T03:00:00Z');
    assert.equal(wallDate('America/St_Johns', again), '2010-11-06');
    assert.equal(bounds('day', 'America/St_Johns', again).name, '2010-11-07');
    assert.equal(hours('America/St_Johns', '2010-11-07T12:00:00Z'), 25);
  });

  test('a day that a country left out does not come', () => {
    const before = bounds('day', 'Pacific/Apia', Date.parse('2011-12-30T09:59:59Z'));
    assert.equal(before.name, '2011-12-29');
    assert.equal(bounds('day', 'Pacific/Apia', before.endsAt).name, '2011-12-31');
  });

  test('names', () => {
    const at = Date.parse('2026-11-21T20:00:00Z');
    assert.equal(periodAt('day', 'UTC', at).name, '2026-11-21');
    assert.equal(periodAt('day', 'Asia/Shanghai', at).name, '2026-11-22');
    assert.equal(periodAt('week', 'UTC', at).name, '2026-W47');
    assert.equal(periodAt('month', 'UTC', at).name, '2026-11');
    assert.deepEqual(periodAt('total', 'UTC', at), { name: 'total', startsAt: undefined, endsAt: undefined });
    assert.equal(periodAt('week', 'UTC', Date.UTC(2027, 0, 3)).name, '2026-W53');
    assert.equal(periodAt('week', 'UTC', Date.UTC(2027, 0, 4)).name, '2027-W01');
    assert.equal(periodAt('week', 'UTC', Date.UTC(2024, 11, 30)).name, '2025-W01');
  });

  test('time zones are names', () => {
    for (const name of ['UTC', 'Asia/Shanghai', 'europe/berlin']) assert.ok(isTimeZone(name), name);
    for (const name of ['', 'Mars/Olympus', '+08:00', 'Asia/Shanghai ', 'Europe']) assert.ok(!isTimeZone(name), name);
  });
});
