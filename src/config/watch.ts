import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { Environment, LoadedConfig } from './config.ts';
import { parseConfig, readConfigText } from './load.ts';
import { restartKeys } from './restart-keys.ts';

/** One save of an editor is several events. */
const DEBOUNCE_MS = 100;

export interface ConfigWatchOptions {
  readonly path: string;
  readonly env: Environment;
  /** What is in force when watching begins. */
  readonly current: LoadedConfig;
  /** Another configuration is to be in force; `restart` names what of it waits for the next start. */
  readonly onChange: (loaded: LoadedConfig, change: { readonly restart: readonly string[] }) => void;
  /** The file cannot be used (ConfigError) or watched; what was in force stays in force. */
  readonly onError: (error: Error) => void;
}

export interface ConfigWatch {
  /** Reads the file now, as on SIGHUP; `onChange` or `onError` is called before it returns. */
  reload(): void;
  close(): void;
}

/**
 * Follows the file. It watches the folder, since editors and volume mounts replace a file by another,
 * which ends a watch of the file itself.
 */
export function watchConfig(options: ConfigWatchOptions): ConfigWatch {
  const { path, env, onChange, onError } = options;
  let { current } = options;
  let timer: NodeJS.Timeout | undefined;

  const reload = (): void => {
    clearTimeout(timer);
    timer = undefined;
    let next: LoadedConfig;
    try {
      // A file that was there and is gone is more likely a mistake than the wish for all defaults.
      next = parseConfig(readConfigText(path, current.file !== undefined), { path, env });
    } catch (error) {
      onError(error as Error);
      return;
    }
    const previous = current;
    current = next;
    if (isDeepStrictEqual(previous.config, next.config)) return;
    onChange(next, { restart: restartKeys(previous.config, next.config) });
  };

  const watcher = watchFolder(path, onError, () => {
    clearTimeout(timer);
    timer = setTimeout(reload, DEBOUNCE_MS);
  });
  return {
    reload,
    close: () => {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

/** Without a watch (a folder that cannot be watched) there is still `reload`. */
function watchFolder(path: string, onError: (error: Error) => void, onEvent: () => void): FSWatcher | undefined {
  const name = basename(path);
  try {
    const watcher = watch(dirname(path), (_event, changed) => {
      // Kubernetes swaps a link called `..data` next to the file, and some platforms give no name.
      if (changed === null || changed === name || changed.startsWith('..')) onEvent();
    });
    return watcher.on('error', onError);
  } catch (error) {
    onError(error as Error);
    return undefined;
  }
}
