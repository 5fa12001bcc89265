import { isDeepStrictEqual } from 'node:util';

import type { Environment, LoadedConfig } from './config.ts';
import { FolderWatches } from './folder-watches.ts';
import { parseConfig, readConfigText } from './load.ts';
import { restartKeys } from './restart-keys.ts';

/** One save of an editor is several events. */
const DEBOUNCE_MS = 100;

export interface ConfigWatchOptions {
  readonly path: string;
  readonly env: Environment;
  /** What is in force when watching begins. */
  readonly current: LoadedConfig;
  /** The file was read and can be used, whether it says anything else or not; before `onChange`. */
  readonly onRead?: (loaded: LoadedConfig) => void;
  /** Another configuration, or other words in its files, are to be in force; `restart` names what of it waits for the next start. */
  readonly onChange: (loaded: LoadedConfig, change: { readonly restart: readonly string[] }) => void;
  /** The file cannot be used (ConfigError) or watched; what was in force stays in force. */
  readonly onError: (error: Error) => void;
}

export interface ConfigWatch {
  /** Reads the file now, as on SIGHUP; `onChange` or `onError` is called before it returns. */
  reload(): void;
  close(): void;
}

/** Follows the file, and the files of words that it names. Without a watch of a folder there is still `reload`. */
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
    options.onRead?.(next);
    if (isDeepStrictEqual([previous.config, previous.wordFiles], [next.config, next.wordFiles])) return;
    watches.follow([path, ...next.wordFiles.keys()]);
    onChange(next, { restart: restartKeys(previous.config, next.config) });
  };

  const watches = new FolderWatches(() => {
    clearTimeout(timer);
    timer = setTimeout(reload, DEBOUNCE_MS);
  }, onError);
  watches.follow([path, ...current.wordFiles.keys()]);
  return {
    reload,
    close: () => {
      clearTimeout(timer);
      watches.close();
    },
  };
}
