import { type Clock, systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { type Scheduler, systemScheduler } from '../../src/core/scheduler.ts';
import type { AwaySettings } from '../../src/pipeline/quotas/ledger/local-share.ts';
import { MemoryLedger } from '../../src/pipeline/quotas/ledger/memory-ledger.ts';
import { RedisCounters } from '../../src/pipeline/quotas/ledger/redis-counters.ts';
import type { SpendRow, SpendStore } from '../../src/pipeline/quotas/ledger/spend.ts';
import { TalliedLedger } from '../../src/pipeline/quotas/ledger/tallied-ledger.ts';
import { type RedisHandle, openRedis } from '../../src/storage/counters/redis.ts';

type Stored = SpendRow & { readonly replica: string };

/** What was spent, in the memory of a test; it can be away. */
export class SpendShelf implements SpendStore {
  readonly #rows = new Map<string, Stored>();
  isAway = false;
  /** How often it was asked in vain. */
  refusals = 0;

  async save(replica: string, rows: readonly SpendRow[]): Promise<void> {
    this.#check();
    for (const row of rows) this.#rows.set(`${replica} ${row.key}`, { ...row, replica });
  }

  async load(): Promise<Stored[]> {
    this.#check();
    return [...this.#rows.values()];
  }

  #check(): void {
    if (!this.isAway) return;
    this.refusals += 1;
    throw new Error('the database is away');
  }
}

export interface ReplicaOptions {
  readonly redis: RedisHandle;
  readonly shelf?: SpendShelf;
  readonly replica?: string;
  readonly leaseMs?: number;
  readonly graceMs?: number;
  readonly scheduler?: Scheduler;
  /** In place of Redis' own clock. */
  readonly clock?: Clock;
  readonly away?: AwaySettings;
  readonly onReaped?: (replica: string, rows: readonly SpendRow[]) => void;
}

const quiet = { info() {}, warn() {}, error() {} };

/** A replica's counters, put together as the gateway does. */
export class Replica {
  readonly id: string;
  readonly redis: RedisHandle;
  readonly counters: RedisCounters;
  readonly ledger: TalliedLedger;
  /** Each change of the counters' state. */
  readonly changes: string[] = [];
  #waiting: { readonly state: string; readonly done: () => void }[] = [];

  constructor(options: ReplicaOptions) {
    const { redis, shelf = new SpendShelf(), replica = newId('replica'), scheduler = systemScheduler } = options;
    const { clock, graceMs, leaseMs = 15_000, onReaped } = options;
    const away: AwaySettings = options.away ?? { whenAway: 'local', hardBudgetsWhenAway: 'closed' };
    this.id = replica;
    this.redis = redis;
    this.counters = new RedisCounters({
      redis,
      replica,
      leaseMs,
      scheduler,
      store: shelf,
      rows: () => this.ledger.rows(),
      onReaped(dead, rows) {
        void shelf.save(dead, rows).catch(() => {});
        onReaped?.(dead, rows);
      },
      memory: () => new MemoryLedger(clock ?? systemClock),
      settings: () => away,
      onChange: (state) => this.#changed(state),
      ...(clock && { now: () => clock.now() }),
      ...(graceMs !== undefined && { graceMs }),
    });
    this.ledger = new TalliedLedger({
      ledger: this.counters.ledger,
      replica,
      store: shelf,
      scheduler,
      now: () => (clock ?? systemClock).now(),
      onStore() {},
    });
  }

  /** Resolves when the counters are in that state. */
  until(state: 'exact' | 'degraded'): Promise<void> {
    if (this.counters.state === state) return Promise.resolve();
    return new Promise((done) => void this.#waiting.push({ state, done }));
  }

  async close(): Promise<void> {
    await this.counters.close();
    await this.ledger.close();
    await this.redis.close();
  }

  #changed(state: 'exact' | 'degraded'): void {
    this.changes.push(state);
    if (state === 'exact') this.ledger.saveAgain();
    for (const one of this.#waiting.filter((who) => who.state === state)) one.done();
    this.#waiting = this.#waiting.filter((who) => who.state !== state);
  }
}

/** A replica on a server; resolves when its counters are exact, or after so long without Redis. */
export async function openReplica({
  url,
  startMs = 10_000,
  ...options
}: { readonly url: string; readonly startMs?: number } & Omit<ReplicaOptions, 'redis'>): Promise<Replica> {
  const replica = new Replica({ redis: openRedis({ url, log: quiet }), ...options });
  await replica.counters.start(startMs);
  return replica;
}
