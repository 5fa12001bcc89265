import { type OidcSettings, oidcProblems } from '../operators/sso/settings.ts';
import { type Discovery, keyVariableOf } from './discover.ts';
import { joinKey } from './problems.ts';
import { type Draft, type TreeReader, isWhole } from './read-tree.ts';
import { SIMULATOR } from './resolve-providers.ts';
import type { FileSettings } from './schema.ts';
import { listed, suggestion } from './suggest.ts';
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
  checkSignOn(draft, reader);
}

function checkSignOn({ console: settings }: Draft<FileSettings>, reader: TreeReader): void {
  const oidc = settings?.oidc;
  if (!oidc || !isWhole<OidcSettings>(oidc)) return;
  for (const { key, message } of oidcProblems(oidc)) reader.report(`console.oidc.${key}`, message, 'console.oidc');
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

function checkTargets(draft: Draft<FileSettings>, reader: TreeReader, { providers: found }: Discovery): void {
  checkTargetsOf(draft, reader, providersIn(draft, found));
}

/** The names of all providers that there will be. */
export function providersIn({ providers }: Pick<Draft<FileSettings>, 'providers'>, found: Discovery['providers']) {
  return [...new Set([...(providers?.keys() ?? []), ...found.keys(), SIMULATOR])];
}

type Parts = Pick<Draft<FileSettings>, (typeof WITH_TARGETS)[number]>;

/** Every target that is named somewhere has a provider. */
export function checkTargetsOf(draft: Parts, reader: TreeReader, known: readonly string[]): void {
  const names = new Set(known);
  for (const part of WITH_TARGETS) {
    for (const [key, { provider }] of targetsIn(draft[part], part)) {
      if (names.has(provider)) continue;
      reader.report(key, `there is no provider "${provider}"; ${remedyFor(provider, known)}`);
    }
  }
}

const WITH_TARGETS = ['models', 'defaults', 'guards', 'flags', 'experiments', 'canaries', 'shadows'] as const;

/** Every target in a part of the file, with the place where it is written. */
function* targetsIn(value: unknown, key: string): Iterable<[key: string, target: TargetName]> {
  if (typeof value !== 'object' || value === null) return;
  if (isTarget(value)) yield [key, value];
  else if (Array.isArray(value)) for (const [at, item] of value.entries()) yield* targetsIn(item, `${key}[${at}]`);
  else {
    const members = value instanceof Map ? value : Object.entries(value);
    for (const [name, member] of members as Iterable<[string, unknown]>) yield* targetsIn(member, joinKey(key, name));
  }
}

/** What a text of the kind `target` is read as; nothing else of these parts has two such members. */
function isTarget(value: object): value is TargetName {
  return 'provider' in value && 'model' in value && Object.keys(value).length === 2;
}

function remedyFor(provider: string, known: readonly string[]): string {
  const variable = keyVariableOf(provider);
  return variable === undefined
    ? suggestion(provider, known, 'the providers are')
    : `set ${variable}, or add it under providers; the providers are: ${listed(known)}`;
}
