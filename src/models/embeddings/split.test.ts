import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { shares, sliced, tokensOf } from './split.ts';

const input = fc.oneof(fc.string({ maxLength: 40 }), fc.array(fc.nat(), { minLength: 1, maxLength: 20 }));
const bounds = fc.record({
  inputs: fc.integer({ min: 1, max: 7 }),
  tokens: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
});

describe('inputs in slices', () => {
  it('law: are all there, in their order, within the bounds', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), bounds, (inputs, most) => {
        const slices = sliced(inputs, most);
        assert.deepEqual(
          slices.flatMap((slice) => slice.inputs),
          inputs,
        );
        for (const slice of slices) {
          assert.ok(slice.inputs.length > 0 && slice.inputs.length <= most.inputs);
          assert.equal(
            slice.tokens,
            slice.inputs.reduce((sum: number, one) => sum + tokensOf(one), 0),
          );
          assert.ok(slice.inputs.length === 1 || most.tokens === undefined || slice.tokens <= most.tokens);
        }
      }),
    );
  });

  it('are no more than they have to be', () => {
    assert.equal(
      sliced(
        Array.from({ length: 10_000 }, () => 'text'),
        { inputs: 2048, tokens: undefined },
      ).length,
      5,
    );
  });
});

describe('shares', () => {
  it('law: are whole, fair to within a token, and together the total', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.nat(1_000_000), weights, (total, of) => {
        const given = shares(total, of);
        const sum = of.reduce((a, b) => a + b, 0);
        assert.equal(
          given.reduce((a, b) => a + b, 0),
          total,
        );
        for (const [at, share] of given.entries()) {
          assert.ok(Number.isInteger(share) && share >= 0);
          assert.ok(Math.abs(share - (total * (of[at] ?? 0)) / sum) <= 1);
        }
      }),
    );
  });
});
