import { type SavingsRow } from '../../api/usage.ts';
import { expect, test } from 'vitest';

import { mechanismRows, savedTokens, savingsLayers } from './savings-rows.ts';

function row(mechanism: string, saved: number): SavingsRow {
  return {
    mechanism,
    day: '2026-11-21',
    requests: 1,
    saved_usd: saved,
    tokens: { input: 1, output: 1 },
    unknown_requests: 0,
  };
}

test('all mechanisms are shown, the one that saved most first', () => {
  const rows = mechanismRows([row('exact', 1), row('prompt-cache', 3)]);
  expect(rows.map(({ mechanism }) => mechanism)).toEqual(['prompt-cache', 'exact', 'coalesced', 'semantic', 'routing']);
  expect(rows[2]?.saved).toBeUndefined();
});

test('the rows add up to the total, also with a mechanism that nobody here knows', () => {
  const rows = mechanismRows([row('exact', 1), row('routing', 2), row('folding', 4)]);
  expect(rows.reduce((sum, { saved }) => sum + (saved?.saved_usd ?? 0), 0)).toBe(7);
  expect(rows[0]?.mechanism).toBe('folding');
});

test('what was sent elsewhere are no saved tokens', () => {
  expect(savedTokens([row('exact', 1), row('prompt-cache', 1), row('routing', 2)])).toEqual({ input: 2, output: 2 });
});

test('a mechanism that cost more than it brought is no bar below zero', () => {
  expect(savingsLayers([row('semantic', -2)], 'day')[0]?.value).toBe(0);
});
