import { expect, test } from 'vitest';

import { savedByCaches } from './cache-savings.ts';

const row = (mechanism: string, saved: number) => ({
  mechanism,
  requests: 1,
  saved_usd: saved,
  tokens: { input: 1, output: 1 },
  unknown_requests: 0,
});

function answer(...data: ReturnType<typeof row>[]) {
  const { requests, tokens, unknown_requests: unknown } = row('all', 0);
  const totals = { requests, tokens, unknown_requests: unknown, saved_usd: 0, saved_share: null };
  return { data, totals: { ...totals, spent_usd: 3, spent_unknown_requests: 0 } };
}

test('what routing saved is no saving of caches', () => {
  expect(savedByCaches(answer(row('exact', 0.5), row('routing', 7), row('prompt-cache', 0.5)))).toEqual({
    usd: 1,
    share: 0.25,
  });
  expect(savedByCaches(answer(row('routing', 7)))).toEqual({ usd: 0, share: 0 });
});
