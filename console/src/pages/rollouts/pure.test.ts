import { describe, expect, test } from 'vitest';

import { scaleOf } from './range-scale.ts';
import { shareSeries } from './share-series.ts';

const event = (second: number, share: number) => ({
  at: new Date(second * 1000).toISOString(),
  kind: 'step',
  share_percent: share,
  metric: null,
  reason: '',
  by: 'itself',
});

describe('the share of a candidate over time', () => {
  test('goes up in steps, and stands where it is until now', () => {
    const canary = { history: [event(10, 25), event(20, 0)], steps: [5, 25, 100], share_percent: 0 };
    const { times, shares } = shareSeries(canary, 1000, 30_000);
    expect(shares).toEqual([0.05, 0.05, 0.25, 0.25, 0, 0]);
    expect(times).toEqual([1, 10, 10.001, 20, 20.001, 30]);
  });

  test('is what it is where nothing has happened yet, and times never go back', () => {
    const { times, shares } = shareSeries({ history: [], steps: [5, 100], share_percent: 5 }, 4000, 2000);
    expect(shares).toEqual([0.05, 0.05]);
    expect(times).toEqual([4, 4]);
  });
});

describe('the scale of a difference', () => {
  test('has zero in the middle, and both sides alike', () => {
    const { at } = scaleOf({ low: -0.1, high: 0.3, value: 0.1, limit: 0.25 });
    expect(at(0)).toBe(0.5);
    expect(at(0.1) - 0.5).toBeCloseTo(0.5 - at(-0.1));
    expect(at(0.3)).toBeLessThan(1);
  });

  test('does not lose what matters beside a wide interval', () => {
    const { at } = scaleOf({ low: -1, high: 1, value: 0, limit: 0.01 });
    expect(at(0.01)).toBeGreaterThan(0.55);
    expect(at(1)).toBe(1);
  });

  test('of nothing is drawn as well', () => {
    expect(scaleOf({ low: undefined, high: undefined, value: undefined, limit: undefined }).at(0)).toBe(0.5);
  });
});
