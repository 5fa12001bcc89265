import {
  type HttpProviderConfig,
  type ProviderConfig,
  type ProviderSettings,
  familyOf,
} from '../models/providers/settings.ts';
import type { Origin } from './config.ts';
import type { Discovery } from './discover.ts';

/** The name of the simulator that is always there. */
export const SIMULATOR = 'sim';

export interface ResolvedProviders {
  readonly providers: ReadonlyMap<string, ProviderConfig>;
  /** By provider name. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** The file's providers, then those of the environment, then the simulator; a name in the file wins. */
export function resolveProviders(
  settings: ReadonlyMap<string, ProviderSettings>,
  { providers: discovered }: Discovery,
  simulator: ProviderConfig,
): ResolvedProviders {
  const providers = new Map<string, ProviderConfig>();
  const origins = new Map<string, Origin>();
  const add = (name: string, provider: ProviderConfig, origin: Origin): void => {
    if (providers.has(name)) return;
    providers.set(name, provider);
    origins.set(name, origin);
  };
  for (const [name, provider] of settings) add(name, resolveProvider(provider, discovered.get(name)), 'file');
  for (const [name, provider] of discovered) add(name, provider, 'environment');
  add(SIMULATOR, simulator, 'default');
  return { providers, origins };
}

/**
 * `openai: { type: openai, models: […] }` still means the key in the environment, but only where the file
 * gives neither key nor address: a key must not go to an address that it was not meant for.
 */
function resolveProvider(settings: ProviderSettings, usual: ProviderConfig | undefined): ProviderConfig {
  if (settings.type === 'simulator') return settings;
  const { apiKey, apiKeys, headers, ...rest } = settings;
  const own: HttpProviderConfig = {
    ...rest,
    baseUrl: rest.baseUrl,
    apiKeys: apiKeys ?? (apiKey === undefined ? [] : [apiKey]),
    headers: Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), value])),
  };
  const hasOwnAccess = own.apiKeys.length > 0 || rest.baseUrl !== undefined;
  if (hasOwnAccess || !usual || usual.type === 'simulator' || familyOf(usual) !== familyOf(own)) return own;
  return { ...own, apiKeys: usual.apiKeys, baseUrl: usual.baseUrl };
}
