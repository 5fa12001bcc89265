import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, access, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file that is made here may hold keys. */
const NEW_MODE = 0o600;
/** A folder in which nothing can be made, or a file that is mounted and cannot be replaced by another. */
const NOT_REPLACEABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV', 'ENOTSUP']);

export interface Written {
  /** `in_place` where the folder or a mount allowed nothing else: a crash in that moment could leave half a file. */
  readonly how: 'replaced' | 'in_place' | 'created';
  /** Where the former content is; undefined where there was none, or where it could not be kept. */
  readonly backup: string | undefined;
}

/**
 * Writes a file as a whole, so that whoever reads it sees the former or the new one. A link stays one. The former
 * content is beside it, with `.bak` behind its name.
 * @throws the system's error where it cannot be written
 */
export async function writeWhole(path: string, bytes: Uint8Array, former: Uint8Array | undefined): Promise<Written> {
  if (former === undefined) {
    await replace(path, bytes, { mode: NEW_MODE });
    return { how: 'created', backup: undefined };
  }
  const target = await realpath(path);
  const { mode, uid, gid } = await stat(target);
  const backup = await keep(`${path}.bak`, former, { mode, uid, gid });
  try {
    await access(target, constants.W_OK);
    await replace(target, bytes, { mode, uid, gid });
    return { how: 'replaced', backup };
  } catch (error) {
    if (!NOT_REPLACEABLE.has(codeOf(error))) throw error;
    await overwrite(target, bytes);
    return { how: 'in_place', backup };
  }
}

/** Whether it could be written, or made where there is none. */
export async function whyNotWritable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return codeOf(error);
  }
  try {
    await access(dirname(path), constants.W_OK);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

interface Owned {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** What is kept beside it is no reason not to write. */
async function keep(path: string, bytes: Uint8Array, owned: Owned): Promise<string | undefined> {
  try {
    await replace(path, bytes, owned);
    return path;
  } catch (error) {
    if (NOT_REPLACEABLE.has(codeOf(error))) return undefined;
    throw error;
  }
}

async function replace(path: string, bytes: Uint8Array, { mode, uid, gid }: Owned): Promise<void> {
  // Replicas on the same volume may have the same process id.
  const scratch = join(dirname(path), `.${basename(path)}.${randomUUID()}.new`);
  const file = await open(scratch, 'wx', NEW_MODE);
  try {
    try {
      await file.writeFile(bytes);
      if (uid !== undefined && gid !== undefined) await own(file, uid, gid);
      await file.chmod(mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(scratch, path);
  } catch (error) {
    await rm(scratch, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Only who is nobody in particular may give files away; whoever may not has made one of their own. */
async function own(file: FileHandle, uid: number, gid: number): Promise<void> {
  await file.chown(uid, gid).catch(() => undefined);
}

async function overwrite(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { flag: 'r+', flush: true });
  const file = await open(path, 'r+');
  try {
    await file.truncate(bytes.byteLength);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** So that the new name outlives a crash; not every system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
