import type { Logger } from 'pino';

import type { Environment, LoadedConfig, Origin } from './config/config.ts';
import { ConfigDesk, type InForce } from './config/config-desk.ts';
import { type EffectiveValue, markOf, masked } from './config/effective.ts';
import { ConfigError, type Problem, joinKey } from './config/problems.ts';
import { configRoutes } from './config/routes.ts';
import { watchConfig } from './config/watch.ts';
import type { Clock } from './core/clock.ts';
import { redactSecrets } from './core/redaction.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { PRESETS } from './models/providers/openai-compatible/presets.ts';
import type { OpenedParts } from './opened-parts.ts';
import { ROLLOUT_KINDS, type RolloutKind } from './pipeline/rollouts/definition.ts';
import type { RolloutDirectory } from './pipeline/rollouts/directory/rollout-directory.ts';

interface ConfigParts {
  readonly env: Environment;
  /** What the process starts with, and the file that it may be from. */
  readonly loaded: LoadedConfig;
  readonly configPath: string;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The configuration in force, and where it is changed. */
export interface OpenedConfig {
  readonly path: string;
  readonly inForce: () => InForce;
  readonly origins: () => ReadonlyMap<string, Origin>;
  reload(): void;
  /** Whether it comes into force now because an operator saved it through the admin API. */
  readonly isSaving: () => boolean;
  routes(trials: { readonly directory: RolloutDirectory }): ReturnType<typeof configRoutes>;
}

/** Follows the file. A bad one keeps the old configuration in force and says so. */
export function openConfig(parts: ConfigParts, opened: OpenedParts): OpenedConfig {
  const { env, loaded: started, configPath: path, live, clock, log } = parts;
  let isSaving = false;
  let state: InForce = { started, loaded: started, loadedAt: clock.now(), problems: [] };
  const watch = watchConfig({
    path,
    env,
    current: started,
    onRead: (loaded) => (state = { started, loaded, loadedAt: clock.now(), problems: [] }),
    onChange({ config }, { restart }) {
      live.replace({ config });
      log.level = config.log.level;
      log.info({ file: path }, 'the configuration was read again and is in force');
      if (restart.length > 0) log.warn({ keys: restart }, 'these settings wait for the next start');
    },
    onError(err) {
      state = { ...state, problems: problemsOf(err, path) };
      log.error(
        err instanceof ConfigError ? { problems: err.problems } : { err },
        'the configuration cannot be used; the one before stays in force',
      );
    },
  });
  opened.keep(watch, (one) => one.close());
  const reloadSaved = (): void => {
    isSaving = true;
    try {
      watch.reload();
    } finally {
      isSaving = false;
    }
  };
  return {
    path,
    inForce: () => state,
    origins: () => state.loaded.origins,
    reload: () => watch.reload(),
    isSaving: () => isSaving,
    routes({ directory }) {
      const beside = () => [...presetValues(live), ...sealedKeys(live), ...ofAdmin(directory)];
      return configRoutes(new ConfigDesk({ path, env, inForce: () => state, reload: reloadSaved, beside }));
    },
  };
}

/** A folder that cannot be watched is no mistake in the file. */
function problemsOf(error: Error, file: string): readonly Problem[] {
  if (error instanceof ConfigError) return error.problems;
  return [{ file, line: 1, column: 1, key: '', message: `it is not followed any more (${error.message})` }];
}

const PLAIN = { secret: false, restart: false, variables: [] };

/** The addresses that presets know. */
function presetValues({ config }: LiveCatalog): EffectiveValue[] {
  return [...config.providers].flatMap(([name, settings]) => {
    if (settings.type !== 'openai-compatible' || settings.baseUrl !== undefined) return [];
    const value = PRESETS[settings.preset ?? '']?.baseUrl;
    if (value === undefined) return [];
    const path = `${joinKey('providers', name)}.baseUrl`;
    return [{ ...PLAIN, path, value, origin: 'preset' as const, mark: markOf(value) }];
  });
}

function sealedKeys({ sealedKeys: sealed }: LiveCatalog): EffectiveValue[] {
  return [...sealed].flatMap(([name, keys]) =>
    keys.map((key, at) => {
      const path = `${joinKey('providers', name)}.storedKeys[${at}]`;
      return { ...PLAIN, path, value: masked(key), origin: 'admin' as const, secret: true, mark: markOf(key) };
    }),
  );
}

const SECTIONS: Readonly<Record<RolloutKind, string>> = {
  route: 'models',
  flag: 'flags',
  experiment: 'experiments',
  canary: 'canaries',
  shadow: 'shadows',
};

/** What was made through the admin API of what the file could have too. */
function ofAdmin(directory: RolloutDirectory): EffectiveValue[] {
  return ROLLOUT_KINDS.flatMap((kind) =>
    directory.list(kind).flatMap(({ id, origin, written }) => {
      if (origin !== 'admin') return [];
      const path = joinKey(SECTIONS[kind], id) + (kind === 'route' ? '.route' : '');
      const value = redactSecrets(JSON.stringify(written ?? null));
      return [{ ...PLAIN, path, value, origin: 'admin' as const, mark: markOf(value) }];
    }),
  );
}
