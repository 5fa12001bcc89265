import { describe, expect, it } from 'vitest';

import { findsBy, totalsOf } from './verdict-sums.ts';

const row = (guard: string, verdict: string, counts: number[]) => ({
  guard,
  verdict,
  counts,
  total: counts.reduce((sum, one) => sum + one, 0),
});

const ROWS = [
  row('pii', 'redacted', [1, 2]),
  row('pii', 'passed', [5, 5]),
  row('injection', 'blocked', [0, 1]),
  row('injection', 'passed', [6, 6]),
  row('ours', 'flagged', [1, 0]),
  row('judge', 'skipped', [3, 3]),
];

describe('totals', () => {
  it('count what looked, and leave out what was not asked', () => {
    const { looks, notLooked, guards, finds } = totalsOf(ROWS);
    expect(looks).toEqual({ total: 27, counts: [13, 14] });
    expect(notLooked).toBe(6);
    expect(guards).toBe(3);
    expect(finds.redacted).toEqual({ total: 3, counts: [1, 2] });
    expect(finds.failed).toEqual({ total: 0, counts: [] });
  });
});

describe('finds', () => {
  it('are added up by name, the most frequent first, without passes', () => {
    expect(findsBy(ROWS, 'guard', 7).map(({ name, total }) => [name, total])).toEqual([
      ['pii', 3],
      ['injection', 1],
      ['ours', 1],
    ]);
  });

  it('beyond the most are one', () => {
    expect(findsBy(ROWS, 'guard', 2)).toEqual([
      { name: 'pii', total: 3, counts: [1, 2] },
      { name: undefined, total: 2, counts: [1, 1] },
    ]);
  });

  it('of nobody in particular have no name', () => {
    expect(findsBy(ROWS, 'policy', 5)).toEqual([{ name: null, total: 5, counts: [2, 3] }]);
  });
});
