import { expect, test } from 'vitest';

import { burnDown, historyStart, notCounted, outlook, periodFirstDay } from './burn-down.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12);

const hourly = (amount: (hour: number) => number, hours = 48) =>
  Array.from({ length: hours }, (_, hour) => ({ at: NOW - (hours - hour) * HOUR, amount: amount(hour) }));

test('the period begins on a day of the time zone of the budget', () => {
  const late = Date.UTC(2026, 10, 30, 20);
  expect(periodFirstDay({ period: 'day', timeZone: 'Asia/Shanghai' }, late)).toBe('2026-12-01');
  expect(periodFirstDay({ period: 'month', timeZone: 'UTC' }, late)).toBe('2026-11-01');
  // 2026-11-22 is a Sunday: its week began on the Monday before.
  expect(periodFirstDay({ period: 'week', timeZone: 'UTC' }, NOW)).toBe('2026-11-16');
  expect(periodFirstDay({ period: 'total', timeZone: 'UTC' }, NOW)).toBeUndefined();
});

test('usage is asked for from the period on, and of a week at least', () => {
  expect(historyStart('2026-11-01', NOW)).toBe('2026-11-01');
  expect(historyStart('2026-11-22', NOW)).toBe(new Date(NOW - 7 * DAY).toISOString());
});

test('even spending has no spread, uneven spending one that grows with time', () => {
  const even = outlook(
    { period: 'day' },
    hourly(() => 1),
    24,
    NOW,
  );
  expect(even?.spreadAfter(6 * HOUR)).toBeCloseTo(0);
  const uneven = outlook(
    { period: 'day' },
    hourly((hour) => (hour % 2) * 2),
    24,
    NOW,
  );
  const near = uneven?.spreadAfter(HOUR) ?? 0;
  expect(near).toBeGreaterThan(0.5);
  expect(uneven?.spreadAfter(9 * HOUR)).toBeGreaterThan(near * 2.9);
});

test('too little history says nothing', () => {
  expect(
    outlook(
      { period: 'day' },
      hourly(() => 1, 3),
      24,
      NOW,
    ),
  ).toBeUndefined();
  expect(outlook({ period: 'day' }, [], 24, NOW)).toBeUndefined();
  expect(
    outlook(
      { period: 'day' },
      hourly(() => 1),
      null,
      NOW,
    ),
  ).toBeUndefined();
});

test('a month is looked at by days once there are enough of them', () => {
  expect(
    outlook(
      { period: 'month' },
      hourly(() => 1, 7 * 24),
      24,
      NOW,
    )?.blockMs,
  ).toBe(DAY);
  expect(
    outlook(
      { period: 'month' },
      hourly(() => 1, 30),
      24,
      NOW,
    )?.blockMs,
  ).toBe(HOUR);
});

const START = Date.UTC(2026, 10, 22);
const QUESTION = { startsAt: START, endsAt: START + DAY, now: NOW, limit: 20 };

test('what was spent ends at what the budget counts, whatever usage adds up to', () => {
  const spent = hourly(() => 1);
  const drawn = burnDown({ ...QUESTION, spent, used: 13, outlook: outlook({ period: 'day' }, spent, 24, NOW) });
  const now = drawn.times.indexOf(NOW / 1000);
  expect(drawn.spent[now]).toBe(13);
  expect(drawn.spent[0]).toBe(1);
  expect(drawn.spent[now + 1]).toBeNull();
  expect(drawn.expected[now - 1]).toBeNull();
  expect(drawn.times).toEqual(drawn.times.toSorted((a, b) => a - b));
});

test('it runs out where the line meets the limit, earlier and later at the edges of the range', () => {
  const spent = hourly((hour) => (hour % 2) * 2);
  const { runsOut } = burnDown({ ...QUESTION, spent, used: 12, outlook: outlook({ period: 'day' }, spent, 24, NOW) });
  expect(Math.abs((runsOut.expected ?? 0) - (NOW + 8 * HOUR))).toBeLessThan(HOUR / 10);
  expect(runsOut.earliest).toBeLessThan(runsOut.expected ?? 0);
  expect(runsOut.latest === null || runsOut.latest > (runsOut.expected ?? 0)).toBe(true);
});

test('a budget that is used up ran out, one that nothing is known of does not', () => {
  expect(burnDown({ ...QUESTION, spent: [], used: 20, outlook: undefined }).runsOut.expected).toBe(NOW);
  expect(burnDown({ ...QUESTION, spent: [], used: 1, outlook: undefined }).runsOut.expected).toBeNull();
});

test('what was spent before a budget was made is told from what it counts', () => {
  const spent = [
    { at: START - HOUR, amount: 5 },
    { at: START, amount: 2 },
  ];
  expect(notCounted(spent, 0.5, START)).toBe(1.5);
  expect(notCounted(spent, 2, START)).toBeUndefined();
  expect(notCounted(spent, 1.99, START)).toBeUndefined();
  expect(notCounted([], 0, START)).toBeUndefined();
});
