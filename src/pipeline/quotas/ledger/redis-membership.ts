import { newId } from '../../../core/ids.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { RedisHandle } from '../../../storage/counters/redis.ts';
import { RedisLease } from './redis-lease.ts';
import { type Knowledge, NotYetError, type RunScript, type SyncTask, agree, begin, restore } from './redis-sync.ts';
import type { SpendRow, SpendStore } from './spend.ts';

/** After a loss, all replicas get so long to say what they know before anybody is admitted. */
const GRACE_MS = 1000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;
const LOST = 'Redis does not know what this replica holds';

/** `joining`: it will be exact, or away, in a moment; those who ask wait for it. */
export type RedisState = 'away' | 'joining' | 'exact';

export interface MembershipOptions {
  readonly redis: RedisHandle;
  /** This process, for as long as it lives; a name that no other has had. */
  readonly replica: string;
  /** How long others wait for a sign of life. */
  readonly leaseMs: number;
  readonly scheduler: Scheduler;
  readonly store: Pick<SpendStore, 'load'>;
  /** Another replica is gone; what it has used in all, of the budgets of which it still held something. */
  onReaped(replica: string, rows: readonly SpendRow[]): void;
  onState?(state: 'away' | 'exact', reason: string): void;
  readonly graceMs?: number;
  /** Epoch milliseconds in place of Redis' own clock; for tests. */
  readonly now?: () => number;
}

/** What the ledger knows of itself. */
export interface Member {
  /** All of it, at this moment; what is told is not told again, unless it is given back. */
  tell(): Knowledge;
  giveBack(knowledge: Knowledge): void;
}

/**
 * One replica's place among those that count in the same Redis. It has a session, which begins on each connection and
 * whenever Redis does not know the last one; at its beginning Redis and the replica are made to agree.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #member: Member;
  readonly #lease: RedisLease;
  /** Where the replica's holdings stand. */
  readonly key: string;
  #state: RedisState = 'away';
  #session = '';
  /** Counts attempts to join, so that each knows when it is not the last. */
  #attempts = 0;
  #joining: Promise<void> = Promise.resolve();
  #retryMs = FIRST_RETRY_MS;
  #stopRetry = (): void => {};
  #isClosed = false;

  constructor(options: MembershipOptions, member: Member) {
    this.#options = options;
    this.#member = member;
    this.key = keyOf(options.replica);
    this.#lease = new RedisLease({
      run: (script, args, replica) => this.#runAs(this.#session, script, args, replica),
      leaseMs: options.leaseMs,
      scheduler: options.scheduler,
      mayReap: () => this.#state === 'exact',
      onLost: () => this.lost(),
      onReaped: (replica, rows) => options.onReaped(replica, rows),
    });
  }

  /** Joins as soon as Redis answers, and each time that it answers again. */
  start(): void {
    const { redis } = this.#options;
    redis.onUp(() => this.#join());
    redis.onDown((reason) => this.leave(reason));
    if (redis.ready) this.#join();
  }

  get state(): RedisState {
    return this.#state;
  }

  get session(): string {
    return this.#session;
  }

  /** While `joining`: resolves when it is over, whatever its end. */
  get joined(): Promise<void> {
    return this.#joining;
  }

  /** Replicas that live, as seen last; at least 1. */
  get replicas(): number {
    return this.#lease.replicas;
  }

  /** Microseconds as the scripts take them: none but in tests. */
  time(): string {
    const { now } = this.#options;
    return now ? `${Math.round(now() * 1000)}` : '';
  }

  readonly run: RunScript = (script, args) => this.#runAs(this.#session, script, args);

  /** The session is not known in Redis any more. */
  lost(): void {
    this.leave(LOST);
  }

  /** Something went wrong: Redis is away until a new session has begun. */
  leave(reason: string): void {
    if (this.#state === 'away') return;
    this.#attempts += 1;
    this.#state = 'away';
    this.#options.onState?.('away', reason);
    this.#joinLater();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopRetry();
    this.#lease.stop();
    this.#attempts += 1;
    this.#state = 'away';
  }

  #runAs(session: string, ...[script, args, replica]: Parameters<RunScript>): Promise<unknown> {
    const key = replica === undefined ? this.key : keyOf(replica);
    return this.#options.redis.run(script, key, [this.time(), session, ...args]);
  }

  #joinLater(): void {
    // Where the connection is gone, it begins anew with the next one.
    if (this.#isClosed || !this.#options.redis.ready) return;
    this.#stopRetry();
    this.#stopRetry = this.#options.scheduler.after(this.#retryMs, () => this.#join());
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  #join(): void {
    if (this.#isClosed) return;
    this.#stopRetry();
    this.#attempts += 1;
    const attempt = this.#attempts;
    const isOver = (): boolean => this.#attempts !== attempt || this.#isClosed;
    this.#joinAs(newId('session'), isOver).catch((error: unknown) => {
      if (isOver()) return;
      this.leave(reasonOf(error));
      // Another one is at it: that takes a moment.
      if (error instanceof NotYetError) this.#retryMs = FIRST_RETRY_MS;
      this.#joinLater();
    });
  }

  async #joinAs(session: string, isOver: () => boolean): Promise<void> {
    const { redis, replica, leaseMs, store, scheduler, graceMs = GRACE_MS } = this.#options;
    const run: RunScript = (...what) => this.#runAs(session, ...what);
    const task: SyncTask = { run, replica, runId: redis.runId, leaseMs, store };
    const waitMs = graceMs - (await begin(task));
    if (isOver()) return;
    this.#session = session;
    this.#lease.start();
    if (waitMs > 0) {
      // The others have to know of it before they admit anybody. What comes in the meantime is told at the end.
      await this.#tell(task);
      await new Promise<void>((done) => void scheduler.after(waitMs, done));
      // Those that are slow to come back have at least written down what they know.
      if (!isOver()) await restore(task);
      if (isOver()) return;
    }
    this.#state = 'joining';
    const telling = this.#tell(task);
    this.#joining = telling.catch(() => {});
    await telling;
    if (isOver()) return;
    this.#state = 'exact';
    this.#retryMs = FIRST_RETRY_MS;
    void this.#lease.beat(false);
    this.#options.onState?.('exact', 'Redis answers');
  }

  async #tell(task: SyncTask): Promise<void> {
    const knowledge = this.#member.tell();
    try {
      await agree(task, knowledge);
    } catch (error) {
      this.#member.giveBack(knowledge);
      throw error;
    }
  }
}

function keyOf(replica: string): string {
  return `{causeway}:h:${replica}`;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
