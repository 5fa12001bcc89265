import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { type Replica, openReplica } from '../../../../test/support/redis-replica.ts';
import { type RedisServer, noRedis, startRedis } from '../../../../test/support/redis-server.ts';
import type { BudgetClaim, Claim, ConcurrencyClaim, RateClaim } from './ledger.ts';

const REPLICAS = 3;

/** Whole, 0 to below `below`; the same for each seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe('three replicas on one Redis', { skip: noRedis }, () => {
  let server: RedisServer;
  let replicas: Replica[] = [];
  before(async () => {
    server = await startRedis();
  });
  beforeEach(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    server.ask('FLUSHALL');
    replicas = [];
    for (let at = 0; at < REPLICAS; at += 1) replicas.push(await openReplica({ url: server.url, graceMs: 0 }));
  });
  after(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await server.close();
  });

  /** Many clients of each replica at once. */
  function clients(count: number, work: (replica: Replica, roll: (below: number) => number) => Promise<void>) {
    return Promise.all(
      Array.from({ length: count }, (_, at) => work(replicas[at % REPLICAS] as Replica, dice(at + 1))),
    );
  }

  it('promise 5: admit together what the limit allows, and at least 99 % of it, under ten times the load', async () => {
    const claim: RateClaim = { kind: 'rate', key: 'rate', limit: 300, windowMs: 1000, burst: 30, amount: 1 };
    const LASTS = 1500;
    const began = performance.now();
    const admittedAt: number[] = [];
    await clients(30, async ({ ledger }) => {
      while (performance.now() - began < LASTS) {
        const verdict = await ledger.admit([claim]);
        if (verdict.admitted) admittedAt.push(performance.now() - began);
        else await delay(3);
      }
    });
    for (const [at, ms] of admittedAt.entries()) {
      assert.ok(at + 1 <= 30 + (300 * ms) / 1000, `${at + 1} after ${ms} ms`);
    }
    // Nobody may have asked in the last moments.
    const fair = 30 + (300 * (LASTS - 10)) / 1000;
    assert.ok(admittedAt.length >= 0.99 * fair - 3, `${admittedAt.length} of ${fair}`);
  });

  it('promise 5: never let more run at a time than the limit, and let as many run', async () => {
    const claim: ConcurrencyClaim = { kind: 'concurrency', key: 'places', limit: 7 };
    let running = 0;
    let most = 0;
    await clients(24, async ({ ledger }, roll) => {
      for (let call = 0; call < 25; call += 1) {
        const verdict = await ledger.admit([claim]);
        if (!verdict.admitted) continue;
        running += 1;
        most = Math.max(most, running);
        await delay(roll(3));
        running -= 1;
        verdict.holding.settle([0]);
      }
    });
    assert.equal(most, 7);
    await Promise.all(replicas.map(({ counters }) => counters.flush()));
    assert.equal((await replicas[0]?.ledger.read([claim]))?.[0]?.reserved, 0);
    assert.equal(server.ask('EXISTS', '{causeway}:c:places'), '0');
  });

  it('promise 4: never reserve and spend more than a hard budget, at any moment', async () => {
    const LIMIT = 1_000_000;
    let held = 0;
    let spent = 0;
    let refused = 0;
    const claimOf = (amount: number, least: number): BudgetClaim => {
      return { kind: 'budget', key: 'money', limit: LIMIT, amount, least, hard: true, endsAt: Date.now() + 60_000 };
    };
    await clients(30, async ({ ledger }, roll) => {
      for (let call = 0; call < 40; call += 1) {
        const amount = 1 + roll(6000);
        const least = 1 + roll(amount);
        const verdict = await ledger.admit([claimOf(amount, least)]);
        if (!verdict.admitted) {
          refused += 1;
          continue;
        }
        const grant = verdict.portion < 1 ? least + Math.floor((amount - least) * verdict.portion) : amount;
        held += grant;
        assert.ok(held + spent <= LIMIT, `${held} + ${spent}`);
        await delay(roll(4));
        const actual = roll(grant + 1);
        held -= grant;
        spent += actual;
        verdict.holding.settle([actual]);
        if (roll(3) === 0) verdict.holding.settle([grant]);
      }
    });
    await Promise.all(replicas.map(({ counters }) => counters.flush()));
    const states = await replicas[1]?.ledger.read([claimOf(0, 0)]);
    assert.deepEqual(states, [{ remaining: LIMIT - spent, resetMs: 0, used: spent, reserved: 0 }]);
    assert.ok(refused > 0 && spent > 0.95 * LIMIT, `${refused} refused, ${spent} spent`);
    const sums = server.ask('HGETALL', '{causeway}:b:money').split('\n');
    const own = sums.flatMap((name, at) => (name.startsWith('u:') ? [Number(sums[at + 1])] : []));
    assert.equal(own.length, REPLICAS);
    assert.equal(
      own.reduce((sum, one) => sum + one, 0),
      spent,
    );
  });

  it('send one command to admit a call with many claims, and what ended before goes with it', async () => {
    const { ledger, counters } = replicas[0] as Replica;
    const claims: Claim[] = [];
    for (let at = 0; at < 8; at += 1) {
      claims.push({ kind: 'rate', key: `rate${at}`, limit: 600, windowMs: 60_000, burst: 60, amount: 1 });
    }
    claims.push({ kind: 'concurrency', key: 'one', limit: 1 });
    for (let at = 0; at < 3; at += 1) {
      claims.push({ kind: 'budget', key: `money${at}`, limit: 1000, amount: 10, hard: true, endsAt: undefined });
    }
    // The first of a server's life brings the script along.
    const first = await ledger.admit(claims);
    assert.ok(first.admitted);
    first.holding.settle(claims.map(() => 1));
    await counters.flush();
    const already = commands(server);
    for (let call = 0; call < 20; call += 1) {
      const verdict = await ledger.admit(claims);
      // The place of the call before is free, though its end was said in this same moment.
      assert.ok(verdict.admitted);
      verdict.holding.settle(claims.map(() => 1));
    }
    assert.equal(commands(server) - already, 20);
  });

  it('keep apart what a strange name asks for', async () => {
    const names = ['a|b', '["', 'a\nb', '\uD800', '\u0000', 'ключ 🔑', ''];
    for (const [at, name] of names.entries()) {
      const claim: BudgetClaim = {
        kind: 'budget',
        key: name,
        limit: 100,
        amount: at + 1,
        hard: true,
        endsAt: undefined,
      };
      const verdict = await replicas[0]?.ledger.admit([claim]);
      assert.ok(verdict?.admitted);
      verdict.holding.settle([at + 1]);
    }
    await replicas[0]?.counters.flush();
    for (const [at, name] of names.entries()) {
      const claim: BudgetClaim = { kind: 'budget', key: name, limit: 100, amount: 1, hard: true, endsAt: undefined };
      assert.equal((await replicas[1]?.ledger.read([claim]))?.[0]?.used, at + 1);
    }
  });

  it('know how many they are', async () => {
    const fourth = await openReplica({ url: server.url, graceMs: 0 });
    while (fourth.counters.replicas !== REPLICAS + 1) await delay(5);
    await fourth.close();
    assert.equal(server.ask('ZCARD', '{causeway}:live'), `${REPLICAS}`);
  });
});

/** EVALSHA and EVAL that were run. */
function commands(server: RedisServer): number {
  const lines = server.ask('INFO', 'commandstats').matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g);
  return [...lines].reduce((sum, [, calls]) => sum + Number(calls), 0);
}
