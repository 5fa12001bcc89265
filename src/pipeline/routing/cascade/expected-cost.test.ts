import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { breakEvenEscalation, expectedCascadeCost } from './expected-cost.ts';

const cost = fc.integer({ min: 0, max: 1e9 });
const costs = fc.record({ smallNanoUsd: cost, largeNanoUsd: fc.integer({ min: 1, max: 1e9 }), checkNanoUsd: cost });

test('a cascade costs what it costs: the first answer, the check, and the second where there is one', () => {
  const each = { smallNanoUsd: 100, largeNanoUsd: 1000, checkNanoUsd: 50 };
  assert.equal(expectedCascadeCost(each, 0), 150);
  assert.equal(expectedCascadeCost(each, 1), 1150);
  assert.equal(breakEvenEscalation(each), 0.85);
});

test('law: below its break-even a cascade costs less than the larger model alone, and above it more', () => {
  fc.assert(
    fc.property(costs, fc.double({ min: 0, max: 1, noNaN: true }), (each, share) => {
      const even = breakEvenEscalation(each);
      const saves = each.largeNanoUsd - expectedCascadeCost(each, share);
      if (share < even - 1e-6) assert.ok(saves > 0);
      if (share > even + 1e-6) assert.ok(saves < 0);
    }),
  );
});

test('where the larger model costs nothing, a cascade never pays', () => {
  assert.equal(breakEvenEscalation({ smallNanoUsd: 1, largeNanoUsd: 0, checkNanoUsd: 0 }), Number.NEGATIVE_INFINITY);
});
