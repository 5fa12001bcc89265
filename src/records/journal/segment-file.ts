import { closeSync, constants, fdatasync, fsyncSync, openSync, readSync, renameSync, rmSync, writev } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { SegmentBytes } from './segment-reader.ts';

/** A segment while it is written. Every part may fail, and then nothing is known of what was being written. */
export interface SegmentFile {
  /** Writes all of it at a position. */
  write(chunks: readonly Uint8Array[], position: number): Promise<void>;
  /** What was written is on the disk for good, and so is the file's name. */
  sync(): Promise<void>;
  /** Takes away what is behind a position. */
  cut(length: number): Promise<void>;
  close(): Promise<void>;
  /** Closes it, and deletes it: nothing of it counts. */
  discard(): Promise<void>;
}

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** @throws the system's error, also where there is such a file */
export async function createSegmentFile(path: string): Promise<SegmentFile> {
  const file = await open(path, FLAGS, 0o600);
  let isNameSafe = false;
  return {
    write: (chunks, position) => writeAll(file, chunks, position),
    async sync() {
      await synced(file);
      if (!isNameSafe) await syncFolder(dirname(path));
      isNameSafe = true;
    },
    cut: (length) => file.truncate(length),
    close: () => file.close(),
    async discard() {
      await file.close();
      await rm(path);
    },
  };
}

/** A disk that is nearly full may take a part of it. */
async function writeAll(file: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let left = chunks;
  let at = position;
  while (left.length > 0) {
    const bytesWritten = await written(file, left, at);
    if (bytesWritten === 0) throw new Error('the disk takes nothing');
    at += bytesWritten;
    left = withoutFirst(left, bytesWritten);
  }
}

/** Promises of `FileHandle` take the request thread some times as long, for every write and sync. */
function written({ fd }: FileHandle, chunks: readonly Uint8Array[], at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(fd, chunks, at, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

function synced({ fd }: FileHandle): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error ? reject(error) : resolve()));
  });
}

function withoutFirst(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let over = bytes;
  return chunks.flatMap((chunk) => {
    const gone = Math.min(over, chunk.length);
    over -= gone;
    return gone === chunk.length ? [] : [chunk.subarray(gone)];
  });
}

/** Until then a crash of the machine may lose the name of a new file. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export type SegmentSource = SegmentBytes & { close(): void };

/** A segment to be read. @throws the system's error */
export function openSegment(path: string): SegmentSource {
  const file = openSync(path, 'r');
  return {
    read(offset, bytes) {
      const into = Buffer.allocUnsafeSlow(bytes);
      let filled = 0;
      while (filled < bytes) {
        const read = readSync(file, into, filled, bytes - filled, offset + filled);
        if (read === 0) break;
        filled += read;
      }
      return into.subarray(0, filled);
    },
    close: () => closeSync(file),
  };
}

/**
 * Deletes a segment, if it is there. One that came back after a crash of the machine would be read again, by a database
 * that has forgotten its journal.
 */
export function removeSegment(path: string): void {
  unlessGone(() => {
    rmSync(path, { force: true });
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  });
}

/** Keeps a segment that cannot be read out of the way, if it is there. */
export function setSegmentAside(path: string): void {
  unlessGone(() => renameSync(path, `${path}.unreadable`));
}

function unlessGone(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** There is no such file. */
export function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
