import { describe, expect, test } from 'vitest';

import { projectRows } from './project-rows.ts';

const usage = (project: string | null, cost: number, requests = 1) => ({
  project,
  requests,
  cost_usd: cost,
  cost_unknown_requests: 0,
  tokens: { input: 10, output: null },
});

describe('the rows of projects', () => {
  test('are all that were used, have a key or stand in an organisation, each once, the dearest first', () => {
    const rows = projectRows(
      [usage('search', 1), usage('support', 3), usage(null, 9)],
      [{ name: 'acme', projects: ['support', 'idle'] }],
      ['search', 'fresh'],
    );
    expect(rows.map(({ name, organisation, share }) => [name, organisation, share])).toEqual([
      ['support', 'acme', 0.75],
      ['search', undefined, 0.25],
      ['fresh', undefined, 0],
      ['idle', 'acme', 0],
    ]);
    expect(rows[0]?.tokens).toBe(10);
  });

  test('have no share where nothing cost anything', () => {
    expect(projectRows([usage('a', 0)], [], [])[0]?.share).toBeNull();
  });
});
