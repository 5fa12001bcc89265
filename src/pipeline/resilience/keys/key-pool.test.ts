import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../../test/support/fake-provider.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { passing } from '../../../../test/support/make-provider.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type KeySetting, providerKeys } from '../../../models/providers/provider-keys.ts';
import type { KeyPool, KeyRefusal, KeyReturn, KeyTurn } from './key-pool.ts';
import { KeyPools } from './key-pools.ts';

const LIMITED = new GatewayError('provider_rate_limited', { retryAfterMs: 10_000 });
const REFUSED = new GatewayError('provider_auth_failed');
const MINUTE = 60_000;

interface Bench {
  readonly clock: FakeClock;
  readonly pools: KeyPools;
  readonly pool: KeyPool;
  readonly refusals: KeyRefusal[];
  readonly returns: KeyReturn[];
  /** What `random` says next. */
  dice: number;
  /** The key that the next attempt goes with, as its request says it. */
  sent(model?: string): string;
}

function bench(apiKeys: readonly KeySetting[]): Bench {
  const clock = new FakeClock();
  const refusals: KeyRefusal[] = [];
  const returns: KeyReturn[] = [];
  const pools = new KeyPools({
    clock,
    random: () => made.dice,
    onKeyRefused: (refusal) => void refusals.push(refusal),
    onKeyAccepted: (key) => void returns.push(key),
  });
  const { provider } = fakeProvider('openai', { apiKeys });
  const pool = pools.of(provider);
  const made: Bench = {
    clock,
    pools,
    pool,
    refusals,
    returns,
    dice: 0,
    sent: (model = 'm') => keyOf(pool.pick(model)),
  };
  return made;
}

function keyOf({ provider }: KeyTurn): string {
  return provider.plan(makeCall(), 'm').request.headers['authorization'] ?? 'none';
}

