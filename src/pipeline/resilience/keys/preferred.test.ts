import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../../test/support/fake-provider.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { KeyPools } from './key-pools.ts';
import { preferred } from './preferred.ts';

const MINUTE = 60_000;

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
    clock.advance(MINUTE);
    assert.deepEqual(keysOf('p'), new Set([own]));
  });

  it('gives no key much more than its share, however few prefixes there are', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 20 }), (shares, prefixes) => {
        const pools = new KeyPools({
          clock: new FakeClock(),
          random: Math.random,
          onKeyRefused() {},
          onKeyAccepted() {},
        });
        const apiKeys = shares.map((weight, at) => ({ key: `key-${at}`, weight }));
        const pool = pools.of(fakeProvider('openai', { apiKeys }).provider);
        const counts = new Map<string | undefined, number>();
        const all = shares.reduce((sum, other) => sum + other, 0);
        for (let at = 1; at <= 600; at += 1) {
          const id = pool.pick('m', false, false, `p${at % prefixes}`).key?.id;
          counts.set(id, (counts.get(id) ?? 0) + 1);
          for (const { id: one, weight } of pool.view()) {
            const most = (weight + 0.25 * Math.min(weight, all - weight)) / all;
            assert.ok((counts.get(one) ?? 0) <= most * at + 30, `${counts.get(one)} of ${at}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives one prefix one key up to 30 requests at once, and 20 a minute for long', () => {
    const clock = new FakeClock();
    const pools = new KeyPools({ clock, random: Math.random, onKeyRefused() {}, onKeyAccepted() {} });
    const { provider } = fakeProvider('openai', { apiKeys: ['a', 'b', 'c'] });
    const pool = pools.of(provider);
    const keys = new Set<string | undefined>();
    for (let at = 0; at < 200; at += 1) {
      keys.add(pool.pick('m', false, false, 'p').key?.id);
      clock.advance(MINUTE / 20);
    }
    clock.advance(60 * MINUTE);
    for (let at = 0; at < 30; at += 1) keys.add(pool.pick('m', false, false, 'p').key?.id);
    assert.equal(keys.size, 1);
    keys.add(pool.pick('m', false, false, 'p').key?.id);
    assert.equal(keys.size, 2);
  });

  it('does not count what a key that rests was used', () => {
    const clock = new FakeClock();
    const pools = new KeyPools({ clock, random: () => 0, onKeyRefused() {}, onKeyAccepted() {} });
    const { provider } = fakeProvider('openai', { apiKeys: ['a', 'b', 'c'] });
    const pool = pools.of(provider);
    for (let at = 0; at < 500; at += 1) pool.pick('m');
    pool.pick('m').report(new GatewayError('provider_rate_limited', { retryAfterMs: 10_000 }));
    const keys = new Set(Array.from({ length: 30 }, () => pool.pick('m', false, false, 'p').key?.id));
    assert.equal(keys.size, 1);
  });
});
