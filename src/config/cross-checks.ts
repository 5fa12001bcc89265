import { type Discovery, keyVariableOf } from './discover.ts';
import { joinKey } from './problems.ts';
import type { Draft, TreeReader } from './read-tree.ts';
import { SIMULATOR } from './resolve-providers.ts';
import type { FileSettings } from './schema.ts';
import { suggestion } from './suggest.ts';

/** Headers that the gateway sets itself; another value would break the request. */
export const OWN_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'upgrade',
  'te',
]);

/** What no single field can know. Fields that had a problem of their own are undefined here, and passed over. */
export function crossCheck(draft: Draft<FileSettings>, reader: TreeReader, discovery: Discovery): void {
  checkProviders(draft, reader);
  checkTargets(draft, reader, discovery);
}

function checkProviders({ providers }: Draft<FileSettings>, reader: TreeReader): void {
  for (const [name, provider] of providers ?? []) {
    if (!provider || !('headers' in provider)) continue;
    const key = joinKey('providers', name);
    if (provider.apiKey !== undefined && provider.apiKeys !== undefined) {
      reader.report(joinKey(key, 'apiKeys'), 'stands beside apiKey; write all keys here and remove apiKey');
    }
    const headersKey = joinKey(key, 'headers');
    for (const header of provider.headers?.keys() ?? []) {
      if (!OWN_HEADERS.has(header.toLowerCase())) continue;
      reader.report(joinKey(headersKey, header), 'a header that the gateway sets itself; remove it');
    }
  }
}

function checkTargets(
  { providers, models }: Draft<FileSettings>,
  reader: TreeReader,
  { providers: found }: Discovery,
): void {
  const known = [...new Set([...(providers?.keys() ?? []), ...found.keys(), SIMULATOR])];
  for (const [name, model] of models ?? []) {
    const provider = model?.target?.provider;
    if (provider === undefined || known.includes(provider)) continue;
    const variable = keyVariableOf(provider);
    const remedy =
      variable === undefined
        ? suggestion(provider, known, 'the providers are')
        : `set ${variable}, or add it under providers; the providers are: ${known.join(', ')}`;
    reader.report(joinKey(joinKey('models', name), 'target'), `there is no provider "${provider}"; ${remedy}`);
  }
}
