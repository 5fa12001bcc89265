import { describe, expect, test } from 'vitest';

import { promptShare, rateOf, ratesOver } from './hit-rates.ts';

const counts = { exact: 3, coalesced: 1, semantic: 2, miss: 4, bypass: 90 };

describe('hit rates', () => {
  test('are of what was looked for, without what passes caches by', () => {
    expect(rateOf(counts)).toBe(0.6);
    expect(rateOf(counts, 'semantic')).toBe(0.2);
    expect(rateOf({ exact: 0, coalesced: 0, semantic: 0, miss: 0, bypass: 5 })).toBeNull();
  });

  test('are one for each point of time, and none where nothing was looked for', () => {
    const series = { exact: [1, 0], coalesced: [0, 0], semantic: [1, 0], miss: [2, 0], bypass: [0, 1] };
    expect(ratesOver(series, 'exact')).toEqual([0.25, null]);
  });
});

test('the share of prompts is unknown where no input was reported, and nothing where none was read', () => {
  expect([promptShare({ input: null, cached: null }), promptShare({ input: 0, cached: 0 })]).toEqual([null, null]);
  expect([promptShare({ input: 100, cached: null }), promptShare({ input: 100, cached: 25 })]).toEqual([0, 0.25]);
});
