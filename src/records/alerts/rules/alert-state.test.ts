import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { AlertState } from './alert-state.ts';

const TIMES = { forMs: 60_000, cooldownMs: 600_000 };

/** What is told, and when, of what is seen every ten seconds: `1` above, `0` below, `?` not known. */
function toldOf(seen: string, times = TIMES): string[] {
  const state = new AlertState(0);
  return seen.split('').flatMap((sign, at) => {
    const told = state.step(sign === '?' ? undefined : sign === '1', at * 10_000, times);
    return told === undefined ? [] : [`${at * 10}s ${told}`];
  });
}

const many = (sign: string, times: number): string => sign.repeat(times);

describe('an alert', () => {
  test('is told after a while, and that it is over after as long', () => {
    assert.deepEqual(toldOf(`00${many('1', 20)}${many('0', 20)}`), ['80s firing', '280s resolved']);
    assert.deepEqual(toldOf('0100', { forMs: 0, cooldownMs: 0 }), ['10s firing', '20s resolved']);
  });

  test('is not told where it passes, and is not over where it comes back', () => {
    assert.deepEqual(toldOf('111110111110'), []);
    assert.deepEqual(toldOf(`${many('1', 10)}00000${many('1', 10)}`), ['60s firing']);
  });

  test('stays as it is while nothing is known', () => {
    assert.deepEqual(toldOf(`${many('1', 10)}${many('?', 100)}${many('0', 10)}`), ['60s firing', '1160s resolved']);
    assert.deepEqual(toldOf(`1${many('?', 100)}`), []);
  });

  test('that comes and goes is told once in its cool-down, and again where it lasts longer', () => {
    const flapping = `${many('1', 7)}${many('0', 7)}`;
    assert.deepEqual(toldOf(flapping.repeat(4)), ['60s firing', '130s resolved']);
    const lasting = `${flapping}${many('1', 70)}`;
    assert.deepEqual(toldOf(lasting), ['60s firing', '130s resolved', '660s firing']);
  });

  test('that an earlier process told is not told again, and is over in its time', () => {
    const state = AlertState.told(0);
    assert.equal(state.step(true, 10_000, TIMES), undefined);
    assert.equal(state.step(false, 20_000, TIMES), undefined);
    assert.equal(state.step(false, 80_000, TIMES), 'resolved');
  });

  test('whatever is seen: tells by turns, firing no two times within a cool-down, and only what lasts', () => {
    const sign = fc.constantFrom('0', '0', '1', '1', '1', '?');
    const times = fc.record({
      forMs: fc.constantFrom(0, 10_000, 30_000),
      cooldownMs: fc.constantFrom(0, 50_000, 200_000),
    });
    fc.assert(
      fc.property(fc.string({ unit: sign, maxLength: 200 }), times, (seen, { forMs, cooldownMs }) => {
        const state = new AlertState(0);
        let last: string | undefined;
        let firedAt = -Infinity;
        let [aboveSince, belowSince]: (number | undefined)[] = [];
        for (const [at, one] of seen.split('').entries()) {
          const now = at * 10_000;
          if (one === '1') [aboveSince, belowSince] = [aboveSince ?? now, undefined];
          if (one === '0') belowSince ??= now;
          const told = state.step(one === '?' ? undefined : one === '1', now, { forMs, cooldownMs });
          if (told === 'firing') {
            assert.notEqual(last, 'firing');
            assert.ok(one === '1' && now - firedAt >= cooldownMs && now - (aboveSince ?? now) >= forMs);
            firedAt = now;
          } else if (told === 'resolved') {
            assert.equal(last, 'firing');
            assert.ok(one === '0' && now - (belowSince ?? now) >= forMs);
          }
          if (one === '0' && now - (belowSince ?? now) >= forMs) aboveSince = undefined;
          last = told ?? last;
          assert.equal(state.isTold, last === 'firing');
        }
      }),
    );
  });
});
