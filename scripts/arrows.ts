import { readdirSync } from 'node:fs';

import type { OxlintOverride } from 'oxlint';

/**
 * The one-way arrows between the rooms of `src/`, as lint rules.
 * `npm run lint` enforces them, and `test/architecture.test.ts` plants violations that must fail.
 */
const ROOMS = [
  'core',
  'config',
  'edge',
  'pipeline',
  'models',
  'records',
  'storage',
  'work',
  'operators',
  'cluster',
] as const;
type Room = (typeof ROOMS)[number];

/** What each room may import besides itself. `settings.ts` files are a room's part of the configuration schema. */
const ARROWS: Record<Room, readonly Room[]> = {
  core: [],
  config: ['core'],
  storage: ['core'],
  records: ['core', 'storage'],
  models: ['core'],
  pipeline: ['core', 'models', 'records', 'storage'],
  edge: ['core', 'models', 'pipeline', 'records', 'storage'],
  work: ['core', 'models', 'pipeline', 'records', 'storage'],
  operators: ['core', 'records', 'storage'],
  cluster: ['core', 'records'],
};

/** Files that may touch a library wherever they stand. */
const KEEPER_FILES = ['routes.ts', 'schema.ts', '*-store.ts', 'redis-*.ts'];

interface KeptLibrary {
  readonly packages: string;
  readonly folders: readonly string[];
  readonly files: readonly string[];
  readonly what: string;
}

/** Libraries that only some places may touch, so that a change of library stays in those places. */
const KEPT_LIBRARIES: readonly KeptLibrary[] = [
  { packages: 'fastify', folders: ['edge'], files: ['routes.ts', 'app.ts'], what: 'the HTTP framework' },
  { packages: 'undici', folders: ['models/transport'], files: [], what: 'the HTTP client' },
  { packages: 'pg|@electric-sql/[^/]+', folders: ['storage'], files: ['*-store.ts'], what: 'SQL clients' },
  {
    packages: 'drizzle-orm|(?:\\.\\.?/)+storage/drizzle',
    folders: ['storage'],
    files: ['*-store.ts', 'schema.ts'],
    what: 'the SQL builder',
  },
  { packages: 'ioredis', folders: ['storage'], files: ['*-store.ts', 'redis-*.ts'], what: 'the Redis client' },
];

interface Place {
  /** Under `src/`; empty for `src/` itself. */
  readonly folder: string;
  readonly file?: string;
}

interface Pattern {
  readonly regex?: string;
  readonly group?: string[];
  readonly message: string;
}

function keeps({ folders, files }: KeptLibrary, { folder, file }: Place): boolean {
  const here = folders.some((keeper) => `${folder}/`.startsWith(`${keeper}/`));
  return here || (file !== undefined && files.includes(file));
}

function libraryPatterns(place: Place): Pattern[] {
  return KEPT_LIBRARIES.filter((library) => !keeps(library, place)).map(({ packages, folders, files, what }) => ({
    regex: `^(${packages})(/|$)`,
    message: `${what}: only in ${[...folders.map((folder) => `src/${folder}/`), ...files].join(', ')}`,
  }));
}

/** Each room writes its settings with config/fields.ts, and config/ joins the rooms' settings.ts files. */
function exemptions(room: Room): string[] {
  if (room === 'core') return [];
  return room === 'config' ? ['!**/settings.ts'] : ['!**/config/fields.ts'];
}

function roomPatterns(room: Room): Pattern[] {
  const allowed = new Set<Room>([room, ...ARROWS[room]]);
  const forbidden = ROOMS.filter((other) => !allowed.has(other));
  return [
    {
      group: [...forbidden.map((other) => `**/${other}/**`), ...exemptions(room)],
      message: `${room}/ may import only ${[...allowed].join(', ')} (docs/architecture.md, arrows)`,
    },
    { regex: '^(\\.\\./)+(app|main)[\\w-]*\\.ts$', message: 'app.ts and main.ts are imported by nothing' },
  ];
}

/** Names of the rooms that stand in `src/pipeline/` now. */
function pipelineRooms(): string[] {
  return readdirSync(new URL('../src/pipeline', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** A pipeline room sees neither its siblings nor the corridor that lists them all. */
function siblingPatterns(name: string): Pattern[] {
  const siblings = pipelineRooms().filter((other) => other !== name);
  const others = [...siblings.map((other) => `${other}/.*`), 'pipeline\\.ts$'].join('|');
  return [{ regex: `^(\\.\\./)+(pipeline/)?(${others})`, message: 'rooms of pipeline/ never import each other' }];
}

function restrict(files: string, patterns: readonly Pattern[]): OxlintOverride {
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns: [...patterns] }] } };
}

/** The rules of one folder: for all of its files, then for each kind of file that may touch more libraries. */
function inFolder(folder: string, arrows: readonly Pattern[]): OxlintOverride[] {
  return [
    restrict(`src/${folder}/**`, [...arrows, ...libraryPatterns({ folder })]),
    ...KEEPER_FILES.map((file) =>
      restrict(`src/${folder}/**/${file}`, [...arrows, ...libraryPatterns({ folder, file })]),
    ),
  ];
}

/** Later overrides win as a whole, so each is complete, from the general to the particular. */
export function arrowOverrides(): OxlintOverride[] {
  return [
    restrict('src/*.ts', libraryPatterns({ folder: '' })),
    restrict('src/app.ts', libraryPatterns({ folder: '', file: 'app.ts' })),
    ...ROOMS.flatMap((room) => inFolder(room, roomPatterns(room))),
    ...inFolder('models/transport', roomPatterns('models')),
    ...pipelineRooms().flatMap((name) =>
      inFolder(`pipeline/${name}`, [...roomPatterns('pipeline'), ...siblingPatterns(name)]),
    ),
  ];
}
