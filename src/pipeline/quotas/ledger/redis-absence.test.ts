import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Redis } from 'ioredis';

import { Host } from '../../../../test/support/cut-redis.ts';
import { HOUSE_LEASE, House } from '../../../../test/support/redis-house.ts';
import { type RedisServer, noRedis, startRedis } from '../../../../test/support/redis-server.ts';
import { type RedisHandle, openRedis } from '../../../storage/counters/redis.ts';
import type { Claim, RateClaim } from './ledger.ts';
import type { AwaySettings } from './local-share.ts';

const quiet = { info() {}, warn() {}, error() {} };

const rate: RateClaim = { kind: 'rate', key: 'rate', limit: 60, windowMs: 60_000, burst: 12, amount: 1 };
const soft = (amount: number): Claim => {
  return { kind: 'budget', key: 'soft', limit: 1000, amount, hard: false, endsAt: undefined };
};

async function budgets(house: House): Promise<number[][]> {
  const states = await house.seen();
  return states.map(({ used, reserved }) => [used, reserved]);
}

describe('replicas whose Redis is away', { skip: noRedis }, () => {
  let server: RedisServer;
  let admin: Redis;
  let real: RedisHandle;
  before(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
    real = openRedis({ url: server.url, log: quiet });
    await new Promise<void>((done) => real.onUp(done));
  });
  after(async () => {
    admin.disconnect();
    await real.close();
    await server.close();
  });

  async function inHouse(work: (house: House) => Promise<void>, away?: AwaySettings): Promise<void> {
    const house = new House(new Host(real), admin, away);
    await house.start();
    await work(house);
  }

  it('promise 4: a hard budget stays closed until all who live have had the time to say what they hold', () =>
    inHouse(async (house) => {
      await house.admit(0, [60, 0]);
      await house.admit(1, [60, 0]);
      await house.failOver('empty');
      house.mend(0);
      await house.wait(900);
      // Nobody knows yet what the other one holds, and 60 and 40 would fit.
      assert.equal(await house.admit(0, [40, 0]), undefined);
      assert.equal(house.replicas[0]?.counters.state, 'degraded');
      house.mend(1);
      await house.wait(300);
      assert.equal(house.replicas[0]?.counters.state, 'exact');
      assert.equal(await house.admit(0, [31, 0]), undefined);
      assert.ok(await house.admit(0, [30, 0]));
    }));

  it('promise 4: what one has written down counts, though it cannot come back itself', () =>
    inHouse(async (house) => {
      await house.admit(1, [100, 0]);
      await house.failOver('empty');
      house.mend(0);
      await house.wait(1500);
      assert.equal(await house.admit(0, [51, 0]), undefined);
      assert.ok(await house.admit(0, [50, 0]));
      assert.deepEqual((await budgets(house))[0], [0, 150]);
      house.mend(1);
      await house.wait(1500);
      house.settle(0, 0.1);
      await house.wait(100);
      assert.deepEqual((await budgets(house))[0], [10, 50]);
    }));

  it('promise 4: nothing is admitted to a hard budget while Redis is empty and the database is away', () =>
    inHouse(async (house) => {
      await house.admit(1, [100, 0]);
      await house.wait(300);
      house.setDatabase(true);
      await house.failOver('empty');
      house.mend(0);
      await house.wait(10_000);
      assert.equal(await house.admit(0, [1, 0]), undefined);
      assert.ok(house.shelf.refusals > 1);
      house.setDatabase(false);
      await house.wait(4000);
      assert.equal(await house.admit(0, [51, 0]), undefined);
      assert.ok(await house.admit(0, [50, 0]));
    }));

  it('promise 4: a call whose answer was lost holds nothing afterwards, whether it was admitted or not', async () => {
    for (const what of ['run', 'lost'] as const) {
      await inHouse(async (house) => {
        const claims = [...house.claims([10, 10]), { ...rate, amount: 12 }];
        house.handles[0]?.tripAtNext(what);
        await assert.rejects(Promise.resolve(house.replicas[0]?.ledger.admit(claims)), {
          code: 'counters_unavailable',
        });
        const held = await house.replicas[1]?.ledger.read(claims);
        assert.equal(held?.[0]?.reserved, what === 'run' ? 10 : 0);
        assert.equal(held?.[3]?.remaining, what === 'run' ? 0 : 12);
        house.mend(0);
        await house.wait(200);
        const freed = await house.replicas[1]?.ledger.read(claims);
        assert.deepEqual(
          freed?.map(({ remaining, reserved }) => [remaining, reserved]),
          [
            [150, 0],
            [1_000_000, 0],
            [1000, 0],
            [12, 0],
          ],
        );
      });
    }
  });

  it('promise 4: the dead have spent what they had sent, and get back what waited', () =>
    inHouse(async (house) => {
      const sent = await house.admit(0, [10, 1]);
      const waiting = await house.admit(0, [20, 2]);
      const both = await house.admit(0, [40, 4]);
      assert.ok(sent && waiting && both);
      waiting.holding.waits();
      both.holding.waits();
      both.holding.sends();
      await house.wait(300);
      await house.die(0);
      await house.wait(HOUSE_LEASE - 100);
      assert.deepEqual(await budgets(house), [
        [0, 70],
        [0, 7],
        [0, 3],
      ]);
      await house.wait(HOUSE_LEASE);
      assert.deepEqual(await budgets(house), [
        [50, 0],
        [5, 0],
        [0, 0],
      ]);
      const rows = (await house.shelf.load()).filter(({ replica }) => replica === house.replicas[0]?.id);
      assert.deepEqual(
        rows.map(({ key, used, reserved }) => [key, used, reserved]),
        [
          ['hard', 50, 0],
          ['soft', 5, 0],
        ],
      );
      assert.equal(await admin.exists(`{causeway}:h:${house.replicas[0]?.id}`), 0);
    }));

  it('promise 4: one that was taken for dead puts it right when it comes back', () =>
    inHouse(async (house) => {
      await house.admit(0, [50, 5]);
      house.cut(0);
      await house.wait(2 * HOUSE_LEASE);
      assert.deepEqual((await budgets(house))[0], [50, 0]);
      house.mend(0);
      await house.wait(1000);
      assert.deepEqual((await budgets(house))[0], [0, 50]);
      house.settle(0, 0.5);
      await house.wait(1000);
      assert.deepEqual((await budgets(house))[0], [25, 0]);
      const rows = await house.shelf.load();
      assert.equal(rows.find(({ replica }) => replica === house.replicas[0]?.id)?.used, 25);
    }));

  it('each keeps its share of limits and of what was left, and all of it is counted afterwards', () =>
    inHouse(async (house) => {
      await house.wait(HOUSE_LEASE);
      const first = await house.replicas[0]?.ledger.admit([soft(400)]);
      assert.ok(first?.admitted);
      house.cut(0);
      assert.equal(house.replicas[0]?.counters.state, 'degraded');
      const ledger = house.replicas[0]?.ledger;
      // 600 were left: a third of them is its own. The last one in may go beyond.
      const second = await ledger?.admit([soft(150)]);
      const third = await ledger?.admit([soft(150)]);
      assert.ok(second?.admitted && third?.admitted);
      assert.deepEqual((await ledger?.admit([soft(1)]))?.admitted, false);
      assert.deepEqual(third.states, [{ remaining: 0, resetMs: 0, used: 0, reserved: 700 }]);
      let admitted = 0;
      for (let call = 0; call < 20; call += 1) if ((await ledger?.admit([rate]))?.admitted) admitted += 1;
      assert.equal(admitted, 4);
      second.holding.settle([100]);
      house.mend(0);
      await house.wait(200);
      const read = async () => (await house.replicas[1]?.ledger.read([soft(0)]))?.[0];
      assert.deepEqual(await read(), { remaining: 350, resetMs: 0, used: 100, reserved: 550 });
      third.holding.settle([120]);
      first.holding.settle([300]);
      await house.wait(50);
      assert.deepEqual(await read(), { remaining: 480, resetMs: 0, used: 520, reserved: 0 });
      assert.deepEqual(house.replicas[0]?.changes, ['degraded', 'exact']);
    }));

  it('everything passes where the policy is open, and is counted afterwards', () =>
    inHouse(
      async (house) => {
        house.cut(0);
        for (let call = 0; call < 20; call += 1) assert.ok((await house.replicas[0]?.ledger.admit([rate]))?.admitted);
        const held = await house.admit(0, [140, 10]);
        assert.ok(held);
        held.actual = [130, 20];
        held.holding.settle(held.actual);
        house.mend(0);
        await house.wait(200);
        assert.deepEqual(await budgets(house), [
          [130, 0],
          [20, 0],
          [0, 0],
        ]);
      },
      { whenAway: 'open', hardBudgetsWhenAway: 'open' },
    ));

  it('nothing passes where the policy is closed', () =>
    inHouse(
      async (house) => {
        house.cut(0);
        const ledger = house.replicas[0]?.ledger;
        await assert.rejects(Promise.resolve(ledger?.admit([rate])), { code: 'counters_unavailable' });
        await assert.rejects(Promise.resolve(ledger?.read([rate])), { code: 'counters_unavailable' });
        // Hard budgets have a policy of their own.
        assert.ok((await ledger?.admit(house.claims([1, 0]).slice(0, 1)))?.admitted);
        house.mend(0);
        await house.wait(200);
        assert.ok((await ledger?.admit([rate]))?.admitted);
      },
      { whenAway: 'closed', hardBudgetsWhenAway: 'local' },
    ));
});
