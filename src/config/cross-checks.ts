import { type Discovery, keyVariableOf } from './discover.ts';
import { joinKey } from './problems.ts';
import type { Draft, TreeReader } from './read-tree.ts';
import { SIMULATOR } from './resolve-providers.ts';
import type { FileSettings, ModelSettings } from './schema.ts';
import { suggestion } from './suggest.ts';
import type { TargetName } from './text-kinds.ts';

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
  checkOrganisations(draft, reader);
}

/** What a project spends is counted for one organisation. */
function checkOrganisations({ organisations }: Draft<FileSettings>, reader: TreeReader): void {
  const owners = new Map<string, string>();
  for (const [name, organisation] of organisations ?? []) {
    for (const [at, project] of (organisation?.projects ?? []).entries()) {
      if (project === undefined) continue;
      const owner = owners.get(project);
      if (owner === undefined) owners.set(project, name);
      else {
        reader.report(
          `${joinKey('organisations', name)}.projects[${at}]`,
          `the project "${project}" stands in the organisation "${owner}" already; a project belongs to one`,
        );
      }
    }
  }
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
  { providers, models, defaults }: Draft<FileSettings>,
  reader: TreeReader,
  { providers: found }: Discovery,
): void {
  const known = [...new Set([...(providers?.keys() ?? []), ...found.keys(), SIMULATOR])];
  const check = (key: string, targets: readonly Place[]): void => {
    for (const [place, target] of targets) {
      const provider = target?.provider;
      if (provider === undefined || known.includes(provider)) continue;
      reader.report(`${key}.${place}`, `there is no provider "${provider}"; ${remedyFor(provider, known)}`);
    }
  };
  for (const [name, model] of models ?? []) check(joinKey('models', name), targetsOf(model));
  check('defaults', targetsOfCache(defaults?.cache));
}

type Place = [place: string, target: Draft<TargetName> | undefined];

/** Every target of a virtual model, with the place where it is written. */
function targetsOf(model: Draft<ModelSettings> | undefined): Place[] {
  if (!model) return [];
  const lists = CHAINS.flatMap((chain) => (model[chain] ?? []).map((target, at): Place => [`${chain}[${at}]`, target]));
  return [['target', model.target], ...lists, ...targetsOfCache(model.cache)];
}

function targetsOfCache(cache: Draft<ModelSettings>['cache']): Place[] {
  const { embedder, judge } = cache?.semantic ?? {};
  return [
    ['cache.semantic.embedder', embedder],
    ['cache.semantic.judge', judge],
  ];
}

const CHAINS = ['fallback', 'contextLengthFallback', 'contentPolicyFallback'] as const;

function remedyFor(provider: string, known: readonly string[]): string {
  const variable = keyVariableOf(provider);
  return variable === undefined
    ? suggestion(provider, known, 'the providers are')
    : `set ${variable}, or add it under providers; the providers are: ${known.join(', ')}`;
}
