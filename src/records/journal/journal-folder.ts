import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { FolderLock, LockHeldError, keepBeating, readHolder } from '../../storage/database/folder-lock.ts';
import { identify, isAlive, thisHost } from '../../storage/database/process-identity.ts';
import { type SegmentState, listSegments } from './segment.ts';

/** A folder that is this process's own for as long as it lives. */
export interface JournalFolder {
  readonly path: string;
  /** What is in it already. */
  readonly segments: readonly SegmentState[];
  release(): void;
}

/** More processes than anybody runs on one data folder. */
const MAX_FOLDERS = 256;

/** How long a holder on another host is watched. */
export type LockTiming = NonNullable<Parameters<typeof keepBeating>[3]>;

/** The name of a folder's lock, inside it. */
export const LOCK_NAME = 'lock';

/**
 * The first folder that nobody has. Nobody is waited for: one that a process on another host has, or had, is passed
 * over, since it takes seconds to see whether it still lives.
 * @param lost another host took the folder, since this process stood still for too long
 * @throws the system's error where nothing can be written here
 */
export async function takeFolder(
  root: string,
  lost: (path: string) => void,
  timing?: LockTiming,
): Promise<JournalFolder> {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  for (let number = 0; number < MAX_FOLDERS; number += 1) {
    const path = join(root, String(number));
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const folder = mayBeFree(path) ? await tryFolder(path, lost, timing).catch(unlessForbidden) : undefined;
    if (folder) return folder;
  }
  throw new Error(`All ${MAX_FOLDERS} folders in ${root} are in use. Remove those that belong to no running process.`);
}

export interface AdoptOptions {
  /** Another host took a folder. */
  readonly lost: (path: string) => void;
  /** A folder cannot be looked into; the others can. */
  readonly failed: (path: string, error: unknown) => void;
  /** Also those of other hosts, which takes seconds for each. */
  readonly isPatient: boolean;
  readonly timing?: LockTiming | undefined;
}

/**
 * Folders beside `own` that hold segments and whose process is dead.
 * @throws the system's error where the root cannot be read
 */
export async function adoptFolders(
  root: string,
  own: ReadonlySet<string>,
  { lost, failed, isPatient, timing }: AdoptOptions,
): Promise<JournalFolder[]> {
  const adopted: JournalFolder[] = [];
  for (const path of foldersIn(root)) {
    // One that cannot be had, for whatever reason, stays for the next time.
    try {
      if (own.has(path) || (!isPatient && !mayBeFree(path)) || listSegments(path).length === 0) continue;
      const folder = await tryFolder(path, lost, timing);
      if (folder) adopted.push(folder);
    } catch (error) {
      failed(path, error);
    }
  }
  return adopted;
}

/** All journal folders, by number. */
export function foldersIn(root: string): string[] {
  return readdirSync(root)
    .filter((name) => /^\d{1,4}$/.test(name))
    .toSorted((a, b) => Number(a) - Number(b))
    .map((name) => join(root, name));
}

async function tryFolder(
  path: string,
  lost: (path: string) => void,
  timing: LockTiming | undefined,
): Promise<JournalFolder | undefined> {
  const lock = await tryLock(join(path, LOCK_NAME), timing);
  if (!lock) return undefined;
  const stopBeating = keepBeating(join(path, LOCK_NAME), identify(process.pid), () => lost(path), timing);
  const release = (): void => {
    stopBeating();
    try {
      lock.release();
    } catch {
      // It stays as that of a process that is gone.
    }
  };
  try {
    return { path, segments: listSegments(path), release };
  } catch (error) {
    release();
    throw error;
  }
}

async function tryLock(lockPath: string, timing: LockTiming | undefined): Promise<FolderLock | undefined> {
  const self = identify(process.pid);
  try {
    return await FolderLock.acquire(lockPath, { engine: self, owner: self, socketFolder: '' }, timing);
  } catch (error) {
    if (error instanceof LockHeldError) return undefined;
    throw error;
  }
}

/** A folder that another user left is passed over. */
function unlessForbidden(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
}

/** Whether nobody has it, or somebody on this host who is dead. A lock that cannot be read is somebody's. */
function mayBeFree(path: string): boolean {
  try {
    const holder = readHolder(join(path, LOCK_NAME));
    return !holder || (holder.host === thisHost && !isAlive(holder.owner));
  } catch {
    return false;
  }
}
