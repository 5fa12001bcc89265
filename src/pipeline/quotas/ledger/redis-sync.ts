import type { LuaScript } from '../../../storage/counters/lua-script.ts';
import { encodable } from './redis-codec.ts';
import type { RedisHolding } from './redis-holding.ts';
import { CALL_SCRIPTS } from './redis-scripts.ts';
import { SESSION_SCRIPTS } from './redis-session-scripts.ts';
import type { SpendRow, SpendStore } from './spend.ts';

/** Rows, holdings or settlements of one script, so that none holds up the server for long. */
const CHUNK = 200;
/** How long one replica may take to complete what Redis has lost, before another one tries. */
const LOCK_MS = 10_000;

/** Runs a script on what a replica holds; its own where none is named. The session is added to the arguments. */
export type RunScript = (script: LuaScript, args: readonly string[], replica?: string) => Promise<unknown>;

export interface SyncTask {
  readonly run: RunScript;
  readonly replica: string;
  /** Of the server that answers now. */
  readonly runId: string;
  readonly leaseMs: number;
  readonly store: Pick<SpendStore, 'load'>;
}

/** What a replica knows of itself at one moment. */
export interface Knowledge {
  readonly held: readonly RedisHolding[];
  /** Settlements that Redis may not know of, and that `rows` has in it. */
  readonly settlements: readonly string[];
  readonly rows: readonly SpendRow[];
}

/** Another replica is at it, or took over. */
export class NotYetError extends Error {}

/**
 * Begins a session, and sees to it that what Redis knows of other replicas is complete: after a restart or a failover
 * it may know nothing, or what was so a while ago.
 * @returns milliseconds since it is complete
 * @throws NotYetError; storage_unavailable where it is not complete and what was spent cannot be read
 */
export async function begin(task: SyncTask): Promise<number> {
  const [run, ageMs] = (await task.run(SESSION_SCRIPTS.begin, [`${task.leaseMs}`])) as [string, number];
  if (run === task.runId) return ageMs;
  if ((await task.run(SESSION_SCRIPTS.lock, [`${LOCK_MS}`])) !== 1)
    throw new NotYetError('another replica restores the sums');
  try {
    await restore(task);
    confirm(await task.run(SESSION_SCRIPTS.complete, [task.runId]));
    return 0;
  } catch (error) {
    await task.run(SESSION_SCRIPTS.unlock, []).catch(() => {});
    throw error;
  }
}

/**
 * Brings the sums of the replicas that have not come back by themselves up to what is written down now.
 * @throws storage_unavailable
 */
export async function restore({ run, replica, runId, leaseMs, store }: SyncTask): Promise<void> {
  const byReplica = Map.groupBy(await store.load(), (row) => row.replica);
  byReplica.delete(replica);
  for (const [other, rows] of byReplica) {
    for (const some of chunks(rows)) {
      const list = some.map(({ key, endsAt = 0, used, reserved }) => [encodable(key), endsAt, used, reserved]);
      confirm(await run(SESSION_SCRIPTS.restore, [runId, `${leaseMs}`, JSON.stringify(list)], other));
    }
  }
}

/**
 * Makes Redis agree with what the replica knows. First is added, then corrected, then released, so that whoever comes
 * in between finds too much counted, never too little. Each step may be done again.
 */
export async function agree({ run, runId }: SyncTask, { held, settlements, rows }: Knowledge): Promise<void> {
  for (const some of chunks(held)) {
    confirm(
      await run(
        SESSION_SCRIPTS.add,
        some.flatMap((holding) => [holding.id, holding.encoded]),
      ),
    );
  }
  for (const some of chunks(rows)) {
    const list = some.map(({ key, endsAt = 0, used }) => [encodable(key), endsAt, used]);
    confirm(await run(SESSION_SCRIPTS.sums, [JSON.stringify(list)]));
  }
  for (const some of chunks(settlements)) {
    confirm(await run(CALL_SCRIPTS.settle, [`[${some.join(',')}]`, 'counted']));
  }
  confirm(await run(SESSION_SCRIPTS.agree, [runId, JSON.stringify(held.map(({ id }) => id))]));
}

function confirm(answer: unknown): void {
  if (answer === -1) throw new NotYetError('the session was taken over');
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  const all: Item[][] = [];
  for (let at = 0; at < items.length; at += CHUNK) all.push(items.slice(at, at + CHUNK));
  return all;
}
