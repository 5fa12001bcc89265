import { type SavingsRow } from '../../api/usage.ts';
import { expect, test } from 'vitest';

import { mechanismRows, savingsLayers } from './savings-rows.ts';

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
  expect(rows.map(({ mechanism }) => mechanism)).toEqual(['prompt-cache', 'exact', 'coalesced', 'semantic']);
  expect(rows[2]?.saved).toBeUndefined();
});

test('a mechanism that cost more than it brought is no bar below zero', () => {
  expect(savingsLayers([row('semantic', -2)], 'day')[0]?.value).toBe(0);
});
