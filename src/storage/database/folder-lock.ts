import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { type ProcessIdentity, isAlive, isSame, thisHost } from './process-identity.ts';

/** What the lock file says of its holder. */
export interface LockHolder {
  /** Differs for every holding, so that a lock is never mistaken for a later one. */
  readonly id: string;
  readonly host: string;
  /** The process that has the folder open. */
  readonly engine: ProcessIdentity;
  /** The process that it works for, which is the one to name to a person. */
  readonly owner: ProcessIdentity;
  /** Folder of the socket that others may join by. */
  readonly socketFolder: string;
}

/** The folder belongs to a living process. */
export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';
  readonly holder: LockHolder;

  constructor(path: string, holder: LockHolder) {
    super(
      `The data folder is in use by process ${holder.owner.pid} on ${holder.host} (${path}). ` +
        'Stop that process, give this one another CAUSEWAY_DATA_DIR, or set DATABASE_URL: on PostgreSQL several can run together.',
    );
    this.holder = holder;
  }
}

interface LockTiming {
  /** A holder shows that it lives this often, milliseconds; only holders on other hosts are judged by it. */
  readonly beatMs: number;
  /** An engine whose owner died is about to leave; it is waited for this long, milliseconds. */
  readonly orphanMs: number;
}

const TIMING: LockTiming = { beatMs: 2000, orphanMs: 10_000 };
const MISSED_BEATS = 4;
const ORPHAN_CHECK_MS = 25;

/** The holder as the lock file names it, living or dead. */
export function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`The lock file ${path} cannot be read. Remove it if no Causeway runs on this folder.`, {
      cause: error,
    });
  }
}

/** An exclusive lock on a data folder, held by one process until it is released or dies. */
export class FolderLock {
  readonly #path: string;
  readonly #id: string;

  private constructor(path: string, id: string) {
    this.#path = path;
    this.#id = id;
  }

  /**
   * Takes the lock; that of a dead holder is taken over.
   * @throws LockHeldError where the holder lives
   */
  static async acquire(path: string, self: Omit<LockHolder, 'id' | 'host'>, timing = TIMING): Promise<FolderLock> {
    const holder: LockHolder = { id: randomUUID(), host: thisHost, ...self };
    const draft = `${path}.${holder.id}`;
    writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
    try {
      // A link appears whole or not at all, so nobody ever reads half a lock.
      while (!linked(draft, path)) await waitOut(path, timing);
    } finally {
      rmSync(draft);
    }
    return new FolderLock(path, holder.id);
  }

  release(): void {
    if (readHolder(this.#path)?.id === this.#id) rmSync(this.#path);
  }
}

/**
 * Shows other hosts that the owner lives, until the returned function is called; `lost` where the lock is another's now.
 *
 * The owner does this and not the engine, whose timers stand still during a long statement.
 */
export function keepBeating(path: string, owner: ProcessIdentity, lost: () => void, { beatMs } = TIMING): () => void {
  const timer = setInterval(() => {
    try {
      const holder = readHolder(path);
      if (!holder) return;
      const now = new Date();
      if (holder.host === thisHost && isSame(holder.owner, owner)) utimesSync(path, now, now);
      else lost();
    } catch {
      // A disk that is in trouble misses a beat; it must not end the process.
    }
  }, beatMs);
  timer.unref();
  return () => clearInterval(timer);
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Returns when the lock may be free; throws when its holder stays. */
async function waitOut(path: string, timing: LockTiming): Promise<void> {
  const holder = readHolder(path);
  if (!holder) return;
  const gone = holder.host === thisHost ? await engineEnds(holder, timing) : await beatStops(path, timing);
  if (!gone) throw new LockHeldError(path, holder);
  removeStale(path, holder.id);
}

/** Whether the engine is dead, or its owner is and it follows in time. */
async function engineEnds({ engine, owner }: LockHolder, timing: LockTiming): Promise<boolean> {
  for (let waited = 0; isAlive(engine); waited += ORPHAN_CHECK_MS) {
    if (isAlive(owner) || waited > timing.orphanMs) return false;
    await delay(ORPHAN_CHECK_MS);
  }
  return true;
}

/** Process numbers of another host mean nothing here, and its clock may differ: only whether the file is touched counts. */
async function beatStops(path: string, { beatMs }: LockTiming): Promise<boolean> {
  const seen = touchedAt(path);
  for (let beat = 0; beat < MISSED_BEATS; beat += 1) {
    await delay(beatMs);
    if (touchedAt(path) !== seen) return false;
  }
  return true;
}

function touchedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** Moving is atomic: of two that find a stale lock one moves it, and what is not the stale one is put back. */
function removeStale(path: string, staleId: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readHolder(aside)?.id !== staleId) linked(aside, path);
  rmSync(aside);
}
