import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { type Usage, addUsage, countsOf, mergeUsage, usageOf } from './usage.ts';

const count = fc.option(fc.nat(1000), { nil: undefined });
const usages: fc.Arbitrary<Usage> = fc
  .record({
    inputTokens: count,
    outputTokens: count,
    cacheReadInputTokens: count,
    cacheCreation1hInputTokens: count,
    audioOutputTokens: count,
    webSearchRequests: count,
    serviceTier: fc.option(fc.constantFrom('default', 'flex'), { nil: undefined }),
    reportedCostNanoUsd: count,
  })
  .map(usageOf);

describe('usage', () => {
  it('adds up in any order, and a count that nobody reported stays absent', () => {
    fc.assert(
      fc.property(usages, usages, usages, (a, b, c) => {
        assert.deepEqual(addUsage(a, b), addUsage(b, a));
        assert.deepEqual(addUsage(addUsage(a, b), c), addUsage(a, addUsage(b, c)));
        const sum = addUsage(a, b);
        for (const field of ['inputTokens', 'audioOutputTokens', 'webSearchRequests'] as const) {
          assert.equal(field in sum, field in a || field in b);
          assert.equal(sum[field] ?? 0, (a[field] ?? 0) + (b[field] ?? 0));
        }
      }),
    );
  });

  it('does not add up what is true of one answer', () => {
    const one: Usage = { inputTokens: 1, serviceTier: 'flex', reportedCostNanoUsd: 5, parts: [{ inputTokens: 1 }] };
    assert.deepEqual(addUsage(one, one), { inputTokens: 2 });
    assert.deepEqual(countsOf(one), { inputTokens: 1 });
  });

  it('takes a later report over an earlier one, field by field', () => {
    fc.assert(
      fc.property(usages, usages, (earlier, later) => {
        const merged = mergeUsage(earlier, later);
        for (const field of Object.keys(merged) as (keyof Usage)[]) {
          assert.equal(merged[field], later[field] ?? earlier[field]);
        }
      }),
    );
  });

  it('keeps a 0 and leaves out what is undefined', () => {
    assert.deepEqual(usageOf({ inputTokens: 0, outputTokens: undefined, speed: undefined }), { inputTokens: 0 });
  });
});
