import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { configOf } from '../../../../test/support/config-of.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { nanoToUsd } from '../../../core/money.ts';
import type { BudgetSettings } from '../settings.ts';
import { budgetsOf, settingsOf } from './from-settings.ts';
import { budgetIdentity, nanoOf } from './settings.ts';

function budgetsIn(text: string) {
  const { budgets } = configOf(text) as unknown as { readonly budgets: readonly BudgetSettings[] };
  return budgetsOf(budgets);
}

const userBudget = (id: string): string =>
  budgetIdentity({ per: 'user', id, usd: 1, period: 'total', timeZone: 'UTC' });

describe('budgets of causeway.yaml', () => {
  test('what is written, and what holds where nothing is', () => {
    const [full, least] = budgetsIn(`
models: { cheap: { target: sim/echo } }
budgets:
  - per: project
    id: support
    usd: 100
    tokens: 5000
    period: day
    timeZone: Asia/Shanghai
    hard: true
    alertAt: [1, 0.25, 1]
    degradeTo: { model: cheap, at: 0.8 }
    atLimit: cap
    paymentRequired: true
    maxOutputTokens: 300
    settleAborted: received
  - { per: user, usd: 0.1 }
`);
    assert.deepEqual(full, {
      id: 'project:support:usd+tokens:day:asia/shanghai',
      origin: 'file',
      per: 'project',
      subject: 'support',
      nanoUsd: 100_000_000_000,
      tokens: 5000,
      period: 'day',
      timeZone: 'Asia/Shanghai',
      hard: true,
      alertAt: [0.25, 1],
      degradeTo: { model: 'cheap', at: 0.8 },
      atLimit: 'cap',
      paymentRequired: true,
      maxOutputTokens: 300,
      settleAborted: 'received',
    });
    assert.deepEqual(least, {
      id: 'user:*:usd:month:utc',
      origin: 'file',
      per: 'user',
      subject: undefined,
      nanoUsd: 100_000_000,
      tokens: undefined,
      period: 'month',
      timeZone: 'UTC',
      hard: false,
      alertAt: [0.5, 0.8, 1],
      degradeTo: undefined,
      atLimit: 'refuse',
      paymentRequired: false,
      maxOutputTokens: undefined,
      settleAborted: 'received',
    });
    assert.ok(full && least);
    assert.deepEqual(budgetsOf([settingsOf(full), settingsOf(least)]), [full, least]);
  });

  test('an answer that was broken off counts as its bound where the budget is hard', () => {
    assert.equal(budgetsIn('budgets: [{ per: user, usd: 1, hard: true }]')[0]?.settleAborted, 'bound');
  });

  test('another amount is the same budget; another subject, unit, period or zone is not', () => {
    const base: BudgetSettings = {
      per: 'user',
      usd: 5,
      period: 'day',
      timeZone: 'UTC',
      hard: false,
      atLimit: 'refuse',
      paymentRequired: false,
    };
    const same: Partial<BudgetSettings>[] = [{ usd: 7 }, { hard: true }, { timeZone: 'utc' }, { alertAt: [1] }];
    for (const change of same) assert.equal(budgetIdentity({ ...base, ...change }), budgetIdentity(base));
    const others: Partial<BudgetSettings>[] = [
      { per: 'key' },
      { id: 'ada' },
      { id: '*' },
      { tokens: 5 },
      { period: 'week' },
      { timeZone: 'Asia/Shanghai' },
    ];
    const identities = others.map((change) => budgetIdentity({ ...base, ...change }));
    assert.equal(new Set([...identities, budgetIdentity(base)]).size, others.length + 1);
    assert.equal(budgetIdentity({ ...base, period: 'total', timeZone: 'Asia/Tokyo' }), 'user:*:usd:total');
  });

  test('no two subjects make one identity', () => {
    const subject = fc.string({ unit: fc.constantFrom(':', '*', '%', '2', 'a', 'usd') });
    fc.assert(fc.property(subject, subject, (a, b) => assert.equal(userBudget(a) === userBudget(b), a === b)));
  });
});

describe('dollars in nano-dollars', () => {
  test('are what is written, to the last digit', () => {
    const cases: [number, number][] = [
      [0.1, 100_000_000],
      [0.3, 300_000_000],
      [1.1, 1_100_000_000],
      [1e-9, 1],
      [1.5e-7, 150],
      [4_035_225.266123964, 4_035_225_266_123_964],
      [0.000_000_000_9, 0],
      [0.123_456_789_9, 123_456_789],
      [9_000_000, 9_000_000_000_000_000],
    ];
    for (const [usd, nano] of cases) assert.equal(nanoOf(usd), nano, String(usd));
  });

  test('and come back from every whole number of them', () => {
    const nano = fc.integer({ min: 0, max: 1_000_000_000_000_000 });
    fc.assert(fc.property(nano, (amount) => assert.equal(nanoOf(nanoToUsd(amount)), amount)));
  });
});
