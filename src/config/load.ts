import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { SimulatorProviderSettings } from '../models/providers/settings.ts';
import { checkAlerts } from './alert-checks.ts';
import { checkBudgets } from './budget-checks.ts';
import type { Config, Environment, LoadedConfig, Origin } from './config.ts';
import { crossCheck, providersIn } from './cross-checks.ts';
import { discoverProviders } from './discover.ts';
import { effectiveValues } from './effective.ts';
import { setVariable } from './expand-env.ts';
import { asField } from './field-schema.ts';
import { checkGuards } from './guard-checks.ts';
import { checkPrices } from './price-checks.ts';
import { readOverrides } from './overrides.ts';
import { discoveredValues } from './provider-values.ts';
import { ConfigError, joinKey } from './problems.ts';
import { type Draft, TreeReader } from './read-tree.ts';
import { SIMULATOR, resolveProviders } from './resolve-providers.ts';
import { checkRollouts } from './rollout-checks.ts';
import { FILE_SCHEMA, type FileSettings, type ModelSettings, type ResolvedModel } from './schema.ts';
import { wordFilesOf, withWholePaths } from './word-files.ts';
import { type RestoreText, YamlSource } from './yaml-source.ts';

export interface ConfigLocation {
  readonly path: string;
  /** Somebody named it, so it must be there. */
  readonly explicit: boolean;
}

/** The path that was asked for on the command line, else `CAUSEWAY_CONFIG`, else `causeway.yaml` if there is one. */
export function locateConfig(env: Environment, asked?: string): ConfigLocation {
  const path = asked ?? setVariable(env, 'CAUSEWAY_CONFIG');
  return path === undefined ? { path: 'causeway.yaml', explicit: false } : { path, explicit: true };
}

/**
 * Reads the configuration in force: file, environment and defaults together.
 * @throws ConfigError with every problem there is
 */
export function loadConfig({ path, explicit, env }: ConfigLocation & { readonly env: Environment }): LoadedConfig {
  return parseConfig(readConfigText(path, explicit), { path, env });
}

/**
 * The file's text; undefined where there is none and none was asked for.
 * @throws ConfigError where it cannot be read
 */
export function readConfigText(path: string, explicit: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'ENOENT' && !explicit) return undefined;
    const reason = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    const message = `${reason}; correct the path or CAUSEWAY_CONFIG`;
    throw new ConfigError([{ file: path, line: 1, column: 1, key: '', message }]);
  }
}

/**
 * The configuration that this text means; without a text, what the environment and the defaults make.
 * @throws ConfigError with every problem there is
 */
export function parseConfig(
  text: string | undefined,
  { path, env, restore }: { readonly path: string; readonly env: Environment; readonly restore?: RestoreText },
): LoadedConfig {
  const folder = dirname(path);
  const source = new YamlSource(path, text ?? '', restore);
  const reader = new TreeReader(source, env);
  // First: what the file says of one of that name is found after it.
  const simulator = reader.readDefault(asField(SimulatorProviderSettings), joinKey('providers', SIMULATOR));
  const draft = reader.readRoot(FILE_SCHEMA) as Draft<FileSettings> | undefined;
  const discovery = discoverProviders(env);
  if (draft) {
    crossCheck(draft, reader, discovery);
    checkPrices(draft, reader);
    checkBudgets(draft, reader);
    checkRollouts(draft, reader, [...(draft.models?.keys() ?? [])]);
    checkGuards(draft, reader, { providers: providersIn(draft, discovery.providers), folder });
    checkAlerts(draft, reader, [...source.problems]);
  }
  const overrides = readOverrides(FILE_SCHEMA, env);
  const problems = [...source.problems, ...overrides.problems, ...discovery.problems];
  if (problems.length > 0) throw new ConfigError(problems);

  const settings = draft as FileSettings;
  const { providers, origins } = resolveProviders(
    settings.providers,
    discovery,
    simulator as SimulatorProviderSettings,
  );
  const config: Config = {
    ...settings,
    guards: withWholePaths(settings.guards, folder),
    models: new Map([...settings.models].map(([name, model]) => [name, resolveModel(model)])),
    server: { ...settings.server, ...overrides.values.server },
    console: { ...settings.console, ...overrides.values.console },
    providers,
  };
  return {
    config,
    origins: new Map([...reader.origins, ...overrides.origins, ...prefixed(origins)]),
    file: text === undefined ? undefined : path,
    wordFiles: wordFilesOf(config.guards),
    values: () => [
      ...effectiveValues(reader.found.values(), { env, position: (offset) => source.position(offset) }),
      ...discoveredValues(providers, new Set(reader.found.keys())),
    ],
  };
}

/** @throws where it has neither target nor route, which its check excludes */
export function resolveModel(model: ModelSettings): ResolvedModel {
  const target = model.target ?? model.route?.targets[0]?.target;
  if (!target) throw new Error('a model without a target');
  return { ...model, target };
}

function prefixed(origins: ReadonlyMap<string, Origin>): [string, Origin][] {
  return [...origins].map(([name, origin]) => [joinKey('providers', name), origin]);
}
