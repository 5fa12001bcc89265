import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';

import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';

/** Makes what is written unreadable, and any change of it known. */
export interface Seal {
  seal(text: string): string;
  /** Throws an error that says what is wrong with what was sealed. */
  open(sealed: string): string;
}

/** What the file holds. */
export interface SnapshotContents {
  /** Epoch milliseconds. */
  readonly savedAt: number;
  /** By name. */
  readonly parts: Readonly<Record<string, Json | undefined>>;
}

const VERSION = 1;
const SHAPE = /^causeway-snapshot (\d+)\n(\S+)\n$/;

/** A snapshot that cannot be used; the message says why. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/** Undefined where there is none. @throws SnapshotError */
export function readSnapshot(path: string, seal: Seal): SnapshotContents | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SnapshotError(`it cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const [, version, box = ''] = SHAPE.exec(text) ?? [];
  if (version === undefined) throw new SnapshotError('it is not whole, or not a snapshot');
  if (Number(version) !== VERSION) {
    throw new SnapshotError(`it is of version ${version}, and this program reads version ${VERSION}`);
  }
  try {
    return contentsOf(JSON.parse(seal.open(box)) as Json);
  } catch (error) {
    throw new SnapshotError(`it does not open: ${messageOf(error)}`, { cause: error });
  }
}

/** Replaces the file as a whole: whoever reads it sees the one before or this one. Readable for its owner only. */
export async function writeSnapshot(path: string, seal: Seal, contents: SnapshotContents): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`causeway-snapshot ${VERSION}\n${seal.seal(JSON.stringify(contents))}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function contentsOf(value: Json): SnapshotContents {
  const { savedAt, parts } = value as JsonObject;
  if (typeof savedAt !== 'number' || !isJsonObject(parts)) throw new RangeError('it has not the form of a snapshot');
  return { savedAt, parts };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
