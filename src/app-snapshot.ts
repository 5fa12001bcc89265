import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import { Sealer, sealerOf } from './pipeline/access/sealing.ts';
import type { StorageLog } from './storage/database/storage-log.ts';
import type { Seal } from './storage/snapshot/snapshot-file.ts';
import { Snapshot } from './storage/snapshot/snapshot.ts';
import { snapshotFileOf } from './whereabouts.ts';

interface SnapshotPlace {
  readonly dataDir: string;
  /** Of the database that it is a copy of. */
  readonly url: string;
  readonly env: Environment;
  readonly clock: Clock;
  readonly log: StorageLog;
}

/**
 * What this replica keeps on its own disk to start from while PostgreSQL is away. It is sealed by the master key, or,
 * without one, by a key in a file beside it: that keeps it whole, and secret where the two are not copied together.
 * @throws RangeError where CAUSEWAY_MASTER_KEY is too short; the system's error where the folder cannot be written
 */
export function openSnapshot({ dataDir, url, env, clock, log }: SnapshotPlace): Snapshot {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const sealer = sealerOf(env) ?? keySealer(join(dataDir, 'snapshot.key'));
  const path = snapshotFileOf(dataDir);
  return new Snapshot({ path, seal: sealFor(sealer, url), clock, scheduler: systemScheduler, log });
}

/** Bound to the database: the keys of one installation never open another. */
function sealFor(sealer: Sealer, url: string): Seal {
  const context = `causeway snapshot of ${placeOf(url)}`;
  return {
    seal: (text) => sealer.seal(text, context),
    open: (sealed) => sealer.open(sealed, context),
  };
}

/** Server and database of a connection string, without user, password and options. */
export function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return decodeURIComponent(`${host}${pathname}`);
  } catch {
    return 'DATABASE_URL';
  }
}

function keySealer(path: string): Sealer {
  try {
    return new Sealer(keyIn(path));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(`The key of the snapshot cannot be used (${path}). Remove it, and another is made.`, {
      cause,
    });
  }
}

/** Made where there is none; of two that make one at the same time the first wins. */
function keyIn(path: string): string {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}
