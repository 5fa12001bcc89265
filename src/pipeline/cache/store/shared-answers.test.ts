import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeAnswer } from '../../../../test/support/make-answer.ts';
import { type RedisServer, noRedis, startRedis } from '../../../../test/support/redis-server.ts';
import { type RedisConnection, openRedis } from '../../../storage/counters/redis.ts';
import type { StoredAnswer } from '../answer/stored-answer.ts';
import { MemoryAnswers } from './memory-answers.ts';
import { MOST_PURGES, type Purge, PurgeLog } from './purge-log.ts';
import { RedisAnswers } from './redis-answers.ts';
import { TwoLevelAnswers } from './two-level-answers.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const BINARY = Buffer.from(Array.from({ length: 256 }, (_, at) => at));

function keyOf(id: number): string {
  return hash('sha256', `${id}`).slice(0, 32);
}

function answerOf(clock: FakeClock, id: number, body: Buffer = BINARY, ttl = 60_000): StoredAnswer {
  const now = clock.now();
  const content = { kind: 'bytes', contentType: 'text/plain', body } as const;
  return makeAnswer({ key: keyOf(id), storedAt: now, expiresAt: now + ttl, content });
}

function bodyOf(answer: StoredAnswer | undefined): Buffer | undefined {
  return answer?.content.kind === 'bytes' ? answer.content.body : undefined;
}

describe('answers that replicas share', { skip: noRedis }, () => {
  let server: RedisServer;
  let redis: RedisConnection;
  before(async () => {
    server = await startRedis();
    redis = openRedis({ url: server.url, log: silent });
    if (!redis.ready) await new Promise<void>((done) => redis.onUp(done));
  });
  after(async () => {
    await redis.close();
    await server.close();
  });
  beforeEach(() => void server.ask('FLUSHALL'));

  function replica(clock: FakeClock, maxBytes = 1_000_000) {
    const memory = new MemoryAnswers({ maxBytes: 1_000_000, clock });
    const shared = new RedisAnswers({ redis, clock, maxBytes });
    const purges = new PurgeLog();
    return { memory, shared, purges, store: new TwoLevelAnswers({ memory, redis: shared, purges, clock }) };
  }

  test('what one replica keeps another one has, byte for byte, and from then on as its own', async () => {
    const clock = new FakeClock();
    const [one, other] = [replica(clock), replica(clock)];
    one.store.set(answerOf(clock, 1));
    assert.ok(!(one.store.get(keyOf(1)) instanceof Promise), 'its own are there at once');
    const found = other.store.get(keyOf(1));
    assert.ok(found instanceof Promise);
    assert.deepEqual(bodyOf(await found), BINARY);
    const again = other.store.get(keyOf(1));
    assert.ok(again && !(again instanceof Promise));
    assert.deepEqual(bodyOf(again), BINARY);
    assert.equal(await other.store.get(keyOf(2)), undefined);
    const { hits, misses } = (await other.shared.stats()) ?? {};
    assert.deepEqual([hits, misses], [1, 1]);
  });

  test('promise 11: they take no more than they may, and what is over first goes first', async () => {
    const clock = new FakeClock();
    const most = 100_000;
    const { shared } = replica(clock, most);
    for (let at = 0; at < 60; at += 1) {
      shared.set(answerOf(clock, at, Buffer.alloc(4000), 10_000 + at), Buffer.alloc(4000));
      const { bytes = 0, entries = 0 } = (await shared.stats()) ?? {};
      assert.ok(bytes <= most && bytes === entries * 4400, `${bytes} bytes of ${entries}`);
    }
    assert.equal(await shared.get(keyOf(0)), undefined);
    assert.ok(await shared.get(keyOf(59)));
    shared.set(answerOf(clock, 59), Buffer.alloc(10));
    assert.equal((await shared.stats())?.bytes, 21 * 4400 + 410, 'one that is written again is counted once');
    shared.delete(keyOf(59));
    shared.set(answerOf(clock, 99), Buffer.alloc(most / 2));
    assert.equal(await shared.get(keyOf(99)), undefined, 'too large for one');
    const stats = await shared.stats();
    assert.deepEqual([stats?.entries, stats?.bytes, stats?.evictions], [21, 21 * 4400, 38]);
    clock.advance(20_000);
    assert.equal((await shared.stats())?.bytes, 0, 'what is over takes nothing');
    assert.deepEqual(server.ask('KEYS', '*index'), '');
  });

  test('what was purged anywhere is not given, however long it is there', async () => {
    const clock = new FakeClock();
    const [one, other] = [replica(clock), replica(clock)];
    one.store.set(answerOf(clock, 1));
    one.store.set(answerOf(clock, 2));
    clock.advance(10);
    const purge: Purge = { id: 'a', filter: { model: 'chat' }, at: clock.now() };
    for (const { purges } of [one, other]) purges.replace([purge]);
    assert.equal(one.store.purge(purge.filter), 2);
    assert.equal(await one.store.get(keyOf(1)), undefined);
    assert.equal(await other.store.get(keyOf(2)), undefined);
    clock.advance(1);
    one.store.set(answerOf(clock, 1));
    assert.ok(await other.store.get(keyOf(1)), 'what was stored after it is another answer');
    one.store.purge({ key: keyOf(1) });
    assert.equal(await replica(clock).store.get(keyOf(1)), undefined, 'one of which the key is known is deleted');
  });

  test('while Redis is away nothing waits for it', async () => {
    const clock = new FakeClock();
    const away = { ready: false, runBytes: () => Promise.reject(new Error('away')) };
    const shared = new RedisAnswers({ redis: away, clock, maxBytes: 1_000_000 });
    const memory = new MemoryAnswers({ maxBytes: 1_000_000, clock });
    const store = new TwoLevelAnswers({ memory, redis: shared, purges: new PurgeLog(), clock });
    assert.equal(store.get(keyOf(1)), undefined);
    store.set(answerOf(clock, 1));
    assert.ok(store.get(keyOf(1)));
    const lost = new RedisAnswers({ redis: { ...away, ready: true }, clock, maxBytes: 1_000_000 });
    assert.equal(await lost.get(keyOf(1)), undefined);
    assert.equal(await lost.stats(), undefined);
  });

  test('what is no answer, or another one, is none', async () => {
    const clock = new FakeClock();
    const { store, shared } = replica(clock);
    shared.set({ key: keyOf(1), expiresAt: clock.now() + 1000 }, Buffer.from('{"key":"b"}'));
    assert.equal(await store.get(keyOf(1)), undefined);
    const other = replica(clock);
    other.store.set(answerOf(clock, 3));
    server.ask('COPY', `{causeway}:cache:${keyOf(3)}`, `{causeway}:cache:${keyOf(4)}`);
    assert.equal(await store.get(keyOf(4)), undefined);
    clock.advance(60_000);
    assert.equal(await store.get(keyOf(3)), undefined, 'it is over by the clock here');
  });
});

test('too many purges stand for one of all that is older', () => {
  const log = new PurgeLog();
  const purges = Array.from({ length: MOST_PURGES + 5 }, (_, at): Purge => {
    return { id: `${at}`, filter: { project: `p${at}` }, at: 10_000 - at };
  });
  log.replace(purges);
  const covers = (storedAt: number): boolean => log.covers({ ...makeAnswer(), storedAt });
  assert.equal(covers(10_000 - MOST_PURGES), true);
  assert.equal(covers(10_000 - MOST_PURGES + 1), false);
  log.replace(purges.slice(0, MOST_PURGES));
  assert.equal(covers(0), false);
});
