import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { RELATIVE_ERROR, addBins, binOf, packed, percentilesOf, readBins } from './latency-bins.ts';

const SHARES = [0.01, 0.5, 0.95, 0.99, 1];

/** Within what has bins of its own: from 1/16 ms to 70 minutes. */
const anyMs = fc.oneof(
  fc.double({ min: 1 / 16, max: 4_000_000, noNaN: true }),
  fc.integer({ min: 1, max: 90_000 }),
  // The edges of bins.
  fc.integer({ min: -31, max: 170 }).map((power) => 2 ** (power / 8)),
);
const anyMany = fc.array(anyMs, { minLength: 1, maxLength: 300 });

function binsOf(times: readonly number[]): Map<number, number> {
  const bins = new Map<number, number>();
  for (const ms of times) addBins(bins, new Map([[binOf(ms), 1]]));
  return bins;
}

/** As a textbook has it. */
function exact(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
}

describe('percentiles of bins', () => {
  test('are within the stated error of the exact ones', () => {
    fc.assert(
      fc.property(anyMany, (times) => {
        const told = percentilesOf(binsOf(times), SHARES);
        for (const [at, share] of SHARES.entries()) {
          const right = exact(times, share);
          assert.ok(Math.abs((told[at] ?? Number.NaN) - right) <= right * RELATIVE_ERROR, `${told[at]} for ${right}`);
        }
      }),
    );
  });

  test('of parts that are put together are those of the whole', () => {
    fc.assert(
      fc.property(anyMany, anyMany, (some, others) => {
        const together = binsOf(some);
        addBins(together, binsOf(others));
        assert.deepEqual(percentilesOf(together, SHARES), percentilesOf(binsOf([...some, ...others]), SHARES));
      }),
    );
  });

  test('of nothing are null; what is too quick or too slow for a bin of its own is told as the edge', () => {
    assert.deepEqual(percentilesOf(new Map(), [0.5]), [null]);
    assert.deepEqual(percentilesOf(binsOf([0]), [0.5]), [1 / 16]);
    assert.deepEqual(percentilesOf(binsOf([Number.MAX_SAFE_INTEGER]), [0.5]), [4_194_000]);
  });
});

test('bins are kept from the first to the last, and are read as they were', () => {
  const bins = new Map([
    [9, 2],
    [6, 1],
  ]);
  assert.equal(packed(bins), '{6,1,0,0,2}');
  assert.equal(packed(new Map()), undefined);
  assert.deepEqual(readBins('9:2 6:1'), bins);
  assert.deepEqual(readBins(null), new Map());
});
