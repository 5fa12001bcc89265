import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../../test/support/fake-provider.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { KeyPools } from './key-pools.ts';
import { preferred } from './preferred.ts';

const candidates = fc.uniqueArray(
  fc.record({ id: fc.stringMatching(/^[0-9a-f]{8}$/), weight: fc.integer({ min: 1, max: 9 }) }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 6 },
);
const seat = ({ id, weight }: { id: string; weight: number }) => ({ key: { id }, weight });

describe('the key that a prefix belongs to', () => {
  it('is the same whatever the order, and stays while others come and go', () => {
    fc.assert(
      fc.property(candidates, fc.string(), fc.nat(), (keys, prefix, at) => {
        const seats = keys.map(seat);
        const best = preferred(seats, prefix);
        assert.equal(preferred(seats.toReversed(), prefix), best);
        const without = seats.toSpliced(at % seats.length, 1);
        const gone = seats[at % seats.length];
        if (gone !== best) assert.equal(preferred(without, prefix), best);
      }),
      { numRuns: 300 },
    );
    assert.equal(preferred([], 'x'), undefined);
  });

  it('is each by its weight', () => {
    const seats = [1, 2, 5].map((weight) => ({ key: { id: `0000000${weight}` }, weight }));
    const counts = new Map<number, number>();
    for (let at = 0; at < 8000; at += 1) {
      const weight = preferred(seats, `prefix-${at}`)?.weight ?? 0;
      counts.set(weight, (counts.get(weight) ?? 0) + 1);
    }
    for (const { weight } of seats) {
      const share = (counts.get(weight) ?? 0) / 8000;
      assert.ok(Math.abs(share - weight / 8) < 0.02, `${weight}: ${share}`);
    }
  });
});

describe('a pool of keys and prompts with a prefix', () => {
  it('gives one prefix one key, and another one only while that one rests', () => {
    const clock = new FakeClock();
    const pools = new KeyPools({ clock, random: Math.random, onKeyRefused() {}, onKeyAccepted() {} });
    const { provider } = fakeProvider('openai', { apiKeys: ['a', 'b', 'c'] });
    const take = (promptPrefix: string) => pools.take(provider, makeCall({ promptPrefix }), 'm');
    const keysOf = (prefix: string, times = 12) => new Set(Array.from({ length: times }, () => take(prefix).key?.id));
    assert.equal(new Set(Array.from({ length: 40 }, (_, at) => take(`p${at}`).key?.id)).size, 3);
    const [own, ...others] = keysOf('p');
    assert.deepEqual(others, []);
    take('p').report(new GatewayError('provider_rate_limited', { retryAfterMs: 10_000 }));
    const meanwhile = keysOf('p');
    assert.ok(meanwhile.size === 1 && !meanwhile.has(own));
    clock.advance(10_001);
    assert.deepEqual(keysOf('p'), new Set([own]));
  });
});
