import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { PRIORITIES, priorityOf, refusalChance, retryAfterMs } from './admission.ts';

const part = fc.double({ min: 0, max: 1, noNaN: true });
const priority = fc.integer({ min: 0, max: PRIORITIES - 1 });
const admits = (pressure: number, wanted: number, draw: number): boolean => draw >= refusalChance(pressure, wanted);

describe('admission by priority', () => {
  it('admits nothing more under more pressure, whatever is drawn', () => {
    fc.assert(
      fc.property(part, part, priority, part, (one, other, wanted, draw) => {
        const [lower, higher] = one < other ? [one, other] : [other, one];
        assert.ok(admits(lower, wanted, draw) || !admits(higher, wanted, draw));
      }),
    );
  });

  it('refuses no request while one of lower priority would be admitted', () => {
    fc.assert(
      fc.property(part, priority, priority, part, (pressure, one, other, draw) => {
        const [lower, higher] = one < other ? [one, other] : [other, one];
        assert.ok(admits(pressure, higher, draw) || !admits(pressure, lower, draw));
      }),
    );
  });

  it('cuts through one priority at a time', () => {
    fc.assert(
      fc.property(part, (pressure) => {
        const chances = Array.from({ length: PRIORITIES }, (_, wanted) => refusalChance(pressure, wanted));
        assert.ok(chances.filter((chance) => chance > 0 && chance < 1).length <= 1);
        const refused = chances.reduce((sum, chance) => sum + chance, 0);
        assert.ok(Math.abs(refused - pressure * PRIORITIES) < 1e-9, 'the share that is refused is the pressure');
      }),
    );
  });

  it('refuses priority 9 last, and all at full pressure', () => {
    assert.equal(refusalChance(0.9, 9), 0);
    assert.equal(refusalChance(0.9, 8), 1);
    assert.ok(refusalChance(0.91, 9) > 0);
    assert.equal(refusalChance(1, 9), 1);
    assert.equal(refusalChance(0, 0), 0);
    assert.equal(refusalChance(0.55, 5).toFixed(2), '0.50');
  });

  it('reads the header, and takes 5 where there is none that can be read', () => {
    assert.deepEqual(['0', '9', undefined, '', '10', '-1', 'high', ' 3'].map(priorityOf), [0, 9, 5, 5, 5, 5, 5, 5]);
  });
});

describe('when to try again', () => {
  const lasted = fc.integer({ min: 0, max: 10_000_000 });

  it('is later the longer it lasts and the more is refused, from 1 s to 30 s', () => {
    fc.assert(
      fc.property(lasted, lasted, part, part, part, (ms, more, chance, other, spread) => {
        const wait = retryAfterMs(ms, chance, spread);
        assert.ok(wait >= 1000 && wait <= 30_000);
        assert.ok(retryAfterMs(ms + more, chance, spread) >= wait);
        assert.ok(retryAfterMs(ms, Math.max(chance, other), spread) >= wait);
      }),
    );
    assert.equal(retryAfterMs(8000, 0.5, 0), 4000);
    assert.equal(retryAfterMs(8000, 1, 0.5), 12_000);
  });
});
