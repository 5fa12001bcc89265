import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

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
      await file.datasync();
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
  let left = [...chunks];
  let at = position;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, at);
    if (bytesWritten === 0) throw new Error('the disk takes nothing');
    at += bytesWritten;
    left = withoutFirst(left, bytesWritten);
  }
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
