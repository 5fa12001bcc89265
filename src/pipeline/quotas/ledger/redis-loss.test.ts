import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createInterface } from 'node:readline';

import { type Replica, SpendShelf, openReplica } from '../../../../test/support/redis-replica.ts';
import { type RedisServer, noRedis, startRedis } from '../../../../test/support/redis-server.ts';
import type { BudgetClaim, Claim, Holding } from './ledger.ts';

const LEASE = 900;
const HOLDER = new URL('../../../../test/support/redis-holder.ts', import.meta.url).pathname;

const money = (amount: number): BudgetClaim => {
  return { kind: 'budget', key: 'money', limit: 1000, amount, hard: true, endsAt: undefined };
};
const place: Claim = { kind: 'concurrency', key: 'places', limit: 10 };

async function hold({ ledger }: Replica, amount: number): Promise<Holding> {
  const verdict = await ledger.admit([money(amount), place]);
  assert.ok(verdict.admitted);
  return verdict.holding;
}

describe('real losses of a real Redis', { skip: noRedis }, () => {
  let server: RedisServer;
  let shelf: SpendShelf;
  let replicas: Replica[] = [];
  let reaped: { replica: string; afterMs: number }[] = [];
  let killedAt = 0;
  let firstReaped = Promise.withResolvers<void>();

  before(async () => {
    server = await startRedis();
  });
  after(() => server.close());
  beforeEach(() => {
    server.ask('FLUSHALL');
    shelf = new SpendShelf();
    reaped = [];
    firstReaped = Promise.withResolvers();
  });

  async function withReplicas(count: number, work: (one: Replica, other: Replica) => Promise<void>): Promise<void> {
    replicas = [];
    for (let at = 0; at < count; at += 1) {
      replicas.push(
        await openReplica({
          url: server.url,
          shelf,
          leaseMs: LEASE,
          onReaped(replica) {
            reaped.push({ replica, afterMs: performance.now() - killedAt });
            firstReaped.resolve();
          },
        }),
      );
    }
    try {
      await work(replicas[0] as Replica, replicas[1] as Replica);
    } finally {
      await Promise.all(replicas.map((replica) => replica.close()));
    }
  }

  async function standing({ ledger, counters }: Replica) {
    await Promise.all(replicas.map((replica) => replica.counters.flush()));
    assert.equal(counters.state, 'exact');
    const [budget, places] = await ledger.read([money(0), place]);
    return { used: budget?.used, reserved: budget?.reserved, running: places?.reserved };
  }

  const all = (state: 'exact' | 'degraded') => Promise.all(replicas.map((replica) => replica.until(state)));

  it('promise 4: what a replica held that was killed is resolved within its lease', () =>
    withReplicas(1, async (one) => {
      const child = spawn(process.execPath, [HOLDER, server.url, `${LEASE}`], { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const { value: id } = await lines.next();
      assert.deepEqual(await standing(one), { used: 0, reserved: 230, running: 5 });
      const gone = once(child, 'exit');
      killedAt = performance.now();
      child.kill('SIGKILL');
      await gone;
      await firstReaped.promise;
      assert.deepEqual(
        reaped.map(({ replica }) => replica),
        [id],
      );
      // A lease after its last sign of life, and as long as until the next look.
      assert.ok((reaped[0]?.afterMs ?? 0) < LEASE + LEASE / 3 + 500, `${reaped[0]?.afterMs} ms`);
      assert.deepEqual(await standing(one), { used: 30, reserved: 0, running: 0 });
      assert.deepEqual(await shelf.load(), [{ key: 'money', replica: id, endsAt: undefined, used: 30, reserved: 0 }]);
    }));

  it('promise 4: Redis is killed and comes back empty: everything is as it was', () =>
    withReplicas(2, async (one, other) => {
      (await hold(one, 50)).settle([40, 0]);
      const kept = await hold(one, 100);
      await hold(other, 200);
      assert.deepEqual(await standing(one), { used: 40, reserved: 300, running: 2 });
      await server.kill9();
      await all('degraded');
      await assert.rejects(Promise.resolve(one.ledger.admit([money(1)])), { code: 'counters_unavailable' });
      kept.settle([70, 0]);
      await server.restart('empty');
      await all('exact');
      assert.deepEqual(await standing(other), { used: 110, reserved: 200, running: 1 });
    }));

  it('promise 4: Redis falls back to an older copy: nothing is forgotten and nothing counted twice', () =>
    withReplicas(2, async (one, other) => {
      const early = await hold(one, 50);
      await hold(other, 200);
      server.copy();
      early.settle([40, 0]);
      const late = await hold(other, 300);
      assert.deepEqual(await standing(one), { used: 40, reserved: 500, running: 2 });
      await server.restart('copy');
      await all('degraded');
      await all('exact');
      assert.deepEqual(await standing(one), { used: 40, reserved: 500, running: 2 });
      late.settle([5, 0]);
      assert.deepEqual(await standing(one), { used: 45, reserved: 200, running: 1 });
    }));

  it('promise 4: Redis hangs: calls go on by policy, and it is exact again when it goes on', () =>
    withReplicas(2, async (one, other) => {
      await hold(other, 200);
      server.hang();
      const soft: Claim = { ...money(10), key: 'soft', hard: false };
      const began = performance.now();
      const verdict = await one.ledger.admit([soft, place]);
      assert.ok(verdict.admitted);
      assert.ok(performance.now() - began < 1500);
      assert.equal(one.counters.state, 'degraded');
      server.goOn();
      await all('exact');
      verdict.holding.settle([8, 0]);
      assert.deepEqual(await standing(other), { used: 0, reserved: 200, running: 1 });
      assert.equal((await other.ledger.read([soft]))[0]?.used, 8);
    }));

  it('a start without Redis goes on without it, says so once, and once more when it is there', async () => {
    await server.kill9();
    const starting = openReplica({ url: server.url, shelf, startMs: 200 });
    const replica = await starting;
    try {
      assert.deepEqual(replica.changes, ['degraded']);
      assert.ok((await replica.ledger.admit([place])).admitted);
      await server.restart('empty');
      await replica.until('exact');
      assert.deepEqual(replica.changes, ['degraded', 'exact']);
      assert.equal((await replica.ledger.read([place]))[0]?.reserved, 1);
    } finally {
      await replica.close();
    }
  });
});
