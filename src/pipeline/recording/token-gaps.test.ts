import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { TokenGaps } from './token-gaps.ts';

describe('TokenGaps', () => {
  it('has nothing to say of one piece', () => {
    const gaps = new TokenGaps();
    gaps.note(5);
    assert.equal(gaps.p95, undefined);
  });

  it('tells the 95th percentile to 10 %, of any gaps', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.2, max: 60_000, noNaN: true }), { minLength: 1 }), (times) => {
        const gaps = new TokenGaps();
        let now = 0;
        gaps.note(now);
        for (const ms of times) gaps.note((now += ms));
        const exact = times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0;
        const told = gaps.p95 ?? 0;
        assert.ok(Math.abs(told / exact - 1) < 0.1, `${told} for ${exact}`);
      }),
    );
  });
});
