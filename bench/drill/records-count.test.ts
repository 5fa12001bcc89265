import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type Answered, budgetFaults, differenceOf, latencyIn, lossesOf, slicesOf } from './records-count.ts';

const answer = (id: string, endedAt: number, ms = 5): Answered => ({ id, sentAt: endedAt - ms, endedAt });

test('what is missing is counted, with the time before the kill that it was answered', () => {
  const rounds = [
    { killedAt: 1000, answered: [answer('a', 900), answer('b', 940), answer('c', 985), answer('d', 1003)] },
    { killedAt: 2000, answered: [answer('e', 1500)] },
  ];
  assert.deepEqual(lossesOf(rounds, new Set(['a', 'b', 'c', 'd', 'e']), 50), {
    answered: 5,
    missing: 0,
    broken: 0,
    longestMs: 0,
  });
  const some = lossesOf(rounds, new Set(['a', 'e']), 50);
  assert.deepEqual(some, { answered: 5, missing: 3, broken: 1, longestMs: 60 });
  // An answer that was read after the kill was given before it.
  assert.equal(lossesOf(rounds, new Set(['a', 'b', 'c', 'e']), 50).longestMs, 0);
});

test('latencies are of the answers that ended within the time', () => {
  const answered = Array.from({ length: 100 }, (_, at) => answer(`${at}`, at * 10, at));
  const { answers, p50Ms, p99Ms } = latencyIn(answered, { from: 0, to: 500 });
  assert.equal(answers, 50);
  assert.equal(p50Ms, 25);
  assert.equal(p99Ms, 49);
  assert.ok(Number.isNaN(latencyIn([], { from: 0, to: 1 }).p99Ms));
});

test('a time is cut into equal parts', () => {
  assert.deepEqual(slicesOf({ from: 100, to: 1250 }, 500), [
    { from: 100, to: 600 },
    { from: 600, to: 1100 },
  ]);
});

test('totals differ where any figure does', () => {
  const totals = { requests: 3, inputTokens: 30, outputTokens: 9, costNanoUsd: 1000 };
  assert.equal(differenceOf(totals, { ...totals }), 0);
  assert.equal(differenceOf(totals, { ...totals, costNanoUsd: 900, requests: 4 }), 101);
});

test('a budget that has lost something, or keeps something reserved, is at fault', () => {
  const sound = { billed: 100, usedThen: 90, reservedThen: 30, usedAfter: 115, reservedAfter: 0 };
  assert.deepEqual(budgetFaults(sound), []);
  assert.equal(budgetFaults({ ...sound, reservedThen: 5, usedAfter: 95 }).length, 2);
  assert.equal(budgetFaults({ ...sound, usedAfter: 99 }).length, 1);
  assert.equal(budgetFaults({ ...sound, usedAfter: 121 }).length, 1);
  assert.equal(budgetFaults({ ...sound, reservedAfter: 1 }).length, 1);
  assert.equal(budgetFaults({ ...sound, usedThen: Number.NaN }).length, 2);
});
