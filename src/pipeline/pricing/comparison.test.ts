import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { makeAttemptRecord } from '../../../test/support/make-record.ts';
import { PriceBook } from '../../models/pricing/price-book.ts';
import type { AttemptRecord } from '../../records/journal/record.ts';
import { Comparison, type ComparisonGroup } from './comparison.ts';
import { lookUpIn, namedTarget } from './target-prices.ts';

const row = (family: string, model: string, input: number, from = '2026-01-01') => {
  return { family, model, from, source: 's', checked: from, input, output: 0 };
};
const BOOK = new PriceBook(
  { 'mine/own': { input: 3, output: 0 } },
  [row('fam', 'm', 1), row('fam', 'm', 2, '2026-06-01')],
  [],
);
const TODAY = Date.UTC(2026, 6, 1);
const FAMILIES = new Map([
  ['mine', 'fam'],
  ['other', 'fam'],
]);

function compare(by: readonly ComparisonGroup[], ...traces: (readonly AttemptRecord[] | null)[]) {
  const comparison = new Comparison(by, lookUpIn([{ book: BOOK, at: TODAY }]), FAMILIES);
  for (const attempts of traces) {
    comparison.add({
      startedAt: new Date(Date.UTC(2026, 1, 1)),
      model: 'chat',
      userId: 'ada',
      endpoint: '/v1/messages',
      project: 'p',
      keyId: 'k',
      target: 'mine/m',
      costNanoUsd: 7,
      costKnown: true,
      attempts,
    });
  }
  return comparison.groups();
}

const attempt = (parts: Partial<AttemptRecord>) =>
  makeAttemptRecord({
    target: 'mine/m',
    usage: { inputTokens: 1_000_000, outputTokens: 5 },
    costNanoUsd: 10,
    ...parts,
  });

describe('usage that is priced again', () => {
  test('by the price of today, not that of its time; the difference is of what has both', () => {
    const [group] = compare(
      [],
      [
        attempt({ costNanoUsd: 1_500_000_000 }),
        attempt({ costNanoUsd: undefined }),
        attempt({ target: 'x/y', costNanoUsd: 4 }),
      ],
      [attempt({ usage: undefined, costNanoUsd: 0 })],
      null,
    );
    assert.deepEqual(group?.sums, {
      requests: 3,
      attempts: 5,
      booked: 1_500_000_011,
      repriced: 4_000_000_000,
      difference: 500_000_000,
      unbookedAttempts: 1,
      newlyPriced: 2_000_000_000,
      unpricedAttempts: 2,
      unpricedBooked: 11,
    });
  });

  test('what the provider charged is compared with what the price says', () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0, reportedCostNanoUsd: 9 };
    const [group] = compare([], [attempt({ usage, costNanoUsd: 9, costSource: 'reported' })]);
    assert.equal(group?.sums.repriced, 2_000_000_000);
  });

  test('each attempt counts at its own target, a request once at each', () => {
    const groups = compare(['target', 'day'], [attempt({}), attempt({ target: 'mine/own' }), attempt({})]);
    assert.deepEqual(
      groups.map(({ group, sums }) => [...group, sums.requests, sums.attempts, sums.repriced]),
      [
        ['mine/m', '2026-02-01', 1, 2, 4_000_000_000],
        ['mine/own', '2026-02-01', 1, 1, 3_000_000_000],
      ],
    );
  });

  test('a provider that is gone is known by the price that settled it, else by its name', () => {
    assert.equal(namedTarget('gone/m', 'list:fam/m@2026-01-01#0', FAMILIES).family, 'fam');
    assert.equal(namedTarget('gone/m', 'config:gone/m#0', FAMILIES).family, 'gone');
    assert.deepEqual(namedTarget('mine/a/b', undefined, FAMILIES), { provider: 'mine', family: 'fam', model: 'a/b' });
  });
});
