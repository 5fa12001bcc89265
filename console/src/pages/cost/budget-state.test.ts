import { expect, test } from 'vitest';

import { type Budget, fullestFirst, scopeOf, standings, standingsShown, stateAt, tightest } from './budget-state.ts';

const BUDGET: Budget = {
  name: 'all',
  origin: 'admin',
  per: 'project',
  usd: 10,
  period: 'day',
  timeZone: 'UTC',
  hard: false,
  atLimit: 'refuse',
  paymentRequired: false,
  resetsAt: null,
};

test('a budget in dollars and tokens stands in both, and the tighter one counts', () => {
  const both = standings({ usd: 10, tokens: 100 }, { used: 2, reserved: 1, remaining: 7, tokensUsed: 90 });
  expect(both.map(({ unit, share }) => [unit, share])).toEqual([
    ['usd', 0.3],
    ['tokens', 0.9],
  ]);
  expect(tightest(both)?.unit).toBe('tokens');
});

test('where each has its own, the first stands for all, or whoever is named', () => {
  const subjects = [
    { id: 'a', used: 9, reserved: 0, remaining: 1 },
    { id: 'b', used: 1, reserved: 0, remaining: 9 },
  ];
  expect(standingsShown({ ...BUDGET, subjects })[0]?.used).toBe(9);
  expect(standingsShown({ ...BUDGET, subjects }, 'b')[0]?.used).toBe(1);
  expect(standingsShown({ ...BUDGET, subjects }, 'new')[0]).toMatchObject({ used: 0, remaining: 10 });
});

test('the state follows the shares of the budget', () => {
  expect(stateAt(BUDGET, 0.49)).toBe('within');
  expect(stateAt(BUDGET, 0.5)).toBe('alerted');
  expect(stateAt({ ...BUDGET, alertAt: [] }, 0.9)).toBe('within');
  expect(stateAt({ ...BUDGET, degradeTo: { model: 'cheap', at: 0.6 } }, 0.7)).toBe('degraded');
  expect(stateAt(BUDGET, 1)).toBe('exhausted');
});

test("a user's name may say the project", () => {
  expect(scopeOf('user', 'support/ada')).toEqual({ project: 'support', user: 'ada' });
  expect(scopeOf('user', 'ada')).toEqual({ user: 'ada' });
  expect(scopeOf('endpoint', '/v1/embeddings')).toEqual({ endpoint: '/v1/embeddings' });
});

const named = (name: string, used: number): Budget => ({ ...BUDGET, name, used });

test('what will end first stands first, and nothing spent is in the order of names', () => {
  const sorted = fullestFirst([named('b', 0), named('a', 0), named('c', 5)]);
  expect(sorted.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
});
