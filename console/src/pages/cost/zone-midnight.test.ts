import { expect, test } from 'vitest';

import { midnightIn } from './zone-midnight.ts';

test('a day begins at midnight of its zone, also where clocks were changed that day', () => {
  expect(midnightIn('UTC', '2026-11-01')).toBe(Date.UTC(2026, 10, 1));
  expect(midnightIn('Asia/Shanghai', '2026-11-01')).toBe(Date.UTC(2026, 9, 31, 16));
  expect(midnightIn('Europe/Berlin', '2026-03-29')).toBe(Date.UTC(2026, 2, 28, 23));
  expect(midnightIn('Europe/Berlin', '2026-10-25')).toBe(Date.UTC(2026, 9, 24, 22));
  expect(midnightIn('America/New_York', '2026-11-01')).toBe(Date.UTC(2026, 10, 1, 4));
});
