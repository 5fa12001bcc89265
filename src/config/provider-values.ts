import { type HttpProviderConfig, type ProviderConfig, USUAL_PROVIDERS } from '../models/providers/settings.ts';
import { type EffectiveValue, markOf, masked } from './effective.ts';
import { joinKey } from './problems.ts';

/** What the environment adds to providers: whole ones, and the key of one that the file names without any. */
export function discoveredValues(
  providers: ReadonlyMap<string, ProviderConfig>,
  known: ReadonlySet<string>,
): EffectiveValue[] {
  return USUAL_PROVIDERS.flatMap(({ name, keyVariable, urlVariable }) => {
    const provider = providers.get(name);
    if (!provider || provider.type === 'simulator') return [];
    const path = joinKey('providers', name);
    const hasOwnKeys = [...known].some((key) => key.startsWith(`${path}.apiKey`));
    if (hasOwnKeys) return [];
    const keys = provider.apiKeys.map((key, at) => secretValue(`${path}.apiKeys[${at}]`, keyText(key), keyVariable));
    const url = `${path}.baseUrl`;
    const address = known.has(url) || provider.baseUrl === undefined ? [] : [plain(url, provider.baseUrl, urlVariable)];
    const type = known.has(`${path}.type`) ? [] : [plain(`${path}.type`, provider.type, keyVariable)];
    return [...type, ...keys, ...address];
  });
}

function keyText(setting: HttpProviderConfig['apiKeys'][number]): string {
  return typeof setting === 'string' ? setting : setting.key;
}

function plain(path: string, value: string, variable: string): EffectiveValue {
  const clean = value.replace(/\/\/[^/]*@/, '//…@');
  return {
    path,
    value: clean,
    origin: `env:${variable}`,
    secret: clean !== value,
    restart: false,
    variables: [],
    mark: markOf(value),
  };
}

function secretValue(path: string, secret: string, variable: string): EffectiveValue {
  return { ...plain(path, masked(secret), variable), value: masked(secret), secret: true, mark: markOf(secret) };
}
