import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

interface Watched {
  readonly watcher: FSWatcher | undefined;
  /** Of its files. */
  names: ReadonlySet<string>;
}

/**
 * Tells when one of some files may have changed. It watches their folders, since editors and volume mounts replace a
 * file by another, which ends a watch of the file itself.
 */
export class FolderWatches {
  readonly #onEvent: () => void;
  readonly #onError: (error: Error) => void;
  readonly #folders = new Map<string, Watched>();

  /** @param onError a folder cannot be watched, or not any more */
  constructor(onEvent: () => void, onError: (error: Error) => void) {
    this.#onEvent = onEvent;
    this.#onError = onError;
  }

  /** These files from now on, and no others. */
  follow(paths: readonly string[]): void {
    const wanted = Map.groupBy(paths, (path) => dirname(path));
    for (const [folder, { watcher }] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher?.close();
      this.#folders.delete(folder);
    }
    for (const [folder, files] of wanted) {
      const names = new Set(files.map((path) => basename(path)));
      const known = this.#folders.get(folder);
      if (known?.watcher) known.names = names;
      else this.#folders.set(folder, { watcher: this.#watch(folder), names });
    }
  }

  close(): void {
    for (const { watcher } of this.#folders.values()) watcher?.close();
    this.#folders.clear();
  }

  #watch(folder: string): FSWatcher | undefined {
    try {
      const watcher = watch(folder, (_event, changed) => {
        const names = this.#folders.get(folder)?.names;
        // Kubernetes swaps a link called `..data` next to the file, and some platforms give no name.
        if (changed === null || changed.startsWith('..') || names?.has(changed)) this.#onEvent();
      });
      return watcher.on('error', this.#onError);
    } catch (error) {
      this.#onError(error as Error);
      return undefined;
    }
  }
}
