import { type UsageRow } from '../../api/usage.ts';
import { expect, test } from 'vitest';

import { type Layer, costRows, toSeries, tokensOf } from './usage-rows.ts';

const WORDS = { nobody: 'nobody', others: 'others' };

function row(model: string | null, cost: number, requests = 1): UsageRow {
  const tokens = { input: null, output: null, cached: null, cache_write: null, reasoning: null };
  return { model, requests, tokens, cost_usd: cost, cost_assumed_usd: 0, cost_unknown_requests: 0 };
}

test('series have a value at every time, and the sum of all is kept', () => {
  const layers: Layer[] = [
    { name: 'chat', at: 1, value: 2 },
    { name: 'chat', at: 3, value: 5 },
    { name: null, at: 2, value: 1 },
  ];
  expect(toSeries(layers, [1, 2, 3], WORDS)).toEqual([
    { name: 'chat', values: [2, 0, 5] },
    { name: 'nobody', values: [0, 1, 0] },
  ]);
});

test('of many names the largest stand alone, and the rest is one series', () => {
  const layers = Array.from({ length: 20 }, (_, at) => ({ name: `m${at}`, at: 1, value: at }));
  const series = toSeries(layers, [1], WORDS);
  expect(series).toHaveLength(8);
  expect(series[0]).toEqual({ name: 'm19', values: [19] });
  expect(series.at(-1)?.name).toBe('others');
  expect(series.reduce((sum, { values }) => sum + (values[0] ?? 0), 0)).toBe(190);
});

test('a row stands beside the one of the period before, dearest first', () => {
  const rows = costRows([row('a', 1), row(null, 3)], [row('a', 4)], 'model', 'cost');
  expect(rows.map(({ name, share }) => [name, share])).toEqual([
    [null, 0.75],
    ['a', 0.25],
  ]);
  expect(rows[0]?.before).toBeUndefined();
  expect(rows[1]?.before?.cost_usd).toBe(4);
});

test('tokens that nobody reported are not 0', () => {
  expect(tokensOf(row('a', 1))).toBeNull();
  expect(tokensOf({ tokens: { ...row('a', 1).tokens, output: 3 } })).toBe(3);
});
