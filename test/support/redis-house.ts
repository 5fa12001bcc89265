import assert from 'node:assert/strict';

import type { Redis } from 'ioredis';

import type { Claim, ClaimState, Holding } from '../../src/pipeline/quotas/ledger/ledger.ts';
import type { AwaySettings } from '../../src/pipeline/quotas/ledger/local-share.ts';
import { CutRedis, type Host } from './cut-redis.ts';
import { FakeClock } from './fake-clock.ts';
import { Replica, SpendShelf } from './redis-replica.ts';

export const HOUSE_LEASE = 6000;
export const HARD_LIMIT = 150;

/** What a call holds, and what it was settled for. */
export interface Held {
  readonly who: number;
  readonly bounds: readonly number[];
  readonly holding: Holding;
  actual: readonly number[] | undefined;
}

/** Three replicas, one Redis that is cut, emptied and set back, and what was really spent. */
export class House {
  readonly clock = new FakeClock();
  readonly shelf = new SpendShelf();
  readonly host: Host;
  readonly admin: Redis;
  readonly handles: CutRedis[] = [];
  readonly replicas: Replica[] = [];
  readonly dead = new Set<number>();
  readonly held: Held[] = [];
  #runs = 1;
  #wasDatabaseAway = false;
  #copy: { key: string; dump: Buffer }[] = [];

  constructor(host: Host, admin: Redis, away?: AwaySettings) {
    this.host = host;
    this.admin = admin;
    for (let at = 0; at < 3; at += 1) this.handles.push(new CutRedis(host));
    for (const redis of this.handles) {
      const { clock, shelf } = this;
      this.replicas.push(
        new Replica({ redis, shelf, clock, scheduler: clock, leaseMs: HOUSE_LEASE, ...(away && { away }) }),
      );
    }
  }

  async start(): Promise<void> {
    await this.admin.flushall();
    this.host.runId = 'run1';
    for (const { counters } of this.replicas) void counters.start();
    await this.wait(1500);
  }

  /** In small steps, so that what follows from a timer comes before the next one. */
  async wait(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      this.clock.advance(Math.min(50, left));
      await this.host.rest();
    }
  }

  claims([hard, soft]: readonly [number, number]): Claim[] {
    return [
      { kind: 'budget', key: 'hard', limit: HARD_LIMIT, amount: hard, hard: true, endsAt: undefined },
      { kind: 'budget', key: 'soft', limit: 1_000_000, amount: soft, hard: false, endsAt: undefined },
      { kind: 'concurrency', key: 'places', limit: 1000 },
    ];
  }

  /** One call of a replica: so much of the hard budget, so much of the soft one, and a place. Undefined: not admitted. */
  async admit(who: number, amounts: readonly [number, number]): Promise<Held | undefined> {
    if (this.dead.has(who)) return undefined;
    const asked = this.replicas[who]?.ledger.admit(this.claims(amounts));
    // A call that waits for an agreement needs time to pass.
    const verdict = await Promise.resolve(asked).catch(() => undefined);
    if (!verdict?.admitted) return undefined;
    const held: Held = { who, bounds: amounts, holding: verdict.holding, actual: undefined };
    this.held.push(held);
    // Where the database was away, too, nobody may know what those know who are cut off.
    if (!this.#wasDatabaseAway) assert.ok((this.expected()[0] ?? 0) <= HARD_LIMIT, 'the hard budget was exceeded');
    return held;
  }

  /** The database goes away, or comes back. */
  setDatabase(isAway: boolean): void {
    this.shelf.isAway = isAway;
    this.#wasDatabaseAway ||= isAway;
  }

  /** One of the calls that are under way ends. */
  settle(which: number, share: number): void {
    const open = this.held.filter(({ actual, who }) => !actual && !this.dead.has(who));
    const one = open[which % Math.max(1, open.length)];
    if (!one) return;
    one.actual = one.bounds.map((bound) => Math.ceil(bound * share));
    one.holding.settle(one.actual);
  }

  cut(who: number): void {
    this.handles[who]?.cut();
  }

  mend(who: number): void {
    if (!this.dead.has(who)) this.handles[who]?.mend();
  }

  async recover(): Promise<void> {
    for (let at = 0; at < 3; at += 1) this.mend(at);
    await this.wait(2500);
  }

  /** Of what nobody had heard of yet nothing can be known; so it dies when it has said everything, and one lives on. */
  async die(who: number): Promise<void> {
    const one = this.replicas[who];
    if (!one || this.dead.size === 2 || this.dead.has(who) || this.shelf.isAway) return;
    await one.counters.flush();
    await this.host.rest();
    const underWay = this.held.filter((held) => held.who === who && !held.actual).length;
    if (one.counters.state !== 'exact' || one.counters.outstanding > underWay) return;
    await one.ledger.close();
    this.handles[who]?.cut();
    this.dead.add(who);
  }

  /** What Redis knows now, for a fail-over later. */
  async keepCopy(): Promise<void> {
    const keys = await this.admin.keys('*');
    this.#copy = [];
    for (const key of keys) {
      const dump = await this.admin.dumpBuffer(key);
      if (dump) this.#copy.push({ key, dump });
    }
  }

  /** Another run of a server answers, which knows nothing, or what was copied; all connections are cut. */
  async failOver(to: 'empty' | 'copy'): Promise<void> {
    for (const handle of this.handles) handle.cut();
    await this.host.rest();
    await this.admin.flushall();
    if (to === 'copy') for (const { key, dump } of this.#copy) await this.admin.restore(key, 0, dump);
    this.#runs += 1;
    this.host.runId = `run${this.#runs}`;
  }

  /** Everybody is back, all calls have ended, and the dead are resolved. */
  async end(): Promise<void> {
    this.shelf.isAway = false;
    for (let at = 0; at < 3; at += 1) {
      this.handles[at]?.tripAtNext(undefined);
      this.mend(at);
    }
    await this.wait(8000);
    for (const [at, { counters }] of this.replicas.entries()) {
      if (!this.dead.has(at)) assert.equal(counters.state, 'exact', `replica ${at}`);
    }
    for (let left = this.held.length; left > 0; left -= 1) this.settle(0, 0.5);
    await this.wait(3 * HOUSE_LEASE);
  }

  /** What was settled, and what the dead held. */
  expected(): number[] {
    return [0, 1].map((at) => this.held.reduce((sum, { actual, bounds }) => sum + ((actual ?? bounds)[at] ?? 0), 0));
  }

  /** How the shared counters stand. */
  async seen(): Promise<readonly ClaimState[]> {
    const exact = this.replicas.find(({ counters }, at) => counters.state === 'exact' && !this.dead.has(at));
    return (await exact?.ledger.read(this.claims([0, 0]))) ?? [];
  }
}