describe('a pool of keys', () => {
  it('gives each its share by weight', () => {
    const test = bench(['a', { key: 'b', weight: 3 }]);
    const counts: Record<string, number> = {};
    for (let at = 0; at < 400; at += 1) {
      test.dice = at / 400;
      const key = test.sent();
      counts[key] = (counts[key] ?? 0) + 1;
    }
    assert.deepEqual(counts, { 'Bearer a': 100, 'Bearer b': 300 });
  });

  it('rests a limited key for the model that was asked, as long as the provider says', () => {
    const test = bench(['a', 'b']);
    test.pool.pick('m').report(LIMITED, 429);
    assert.equal(test.sent(), 'Bearer b');
    assert.equal(test.sent('other'), 'Bearer a');
    test.clock.advance(9999);
    assert.equal(test.sent(), 'Bearer b');
    test.clock.advance(1);
    assert.equal(test.sent(), 'Bearer a');
  });

  it('rests it for five seconds where the provider does not say, and for an hour at most', () => {
    const test = bench(['a', 'b']);
    test.pool.pick('m').report(new GatewayError('provider_rate_limited'), 429);
    test.clock.advance(4999);
    assert.equal(test.sent(), 'Bearer b');
    test.clock.advance(1);
    test.pool.pick('m').report(new GatewayError('provider_rate_limited', { retryAfterMs: 24 * 60 * MINUTE }), 429);
    test.clock.advance(60 * MINUTE);
    assert.equal(test.sent(), 'Bearer a');
  });

  it('rests it for a second where the provider says that it may come again now', () => {
    const test = bench(['a']);
    test.pool.pick('m').report(new GatewayError('provider_rate_limited', { retryAfterMs: 0 }), 429);
    assert.ok(!test.pool.hasFree('m'), 'or it would be asked at once, over and over');
    test.clock.advance(1000);
    assert.ok(test.pool.hasFree('m'));
  });

  it('goes by the longest of what it hears of a limit', () => {
    const test = bench(['a', 'b']);
    const [first, second, third] = [test.pool.pick('m'), test.pool.pick('m'), test.pool.pick('m')];
    test.clock.advance(1);
    first.report(LIMITED, 429);
    second.report(new GatewayError('provider_rate_limited', { retryAfterMs: 1000 }), 429);
    third.report(undefined, 200);
    test.clock.advance(9999);
    assert.equal(test.sent(), 'Bearer b');
    test.clock.advance(1);
    assert.equal(test.sent(), 'Bearer a');
  });

  it('says when the first of several limited keys is back', () => {
    const test = bench(['a', 'b']);
    test.pool.pick('m').report(LIMITED, 429);
    test.clock.advance(4000);
    test.pool.pick('m').report(LIMITED, 429);
    assert.throws(() => test.pool.pick('m'), { code: 'provider_rate_limited', retryAfterMs: 6000 });
    assert.ok(!test.pool.hasFree('m') && test.pool.hasFree('other'));
  });

  it('hands out the only key though it is limited: what the provider says is the answer', () => {
    const alone = bench(['a']);
    alone.pool.pick('m').report(LIMITED, 429);
    assert.equal(alone.sent(), 'Bearer a');
    assert.ok(!alone.pool.hasFree('m'), 'there is no other to go on with');
    const last = bench(['a', 'b']);
    last.pool.pick('m').report(REFUSED, 401);
    last.pool.pick('m').report(LIMITED, 429);
    assert.equal(last.sent(), 'Bearer b');
  });

  it('promise 10: rests a refused key for all models, longer each time, and alerts once', () => {
    const test = bench(['a', 'b']);
    test.pool.pick('m').report(REFUSED, 402);
    assert.deepEqual(
      test.refusals.map(({ model, status, left }) => [model, status, left]),
      [[undefined, 402, 1]],
    );
    for (const minutes of [5, 10, 20, 40, 60, 60]) {
      test.clock.advance(minutes * MINUTE - 1);
      assert.equal(test.sent('other'), 'Bearer b');
      test.clock.advance(1);
      const turn = test.pool.pick('other');
      assert.equal(keyOf(turn), 'Bearer a');
      assert.equal(test.sent(), 'Bearer b', 'one call finds out, and others do not wait for it');
      turn.report(REFUSED, 402);
    }
    assert.equal(test.refusals.length, 1);
  });

  it('takes a key back that is accepted again, and says so', () => {
    const test = bench(['a', 'b']);
    test.pool.pick('m').report(REFUSED, 401);
    test.clock.advance(5 * MINUTE);
    test.pool.pick('m').report(undefined, 200);
    assert.equal(test.sent(), 'Bearer a');
    assert.equal(test.returns.length, 1);
    test.pool.pick('m').report(REFUSED, 401);
    assert.equal(test.refusals.length, 2);
    test.clock.advance(5 * MINUTE);
    assert.equal(test.sent(), 'Bearer a', 'its rest begins at five minutes again');
  });

  it('hears only once of a key that many calls were under way with', () => {
    const test = bench(['a', 'b']);
    const turns = [test.pool.pick('m'), test.pool.pick('m'), test.pool.pick('m'), test.pool.pick('m')];
    test.clock.advance(10);
    for (const turn of turns.slice(1)) turn.report(REFUSED, 401);
    turns[0]?.report(undefined, 200);
    assert.equal(test.refusals.length, 1);
    assert.equal(test.sent(), 'Bearer b', 'an answer to what was sent before says nothing of the key now');
    test.clock.advance(5 * MINUTE);
    assert.equal(test.sent(), 'Bearer a');
  });

  it('fails at once where all are refused, and tries one of them every 30 seconds', () => {
    const test = bench(['a', 'b']);
    test.pool.pick('m').report(REFUSED, 401);
    test.clock.advance(1000);
    test.pool.pick('m').report(REFUSED, 401);
    assert.deepEqual(
      test.refusals.map(({ left }) => left),
      [1, 0],
    );
    assert.throws(() => test.pool.pick('m'), {
      code: 'provider_auth_failed',
      message: /"openai" refuses all 2 keys.*tries again every 30 seconds/,
    });
    test.clock.advance(30_000);
    const turn = test.pool.pick('m');
    assert.equal(keyOf(turn), 'Bearer a');
    assert.throws(() => test.pool.pick('m'), { code: 'provider_auth_failed' });
    turn.report(REFUSED, 401);
    test.clock.advance(30_000);
    const next = test.pool.pick('m');
    assert.equal(keyOf(next), 'Bearer b', 'each in its turn');
    next.report(undefined, 200);
    assert.equal(test.sent(), 'Bearer b');
  });

  it('promise 10: a 403 for one model takes no other model away', () => {
    const test = bench(['a']);
    test.pool.pick('forbidden').report(REFUSED, 403);
    assert.deepEqual(
      test.refusals.map(({ model, left }) => [model, left]),
      [['forbidden', 0]],
    );
    assert.throws(() => test.pool.pick('forbidden'), { code: 'provider_auth_failed' });
    assert.equal(test.sent('allowed'), 'Bearer a');
  });

  it("promise 10: a client's fault, a failure and a client's own credential rest no key", () => {
    const test = bench(['a', 'b']);
    for (const code of ['request_invalid', 'model_not_found', 'provider_error', 'provider_overloaded'] as const) {
      test.pool.pick('m').report(new GatewayError(code), 400);
    }
    const { provider } = test.pool.pick('m');
    const call = passing({ authorization: 'Bearer sk-client' });
    const turn = test.pools.take(provider, call, 'm');
    turn.report(REFUSED, 401);
    turn.report(LIMITED, 429);
    assert.equal(turn.key, undefined);
    assert.equal(turn.provider.plan(call, 'm').request.headers['authorization'], 'Bearer sk-client');
    assert.deepEqual([test.refusals, test.sent()], [[], 'Bearer a']);
  });

  it("sends a client's own credential whatever key was chosen", () => {
    const test = bench(['a', 'b']);
    test.dice = 0.9;
    const { provider } = test.pool.pick('m');
    const { headers } = provider.plan(passing({ authorization: 'Bearer sk-client' }), 'm').request;
    assert.equal(headers['authorization'], 'Bearer sk-client');
  });

  it('asks with the first key for what the provider keeps', () => {
    const test = bench(['a', 'b']);
    test.dice = 0.9;
    const { provider } = test.pool.pick('m', true);
    assert.equal(provider.plan(makeCall(), 'm').request.headers['authorization'], 'Bearer a');
    test.pool.pick('m', true).report(REFUSED, 401);
    assert.throws(() => test.pool.pick('m', true), { code: 'provider_auth_failed' });
    assert.equal(test.sent(), 'Bearer b');
  });

  it('knows a key by its limit: who counts its requests accepts it', () => {
    const test = bench(['a', 'b']);
    test.pool.pick('m').report(REFUSED, 401);
    test.pool.pick('m').report(REFUSED, 401);
    test.clock.advance(30_000);
    test.pool.pick('m').report(LIMITED, 429);
    assert.equal(test.sent('other'), 'Bearer a');
    assert.equal(test.returns.length, 1);
  });

  it('remembers its keys when the configuration changes', () => {
    const test = bench(['a', 'b']);
    test.pool.pick('m').report(REFUSED, 401);
    const { provider } = fakeProvider('openai', { apiKeys: ['c', 'a'] });
    const [, second] = test.pools.of(provider).view();
    assert.deepEqual([second?.refused, second?.id], [true, test.refusals[0]?.key.id]);
    const { provider: other } = fakeProvider('openai', { name: 'elsewhere', apiKeys: ['a'] });
    assert.equal(test.pools.of(other).view()[0]?.refused, false);
  });

  it('watches credentials that are no keys too', () => {
    const test = bench([]);
    const { provider } = fakeProvider('openai-compatible', { apiKeys: [] });
    const turn = test.pools.take(provider, makeCall(), 'm');
    assert.equal(turn.provider, provider);
    turn.report(REFUSED, 401);
    assert.deepEqual(
      test.refusals.map(({ key, left }) => [key.id, left]),
      [['none', 0]],
    );
    assert.throws(() => test.pools.take(provider, makeCall(), 'm'), { code: 'provider_auth_failed' });
  });

  it('promise 11: remembers a bounded number of models', () => {
    const test = bench(['a', 'b']);
    for (let at = 0; at < 1000; at += 1) test.pool.pick(`m${at}`).report(REFUSED, 403);
    assert.equal(test.pool.view()[0]?.models.length, 200);
  });

  it('promise 12: shows what tells keys apart, and no key', () => {
    const secret = 'sk-0123456789abcdef';
    const test = bench([secret, 'short']);
    test.pool.pick('m').report(REFUSED, 401);
    const shown = JSON.stringify([test.pool.view(), test.refusals, providerKeys([secret], () => ({}))]);
    assert.ok(shown.includes('"shown":"cdef"') && shown.includes('"shown":""'));
    assert.ok(!shown.includes('sk-') && !shown.includes('short'));
  });
});
