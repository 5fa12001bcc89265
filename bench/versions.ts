import { globSync, readFileSync } from 'node:fs';

/** What decides how fast the parties are, beside Node. */
const PRODUCT = ['fastify', 'undici', 'pg', '@electric-sql/pglite'];
const PORTKEY = ['@portkey-ai/gateway', 'hono', '@hono/node-server'];

/** By package; those that are not installed are left out. */
export function describeVersions(): ReadonlyMap<string, string> {
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
  return new Map([
    ['node', process.versions.node],
    ['v8', process.versions.v8],
    [own.name, own.version],
    ...postgres(),
    ...installed('..', PRODUCT),
    ...installed('portkey', PORTKEY),
  ]);
}

/** Debian's folders are named by version; the newest is the one that is started. */
function postgres(): [string, string][] {
  const newest = globSync('/usr/lib/postgresql/*/bin/postgres').toSorted().at(-1);
  return newest === undefined ? [] : [['postgresql', newest.split('/')[4] ?? '']];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** Read from the folders: a package need not export its manifest. */
function installed(folder: string, names: readonly string[]): [string, string][] {
  return names.flatMap((name): [string, string][] => {
    try {
      const file = new URL(`./${folder}/node_modules/${name}/package.json`, import.meta.url);
      return [[name, (JSON.parse(readFileSync(file, 'utf8')) as Manifest).version]];
    } catch {
      return [];
    }
  });
}
