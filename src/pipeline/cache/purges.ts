import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { Sweepable } from '../../core/sweep.ts';
import { DAY_MS } from '../../core/units.ts';
import type { FollowedState, Revisions } from '../../storage/revisions/revision-follower.ts';
import type { PurgeFilter } from './store/answer-store.ts';
import { MOST_PURGES, type Purge, type PurgeLog } from './store/purge-log.ts';

/** Which purges there were. Every call throws storage_unavailable where the database does not answer. */
export interface PurgeStore {
  add(purge: Purge): Promise<void>;
  /** The newest first. */
  newest(limit: number): Promise<Purge[]>;
  /** Those before a time, epoch milliseconds. @returns how many */
  deleteBefore(at: number, limit: number): Promise<number>;
}

export interface PurgesDeps {
  readonly store: PurgeStore;
  /** Against which answers of a shared level are held. */
  readonly log: Pick<PurgeLog, 'replace'>;
  /** Deletes what this process has. @returns how many */
  apply(filter: PurgeFilter): number;
  readonly clock: Pick<Clock, 'now'>;
  readonly scheduler: Scheduler;
}

/** What could not be stored is tried again after this. */
const AGAIN_MS = 5000;

/** What a purge did. */
export interface Purged {
  /** Of this process's answers; other replicas delete theirs within a second. */
  readonly purged: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Purges of all replicas: each deletes its own answers when it hears of one. */
export class Purges {
  readonly #deps: PurgesDeps;
  readonly #state: FollowedState;
  #revisions: Revisions | undefined;
  #stored: readonly Purge[] = [];
  /** In force here, and not yet in the database. */
  readonly #held = new Set<Purge>();
  #stopTrying = (): void => {};
  #isClosed = false;
  /** Ids of those that this process has acted on. */
  #seen: ReadonlySet<string> = new Set();

  constructor(deps: PurgesDeps) {
    this.#deps = deps;
    this.#state = {
      subject: 'cache_purges',
      refresh: async () => this.#replace(await deps.store.newest(MOST_PURGES + 1)),
      kept: {
        save: () => jsonOfPurges(this.#stored),
        load: (kept) => this.#replace(purgesOfJson(kept)),
      },
    };
  }

  /** From now on purges of other replicas are in force here within a second. */
  async start(revisions: Revisions): Promise<void> {
    this.#revisions = revisions;
    await revisions.follow(this.#state);
  }

  /**
   * Deletes answers here at once, and on all other replicas.
   * @throws storage_unavailable where the others cannot be told; here they are deleted all the same
   */
  async purge(filter: PurgeFilter): Promise<Purged> {
    if (this.#held.size >= MOST_PURGES) throw new GatewayError('storage_unavailable');
    const purge: Purge = { id: newId('purge'), filter, at: this.#deps.clock.now() };
    this.#held.add(purge);
    this.#seen = new Set([...this.#seen, purge.id]);
    this.#inForce();
    const purged = this.#deps.apply(filter);
    await this.#storeHeld();
    await this.#revisions?.refresh();
    return { purged, at: purge.at };
  }

  /** Those that could not be stored before go first. They stay in force here until they are. */
  async #storeHeld(): Promise<void> {
    try {
      for (const purge of this.#held) {
        await this.#deps.store.add(purge);
        this.#held.delete(purge);
      }
    } catch (error) {
      this.#tryAgain();
      throw error;
    }
  }

  #tryAgain(): void {
    if (this.#isClosed) return;
    this.#stopTrying();
    this.#stopTrying = this.#deps.scheduler.after(AGAIN_MS, () => void this.#storeHeld().catch(() => {}));
  }

  /** Those that are not stored by then are in force here alone. */
  close(): void {
    this.#isClosed = true;
    this.#stopTrying();
  }

  #replace(stored: readonly Purge[]): void {
    const isNew = ({ id }: Purge): boolean => !this.#seen.has(id);
    const heard = stored.filter(isNew);
    this.#stored = stored;
    this.#seen = new Set([...stored, ...this.#held].map(({ id }) => id));
    this.#inForce();
    for (const { filter } of heard) this.#deps.apply(filter);
  }

  #inForce(): void {
    this.#deps.log.replace([...this.#held, ...this.#stored]);
  }
}

/** As a replica keeps them on its own disk. */
function jsonOfPurges(purges: readonly Purge[]): Json {
  return purges.map(({ id, filter, at }) => ({ id, filter: { ...filter }, at }));
}

function purgesOfJson(kept: Json): readonly Purge[] {
  return kept as unknown as readonly Purge[];
}

/** Purges of what is long over by itself. @param longestTtl of any answer, milliseconds */
export function oldPurges(
  store: Pick<PurgeStore, 'deleteBefore'>,
  clock: Pick<Clock, 'now'>,
  longestTtl: () => number,
): Sweepable {
  return {
    // A day more, for answers that were kept before the configuration changed.
    delete: (limit) => store.deleteBefore(clock.now() - longestTtl() - DAY_MS, limit),
    failure: 'purges of the cache that are long over could not be deleted; tried again in an hour',
  };
}
