import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../../core/clock.ts';
import { type FileSet, INDEX, readFileSet } from './file-set.ts';

/** How often the folder is looked at while somebody asks. */
const LOOK_MS = 1000;

/** Why there is nothing to show: it is being made, or somebody has to make it. */
export type Absence = 'building' | 'not_built' | 'failed';

export interface ConsoleFilesOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** The folder is there and cannot be read; what was read before goes on being served. */
  readonly onFault: (error: unknown) => void;
}

/** The built console, read into memory when it is first asked for and again whenever it was built anew. */
export class ConsoleFiles {
  /** What is said while there are no files. */
  absence: Absence = 'not_built';
  readonly folder: string;
  readonly #options: ConsoleFilesOptions;
  #files: FileSet | undefined;
  /** Tells one build from another. */
  #version: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(options: ConsoleFilesOptions) {
    this.#options = options;
    this.folder = options.folder;
  }

  /** Undefined where the console is not built. */
  async current(): Promise<FileSet | undefined> {
    const now = this.#options.clock.monotonic();
    if (!this.#looking && now - this.#lookedAt >= LOOK_MS) {
      this.#lookedAt = now;
      this.#looking = this.#look();
    }
    await this.#looking;
    return this.#files;
  }

  async #look(): Promise<void> {
    try {
      const version = await versionOf(this.folder);
      if (version === undefined || version === this.#version) return;
      this.#files = await readFileSet(this.folder);
      this.#version = version;
    } catch (error) {
      this.#options.onFault(error);
    } finally {
      this.#looking = undefined;
    }
  }
}

/** Of the file that a build writes last; undefined where there is none. */
async function versionOf(folder: string): Promise<string | undefined> {
  const found = await stat(join(folder, INDEX)).catch(() => undefined);
  return found && `${found.ino}:${found.mtimeMs}:${found.size}`;
}
