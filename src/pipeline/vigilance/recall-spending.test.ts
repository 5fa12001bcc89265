import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { NANO_PER_USD } from '../../core/money.ts';
import { type RecallDeps, recallSpending } from './recall-spending.ts';
import { SpendHistory } from './spend-history.ts';

const DAY_MS = 86_400_000;

function bench(ask: RecallDeps['ask'], isClosed = false) {
  const clock = new FakeClock();
  const warnings: string[] = [];
  const histories = { keys: new SpendHistory(100), users: new SpendHistory(100) };
  const log = { warn: (_facts: object, message: string) => void warnings.push(message) };
  const done = recallSpending(histories, { ask, clock, log, isClosed: () => isClosed });
  return { clock, warnings, histories, done };
}

type Row = Awaited<ReturnType<RecallDeps['ask']>>[number];

function rowOf(group: (string | null)[], usd: number): Row {
  return { group, sums: { costNanoUsd: usd * NANO_PER_USD } };
}

function day(clock: FakeClock, before: number): string {
  return new Date(clock.now() - before * DAY_MS).toISOString().slice(0, 10);
}

test('what was spent on the last whole days is what is usual after a start', async () => {
  const asked: string[] = [];
  const now = new FakeClock();
  const { histories, clock, done, warnings } = bench(async (by, { since, until }) => {
    asked.push(by.join());
    assert.equal(Number(until) - Number(since), 7 * DAY_MS);
    assert.equal(Number(until) % DAY_MS, 0);
    assert.ok(Number(until) <= now.now() && Number(until) > now.now() - DAY_MS);
    if (by.includes('key')) return [rowOf(['key_1', day(now, 2)], 24), rowOf([null, day(now, 1)], 5)];
    return [rowOf(['support', 'ada', day(now, 1)], 12), rowOf([null, 'ada', day(now, 1)], 9)];
  });
  await done;
  assert.deepEqual([asked, warnings], [['key,day', 'project,user,day'], []]);
  const key = histories.keys.add('key_1', clock.now(), 1);
  assert.ok(key.knownHours > 47 && Math.abs(key.usualHourly * key.knownHours - 24 * NANO_PER_USD) < 10);
  const user = histories.users.add('user:support/ada', clock.now(), 1);
  assert.ok(user.knownHours > 23 && Math.abs(user.usualHourly * user.knownHours - 12 * NANO_PER_USD) < 10);
});

const away = () => Promise.reject(new GatewayError('storage_unavailable'));

test('without a database it is learned anew, which is said where anybody still needs it', async () => {
  const [open, closed] = [bench(away), bench(away, true)];
  await Promise.all([open.done, closed.done]);
  assert.deepEqual([open.warnings.length, closed.warnings.length], [1, 0]);
  assert.equal(open.histories.keys.size, 0);
});
