import { describe, expect, test } from 'vitest';

import { fullest } from './budget-lines.ts';

const budget = (name: string, more: object) => ({
  name,
  origin: 'file' as const,
  per: 'project' as const,
  period: 'day' as const,
  timeZone: 'UTC',
  hard: false,
  atLimit: 'refuse' as const,
  paymentRequired: false,
  resetsAt: null,
  ...more,
});

describe('the fullest budgets', () => {
  test('are the counters of which most is used, held amounts with them', () => {
    const lines = fullest(
      [
        budget('a', { id: 'support', usd: 10, used: 1, reserved: 1 }),
        budget('b', {
          usd: 10,
          subjects: [
            { id: 'x', used: 9, reserved: 0 },
            { id: 'y', used: 1, reserved: 0 },
          ],
        }),
        budget('c', {
          id: 'support',
          usd: 100,
          tokens: 1000,
          used: 5,
          reserved: 0,
          tokensUsed: 500,
          tokensReserved: 100,
        }),
      ],
      4,
    );
    expect(lines.map(({ name, subject, unit, used, limit }) => [name, subject, unit, used, limit])).toEqual([
      ['b', 'x', 'usd', 9, 10],
      ['c', 'support', 'tokens', 600, 1000],
      ['a', 'support', 'usd', 2, 10],
      ['b', 'y', 'usd', 1, 10],
    ]);
  });

  test('of tokens alone are in tokens, and one that nobody has used is there', () => {
    const [tokens] = fullest([budget('t', { id: 'p', tokens: 50, used: 5, reserved: 0 })], 9);
    expect([tokens?.unit, tokens?.used]).toEqual(['tokens', 5]);
    const [untouched] = fullest([budget('n', { usd: 5, subjects: [] })], 9);
    expect([untouched?.subject, untouched?.used, untouched?.limit]).toEqual([undefined, 0, 5]);
  });
});
