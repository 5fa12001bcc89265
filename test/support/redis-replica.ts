import { newId } from '../../src/core/ids.ts';
import { systemScheduler } from '../../src/core/scheduler.ts';
import { RedisLedger, type RedisLedgerOptions } from '../../src/pipeline/quotas/ledger/redis-ledger.ts';
import type { SpendRow, SpendStore } from '../../src/pipeline/quotas/ledger/spend.ts';
import { type RedisHandle, openRedis } from '../../src/storage/counters/redis.ts';

type Stored = SpendRow & { readonly replica: string };

/** What was spent, in the memory of a test; it can be away. */
export class SpendShelf implements SpendStore {
  readonly #rows = new Map<string, Stored>();
  isAway = false;
  loads = 0;

  async save(replica: string, rows: readonly SpendRow[]): Promise<void> {
    this.#check();
    for (const row of rows) this.#rows.set(`${replica} ${row.key}`, { ...row, replica });
  }

  async load(): Promise<Stored[]> {
    this.loads += 1;
    this.#check();
    return [...this.#rows.values()];
  }

  #check(): void {
    if (this.isAway) throw new Error('the database is away');
  }
}

export interface Replica {
  readonly id: string;
  readonly redis: RedisHandle;
  readonly ledger: RedisLedger;
  /** Resolves when the counters are exact, or away. */
  until(state: 'exact' | 'away'): Promise<void>;
  close(): Promise<void>;
}

const quiet = { info() {}, warn() {}, error() {} };

/** A ledger on a Redis, as a replica has it; resolves when it is exact. */
export async function openReplica({
  url,
  ...parts
}: { readonly url: string } & Partial<RedisLedgerOptions>): Promise<Replica> {
  const replica = startReplica({ redis: openRedis({ url, log: quiet }), ...parts });
  await replica.until('exact');
  return replica;
}

export function startReplica({
  redis,
  ...parts
}: { readonly redis: RedisHandle } & Partial<RedisLedgerOptions>): Replica {
  const id = parts.replica ?? newId('replica');
  let waiting: { readonly state: string; readonly done: () => void }[] = [];
  const ledger = new RedisLedger({
    redis,
    replica: id,
    leaseMs: 15_000,
    scheduler: systemScheduler,
    store: new SpendShelf(),
    rows: () => [],
    onReaped: () => {},
    ...parts,
    onState(state, reason) {
      for (const one of waiting.filter((who) => who.state === state)) one.done();
      waiting = waiting.filter((who) => who.state !== state);
      parts.onState?.(state, reason);
    },
  });
  ledger.start();
  return {
    id,
    redis,
    ledger,
    until(state) {
      if (ledger.state === state) return Promise.resolve();
      return new Promise((done) => void waiting.push({ state, done }));
    },
    async close() {
      await ledger.close();
      await redis.close();
    },
  };
}
