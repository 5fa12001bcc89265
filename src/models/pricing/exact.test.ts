import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import type { Usage } from '../../core/usage.ts';
import { pricedCost } from './cost.ts';
import { NOTHING, PriceSum, add, exactHours, exactSum, rounded, roundedUp, times } from './exact.ts';
import type { Price } from './price.ts';

/** A price as people write it, up to a dollar a token: a whole number of units of its last decimal place. */
const written = fc
  .record({ units: fc.nat({ max: 999_999_999 }), decimals: fc.integer({ min: 0, max: 9 }) })
  .filter(({ units, decimals }) => units <= 1_000_000 * 10 ** decimals)
  .map(({ units, decimals }) => {
    return { number: Number(`${units}e-${decimals}`), units: BigInt(units), per: 10n ** BigInt(decimals) };
  });
const count = fc.nat({ max: 100_000_000 });

/** Numerator and denominator, to the nearest whole number, halves up. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  return (numerator % denominator) * 2n >= denominator ? whole + 1n : whole;
}

function expected(nanos: bigint): number {
  return nanos > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(nanos);
}

describe('promise 6: money is exact', () => {
  it('costs what whole-number arithmetic says, for any price of nine decimals and 10^8 tokens of each kind', () => {
    fc.assert(
      fc.property(written, written, written, written, count, count, count, (input, read, output, factor, ...counts) => {
        const [fresh, cached, answered] = counts;
        const price: Price = {
          version: 'test',
          input: input.number,
          cacheRead: read.number,
          output: output.number,
          variants: [{ when: { batch: true }, factor: factor.number }],
        };
        const usage: Usage = {
          inputTokens: fresh + cached,
          cacheReadInputTokens: cached,
          outputTokens: answered,
        };
        const per = input.per * read.per * output.per;
        const dollarsPerMillion =
          (BigInt(fresh) * input.units * per) / input.per +
          (BigInt(cached) * read.units * per) / read.per +
          (BigInt(answered) * output.units * per) / output.per;
        const plain = nearest(dollarsPerMillion * 1000n, per);
        assert.equal(pricedCost(usage, price), expected(plain));
        const batched = nearest(dollarsPerMillion * 1000n * factor.units, per * factor.per);
        assert.equal(pricedCost(usage, price, { batch: true }), expected(batched));
      }),
      { numRuns: 500 },
    );
  });

  it('is the same in doubles, as long as they hold it, and beyond', () => {
    // Sums near whole and half nano-dollars, where rounding is decided by the last unit.
    const nearHalf = fc
      .record({ halves: fc.nat({ max: 18_100_000_000 }), off: fc.integer({ min: -2, max: 2 }) })
      .map(({ halves, off }) => Math.max(0, halves * 500_000 + off));
    const lines = fc.array(fc.tuple(fc.oneof(nearHalf, fc.maxSafeNat()), fc.constantFrom(1, 1000)), { maxLength: 4 });
    fc.assert(
      fc.property(lines, (some) => {
        const sum = new PriceSum();
        let whole = 0n;
        for (const [units, factor] of some) {
          // A nano-dollar for each, so that the scaled price is 1.
          sum.add(units, 1e-9, factor);
          whole += BigInt(units) * BigInt(factor);
        }
        const exact = { numerator: whole, denominator: 1_000_000n };
        assert.equal(sum.rounded, rounded(exact));
        assert.equal(sum.roundedUp, roundedUp(exact));
      }),
      { numRuns: 2000 },
    );
  });

  it('would be off by a nano-dollar with doubles', () => {
    // Three cached tokens at $0.0375 a million are 112.5 nano-dollars.
    const usage = { inputTokens: 3, outputTokens: 0 };
    assert.equal(Math.round(3 * 0.0375 * 1000), 112);
    assert.equal(pricedCost(usage, { version: 'test', input: 0.0375, output: 1 }), 113);
  });

  it('adds before it rounds', () => {
    const third = exactHours(1, 1.2, 1, 1);
    // $1.20 an hour is 333⅓ nano-dollars a millisecond.
    assert.equal(rounded(third), 333);
    assert.equal(rounded(add(add(third, third), third)), 1000);
    assert.equal(rounded(times(add(third, NOTHING), 3)), 1000);
  });

  it('takes counts that no provider should send', () => {
    assert.equal(rounded(exactSum([[1.4, 1000]], 1n)), 1_000_000_000_000);
    assert.equal(rounded(exactSum([[1e300, 1]], 1n)), Number.MAX_SAFE_INTEGER);
  });
});
