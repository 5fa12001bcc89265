import type { Json } from '../../core/json.ts';
import { type Scheduler, systemScheduler } from '../../core/scheduler.ts';
import type { Database } from '../database/database.ts';
import type { StorageLog } from '../database/storage-log.ts';
import { type ChangeNotices, NoticeConnection, hearHere } from './change-notices.ts';
import { type Subject, readRevisions } from './revision-store.ts';

/** How soon a change made elsewhere is seen where nothing tells of it; it must be in force within a second. */
const POLL_MS = 500;
/** The same while notices come. They may be lost, as behind a pooler, so that it is asked all the same. */
const POLL_BEHIND_NOTICES_MS = 750;

/** Something of the database of which this process keeps a copy. */
export interface FollowedState {
  readonly subject: Subject;
  /** Loads it anew. */
  refresh(): Promise<void>;
  /** What of it a start without the database needs to know; it is kept beside the process, sealed. */
  readonly kept?: {
    save(): Json;
    load(kept: Json): void;
  };
}

/** What directories need of the follower. */
export interface Revisions {
  /** Loads it, then loads it again at each change, here or elsewhere. Rejects where the first load fails. */
  follow(state: FollowedState): Promise<void>;
  /** Sees at once what was changed here. Resolves when it is in force, also where the database is away. */
  refresh(): Promise<void>;
}

export interface FollowerOptions {
  /** The revision of each subject, in one question. */
  revisions(): Promise<ReadonlyMap<string, number>>;
  /** Has to succeed once before anything is asked: the tables may not be there yet. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /** A state was loaded. */
  readonly refreshed?: ((state: FollowedState) => void) | undefined;
  readonly scheduler: Scheduler;
  readonly log: Pick<StorageLog, 'info' | 'warn'>;
  /** Makes the notices, each of which is to be answered by a call. */
  readonly notices: (heard: () => void) => ChangeNotices;
}

interface Watched {
  readonly state: FollowedState;
  /** The revision that is in force; undefined: none was loaded yet. */
  seen: number | undefined;
  failing: boolean;
}

/**
 * Asks for all revisions together, when told of a change and regularly, and refreshes what rose. While the database is
 * away what is known stays in force, which is said once when it begins and once when it ends.
 */
export class RevisionFollower implements Revisions {
  readonly #options: FollowerOptions;
  readonly #watched: Watched[] = [];
  readonly #notices: ChangeNotices;
  readonly #prepared = Promise.withResolvers<void>();
  #isPrepared = false;
  #away: boolean;
  #closed = false;
  #cancel = (): void => undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    // A start that has to prepare is one without the database, which was said.
    this.#away = options.prepare !== undefined;
    if (!this.#away) this.#setPrepared();
    this.#notices = options.notices(() => void this.refresh());
    this.#schedule();
  }

  /** False while the database does not answer. */
  get isAway(): boolean {
    return this.#away;
  }

  /** Resolves when the database has answered and is up to date; it may have done so before the start. */
  get prepared(): Promise<void> {
    return this.#prepared.promise;
  }

  async follow(state: FollowedState): Promise<void> {
    const revisions = await this.#options.revisions();
    await state.refresh();
    this.#options.refreshed?.(state);
    // Taken down before the load, so that a change during it is loaded again.
    this.#watched.push({ state, seen: revisions.get(state.subject) ?? 0, failing: false });
  }

  /** The same without the database: it is loaded as soon as that answers. */
  followLater(state: FollowedState): void {
    this.#watched.push({ state, seen: undefined, failing: false });
  }

  /** Those who ask while one look waits for another share it. */
  refresh(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      this.#running = this.#look();
      return this.#running;
    });
    return this.#next;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#notices.close();
  }

  #schedule(): void {
    if (this.#closed) return;
    const ms = this.#notices.working ? POLL_BEHIND_NOTICES_MS : POLL_MS;
    this.#cancel = this.#options.scheduler.after(ms, () => void this.refresh().then(() => this.#schedule()));
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    const { log, prepare } = this.#options;
    try {
      if (!this.#isPrepared) await prepare?.();
      const current = await this.#options.revisions();
      this.#setPrepared();
      if (this.#away) log.info({}, 'the database answers again');
      this.#away = false;
      await Promise.all(this.#watched.map((watched) => this.#bringUp(watched, current)));
    } catch (err) {
      if (!this.#away && !this.#closed) log.warn({ err }, 'the database is away; what was known last stays in force');
      this.#away = true;
    }
  }

  async #bringUp(watched: Watched, current: ReadonlyMap<string, number>): Promise<void> {
    const { state } = watched;
    const { subject } = state;
    const { log, refreshed } = this.#options;
    const revision = current.get(subject) ?? 0;
    if (revision === watched.seen) return;
    try {
      await state.refresh();
      watched.seen = revision;
      watched.failing = false;
      refreshed?.(state);
    } catch (err) {
      if (!watched.failing && !this.#closed)
        log.warn({ err, subject }, 'a change cannot be loaded; what was known last stays in force');
      watched.failing = true;
    }
  }

  #setPrepared(): void {
    this.#isPrepared = true;
    this.#prepared.resolve();
  }
}

/** Only what is changed in this process is told; everything else is found by asking. */
const SILENT: ChangeNotices = { working: false, close: () => Promise.resolve() };

/** Follows a database of either kind. */
export function followDatabase(
  database: Pick<Database, 'kind' | 'pool' | 'orm' | 'connection'>,
  options: Pick<FollowerOptions, 'log' | 'prepare' | 'refreshed'>,
): RevisionFollower {
  return new RevisionFollower({
    ...options,
    revisions: () => readRevisions(database),
    scheduler: systemScheduler,
    notices(heard) {
      const stop = hearHere(database.orm, heard);
      const { connection } = database;
      const others =
        database.kind === 'postgres' ? new NoticeConnection({ connection, scheduler: systemScheduler, heard }) : SILENT;
      return {
        get working() {
          return others.working;
        },
        close() {
          stop();
          return others.close();
        },
      };
    },
  });
}
