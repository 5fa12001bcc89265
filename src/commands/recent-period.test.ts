import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UsageError } from './command.ts';
import { recentPeriod } from './recent-period.ts';

const NOW = Date.UTC(2026, 10, 20, 8);
const HOUR_MS = 3_600_000;

function periodOf(since: string, until?: string): number[] {
  const read = recentPeriod({ since, until }, NOW);
  return [read.since.getTime() - NOW, read.until.getTime() - NOW];
}

function assertTold(message: RegExp, since: string, until?: string): void {
  assert.throws(
    () => recentPeriod({ since, until }, NOW),
    (error: Error) => error instanceof UsageError && message.test(error.message),
  );
}

test('a period is from a time, or from so long back, until another one or now', () => {
  assert.deepEqual(periodOf('7d'), [-7 * 24 * HOUR_MS, 0]);
  assert.deepEqual(periodOf('2h', '1h'), [-2 * HOUR_MS, -HOUR_MS]);
  assert.deepEqual(periodOf('2026-11-20', '2026-11-20T07:00:00Z'), [-8 * HOUR_MS, -HOUR_MS]);
});

test('what is no time is told with what would be one, by the name of its option', () => {
  assertTold(/^--since "1hour" is no time: write .* as 1h or 7d$/, '1hour');
  assertTold(/^--until "soon" is no time/, '1h', 'soon');
  assertTold(/^--since 1h is not before --until 2h$/, '1h', '2h');
  assertTold(/^--since 2026-11-21 is not before now$/, '2026-11-21');
});
