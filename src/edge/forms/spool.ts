import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { passedOn } from './free-buffers.ts';

const READ_BYTES = 65_536;

/** A stretch of a {@link Spool}. */
export interface SpooledRange {
  readonly from: number;
  length: number;
}

/**
 * A file for bytes that have to wait. It has no name once it is open, so that it is gone with the process whatever
 * ends that; where a system does not allow this, it is removed when it is closed.
 */
export class Spool {
  readonly #handle: FileHandle;
  readonly #leftover: string | undefined;
  #bytes = 0;

  private constructor(handle: FileHandle, leftover: string | undefined) {
    this.#handle = handle;
    this.#leftover = leftover;
  }

  static async open(folder: string): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${randomUUID()}.upload`);
    const handle = await open(path, 'wx+', 0o600);
    const removed = await rm(path).then(
      () => true,
      () => false,
    );
    return new Spool(handle, removed ? undefined : path);
  }

  async append(bytes: Uint8Array): Promise<SpooledRange> {
    const range = { from: this.#bytes, length: bytes.length };
    this.#bytes += bytes.length;
    await this.#handle.writeFile(bytes);
    return range;
  }

  async *read({ from, length }: SpooledRange): AsyncGenerator<Buffer, undefined> {
    const end = from + length;
    for (let at = from; at < end;) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, end - at));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error('the spooled part of a form is shorter than what was written');
      at += bytesRead;
      passedOn(bytesRead);
      yield buffer.subarray(0, bytesRead);
    }
    return undefined;
  }

  /** Running reads end first. */
  async close(): Promise<void> {
    await this.#handle.close();
    if (this.#leftover !== undefined) await rm(this.#leftover, { force: true });
  }
}
