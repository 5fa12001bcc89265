import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from 'pino';

import { openSnapshot, placeOf } from './app-snapshot.ts';
import type { Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { GatewayError } from './core/errors.ts';
import type { OpenedParts } from './opened-parts.ts';
import { type Database, openDatabase } from './storage/database/database.ts';
import { DatabaseRefusedError, migrate } from './storage/migrate.ts';
import {
  type FollowedState,
  type RevisionFollower,
  type Revisions,
  followDatabase,
} from './storage/revisions/revision-follower.ts';
import type { Snapshot } from './storage/snapshot/snapshot.ts';

/** The database, and what this process knows of it. */
export interface Storage extends Revisions {
  readonly database: Database;
  /** Whether the database answered at the start. Where it did not, what is followed is known from the snapshot. */
  readonly startedOnline: boolean;
  /** Resolves when the database has answered and has all tables; at once where it did so at the start. */
  readonly online: Promise<void>;
  /** Whether the database answers; as of the last question, which is less than a second ago. */
  readonly answers: boolean;
  /** When what a start without the database would be from was written; undefined where there is none. */
  readonly snapshotWrittenAt: number | undefined;
}

export interface StorageOptions {
  readonly dataDir: string;
  /** A PostgreSQL connection string; undefined = the embedded database in `dataDir`. */
  readonly url: string | undefined;
  readonly env: Environment;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** How long a server is waited for that does not answer; for tests. */
  readonly patienceMs?: number;
}

const RETRY_MS = 250;
/** A server that is started together with this process gets this long. */
const PATIENCE_MS = 30_000;
/** The same where there is a snapshot to start from. */
const SHORT_PATIENCE_MS = 2000;

/**
 * Opens the database and brings it up to date. Where PostgreSQL does not answer and an earlier process has left a
 * snapshot, the start goes on without it.
 * @throws LockHeldError, DatabaseRefusedError, storage_unavailable; RangeError where a master key is too short
 */
export async function openStorage(options: StorageOptions, opened: OpenedParts): Promise<Storage> {
  const { dataDir, url, log, patienceMs } = options;
  const database = opened.keep(await openDatabase({ dataDir, url, log }), (handle) => handle.close());
  const bringUp = async (): Promise<void> => void (await migrate(database, { log }));
  const snapshot = url === undefined ? undefined : snapshotOf({ ...options, url });
  if (snapshot) opened.keep(snapshot, (one) => one.close());
  const startedOnline = await reach(bringUp, { url, savedAt: snapshot?.savedAt, patienceMs, log });
  const follower = opened.keep(
    followDatabase(database, {
      log,
      prepare: startedOnline ? undefined : bringUp,
      refreshed: () => snapshot?.changed(),
    }),
    (one) => one.close(),
  );
  return {
    database,
    startedOnline,
    online: follower.prepared,
    get answers() {
      return !follower.isAway;
    },
    get snapshotWrittenAt() {
      return snapshot?.writtenAt;
    },
    follow: (state) => follow(state, { follower, snapshot, startedOnline, log }),
    refresh: () => follower.refresh(),
  };
}

interface Following {
  readonly follower: RevisionFollower;
  readonly snapshot: Snapshot | undefined;
  readonly startedOnline: boolean;
  readonly log: StorageOptions['log'];
}

async function follow(state: FollowedState, { follower, snapshot, startedOnline, log }: Following): Promise<void> {
  const { subject, kept } = state;
  if (startedOnline) await follower.follow(state);
  else {
    const before = snapshot?.kept(subject);
    if (kept && before !== undefined) kept.load(before);
    else log.warn({ subject }, 'the snapshot has nothing of this; it is unknown until the database answers');
    follower.followLater(state);
  }
  if (kept) snapshot?.part(subject, () => kept.save());
}

/** Undefined where nothing can be written; the database does without. */
function snapshotOf(options: StorageOptions & { readonly url: string }): Snapshot | undefined {
  try {
    return openSnapshot(options);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).syscall === undefined) throw err;
    options.log.warn({ err }, 'no snapshot can be kept here, so that a start needs PostgreSQL; set CAUSEWAY_DATA_DIR');
    return undefined;
  }
}

interface Reaching {
  readonly url: string | undefined;
  readonly savedAt: number | undefined;
  readonly patienceMs?: number | undefined;
  readonly log: StorageOptions['log'];
}

/** Whether the database answers; false where the start goes on without it. */
async function reach(bringUp: () => Promise<void>, reaching: Reaching): Promise<boolean> {
  const { url, savedAt, log, patienceMs = savedAt === undefined ? PATIENCE_MS : SHORT_PATIENCE_MS } = reaching;
  const began = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      await bringUp();
      return true;
    } catch (error) {
      if (url === undefined || !isAway(error)) throw error;
      const isOver = error instanceof DatabaseRefusedError || performance.now() - began > patienceMs;
      if (isOver && savedAt === undefined) throw awayError(error, url);
      if (isOver) {
        const snapshot = savedAt === undefined ? undefined : new Date(savedAt);
        log.error(
          { err: error, snapshot },
          'PostgreSQL does not answer: starting with the keys and settings of the snapshot',
        );
        return false;
      }
      if (attempt === 1) log.warn({ err: error }, 'PostgreSQL does not answer; waiting for it');
      await delay(RETRY_MS);
    }
  }
}

function isAway(error: unknown): boolean {
  return (
    error instanceof DatabaseRefusedError || (error instanceof GatewayError && error.code === 'storage_unavailable')
  );
}

function awayError(error: unknown, url: string): Error {
  if (error instanceof DatabaseRefusedError) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : undefined;
  return new GatewayError('storage_unavailable', {
    message:
      `PostgreSQL at ${placeOf(url)} (DATABASE_URL) does not answer${reason ? `: ${reason}` : ''}, and there is no ` +
      'snapshot of an earlier start to go on with. Start it, or correct DATABASE_URL.',
    cause: error,
  });
}
