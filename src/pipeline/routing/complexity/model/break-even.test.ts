import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { BreakEven, breakEvenShare, expectedSaving } from './break-even.ts';

const nanos = fc.integer({ min: 0, max: 1e9 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the break-even', () => {
  it('is the share from which on asking saves something', () => {
    fc.assert(
      fc.property(
        nanos,
        nanos,
        fc.integer({ min: 1, max: 1e9 }),
        share,
        (smallNanoUsd, largeNanoUsd, askNanoUsd, shareSmall) => {
          const costs = { smallNanoUsd, largeNanoUsd };
          const saving = expectedSaving({ ...costs, askNanoUsd, shareSmall });
          const least = breakEvenShare(costs, askNanoUsd);
          if (Math.abs(shareSmall - least) > 1e-9) assert.equal(saving > 0, shareSmall > least);
        },
      ),
    );
    assert.equal(expectedSaving({ smallNanoUsd: 100, largeNanoUsd: 1100, askNanoUsd: 200, shareSmall: 0.5 }), 300);
    assert.equal(breakEvenShare({ smallNanoUsd: 100, largeNanoUsd: 1100 }, 200), 0.2);
  });

  it('asks while little is known, and stops where nothing goes to the small model', () => {
    const breakEven = new BreakEven();
    const costs = { smallNanoUsd: 100, largeNanoUsd: 1000 };
    assert.ok(breakEven.pays('complex', costs));
    for (let asked = 0; asked < 60; asked += 1) breakEven.learn('complex', false, 90);
    assert.ok(!breakEven.pays('complex', costs));
    // What is learned of one tier says nothing of another.
    assert.ok(breakEven.pays('simple', costs));
    assert.ok(breakEven.pays('complex', { smallNanoUsd: 100, largeNanoUsd: 100_000 }));
  });

  it('tries one in two hundred again, and is corrected by it', () => {
    const breakEven = new BreakEven();
    const costs = { smallNanoUsd: 100, largeNanoUsd: 1000 };
    for (let asked = 0; asked < 100; asked += 1) breakEven.learn('medium', false, 90);
    const tried = Array.from({ length: 1000 }, () => breakEven.pays('medium', costs)).filter((pays) => pays).length;
    assert.equal(tried, 5);
    for (let asked = 0; asked < 60; asked += 1) breakEven.learn('medium', true, 90);
    assert.ok(breakEven.pays('medium', costs));
  });

  it('never asks where the small model is no cheaper', () => {
    const breakEven = new BreakEven();
    for (let at = 0; at < 500; at += 1) assert.ok(!breakEven.pays('simple', { smallNanoUsd: 10, largeNanoUsd: 10 }));
  });

  it('learns what asking costs', () => {
    const breakEven = new BreakEven();
    assert.equal(breakEven.askNanoUsd, undefined);
    breakEven.learn('simple', true, undefined);
    assert.equal(breakEven.askNanoUsd, undefined);
    for (let asked = 0; asked < 100; asked += 1) breakEven.learn('simple', true, asked === 0 ? 9000 : 500);
    assert.ok(Math.abs((breakEven.askNanoUsd ?? 0) - 500) < 1);
    assert.ok(!breakEven.pays('simple', { smallNanoUsd: 10, largeNanoUsd: 400 }));
    assert.ok(breakEven.pays('simple', { smallNanoUsd: 10, largeNanoUsd: 700 }));
  });
});
