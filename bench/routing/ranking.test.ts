import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { resamples, withBounds } from './bootstrap.ts';
import { csvRows } from './csv.ts';
import { type Outcome, Ranking } from './ranking.ts';

/** Of ten, the small model fails at two that the large one answers. */
const OUTCOMES: readonly Outcome[] = Array.from({ length: 10 }, (_, at) => ({
  smallOk: at >= 2,
  largeOk: true,
  smallUsd: 1,
  largeUsd: 3,
}));

const BEST = new Ranking(
  OUTCOMES,
  OUTCOMES.map((_, at) => -at),
);
const WORST = new Ranking(
  OUTCOMES,
  OUTCOMES.map((_, at) => at),
);
const CHANCE = new Ranking(
  OUTCOMES,
  OUTCOMES.map(() => 1),
);

describe('a ranking of prompts', () => {
  it('recovers the gap first where it is right, last where it is wrong, and evenly by chance', () => {
    assert.deepEqual([BEST.area('calls'), BEST.shareFor(0.5), BEST.shareFor(1)].map(rounded), [0.9, 0.1, 0.2]);
    assert.deepEqual([WORST.area('calls'), WORST.shareFor(0.5)].map(rounded), [0.1, 0.9]);
    assert.deepEqual([CHANCE.area('calls'), CHANCE.area('money'), CHANCE.shareFor(0.8)].map(rounded), [0.5, 0.5, 0.8]);
  });

  it('says what is right and what it costs at a share', () => {
    const { quality, cost } = BEST.at(0.1);
    assert.deepEqual([quality, cost].map(rounded), [0.9, 0.4]);
    assert.deepEqual(Object.values(CHANCE.at(1)).map(rounded), [1, 1, 1]);
  });

  it('weighs prompts as often as they are drawn', () => {
    const times = [0, 1, 1, 0, 0, 0, 0, 0, 0, 0];
    assert.equal(rounded(BEST.area('calls', times)), 0.75);
    const samples = resamples(10, 200, 1);
    assert.ok(samples.every((sample) => sample.reduce((sum, count) => sum + count, 0) === 10));
    const { value, low, high } = withBounds((drawn) => BEST.at(0, drawn).quality, samples);
    assert.ok(low < value && value < high && low >= 0.3 && high <= 1);
  });
});

describe('rows of a table', () => {
  it('may hold quotes and line breaks', () => {
    assert.deepEqual(csvRows('a,b\n"x ""y""\nz",\n\n1,2\n'), [
      ['a', 'b'],
      ['x "y"\nz', ''],
      ['1', '2'],
    ]);
  });
});

function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
