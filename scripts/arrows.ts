import { readdirSync } from 'node:fs';

/**
 * The one-way arrows between the rooms of `src/`, as lint rules.
 * `npm run lint` enforces them, and `test/architecture.test.ts` plants violations that must fail.
 */
const ROOMS = ['core', 'config', 'edge', 'pipeline', 'models', 'records', 'storage', 'work'] as const;
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
};

/** Libraries that only some files may touch, with the reason that the linter prints. */
const KEPT_LIBRARIES = [
  { name: 'fastify', keepers: /^src\/edge\/|routes\.ts$/, why: 'HTTP framework: edge/ and routes.ts files only' },
  { name: 'undici', keepers: /^src\/models\/transport\//, why: 'HTTP client: models/transport/ only' },
  { name: 'pg', keepers: /^src\/storage\/|-store\.ts$/, why: 'SQL client: storage/ and *-store.ts files only' },
  {
    name: 'drizzle-orm',
    keepers: /^src\/storage\/|-store\.ts$|schema\.ts$/,
    why: 'SQL: storage/, *-store.ts and schema.ts files only',
  },
] as const;

type Pattern = { message: string } & ({ regex: string } | { group: string[] });

function libraryPatterns(place: string): Pattern[] {
  return KEPT_LIBRARIES.filter(({ keepers }) => !keepers.test(place)).map(({ name, why }) => ({
    regex: `^${name}(/|$)`,
    message: why,
  }));
}

function roomPatterns(room: Room): Pattern[] {
  const allowed = new Set<Room>([room, ...ARROWS[room]]);
  const forbidden = ROOMS.filter((other) => !allowed.has(other));
  // Every room writes its settings with config/fields.ts, and config/ joins the rooms' settings.ts files.
  const exempt = room === 'config' ? '!**/settings.ts' : '!**/config/fields.ts';
  return [
    {
      group: [...forbidden.map((other) => `**/${other}/**`), exempt],
      message: `${room}/ may import only ${[...allowed].join(', ')} (docs/architecture.md, arrows)`,
    },
    { regex: '^(\\.\\./)+(app|main)\\.ts$', message: 'app.ts and main.ts are imported by nothing' },
  ];
}

function restrict(files: string[], patterns: Pattern[]): object {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

/** `../x` from a file of a pipeline room is another room (its own files are `./x`, core is `../../core`). */
function siblingPattern(): Pattern {
  return { regex: '^\\.\\./[^.]', message: 'rooms of pipeline/ never import each other' };
}

function pipelineRooms(): string[] {
  return readdirSync(new URL('../src/pipeline', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Later overrides win as a whole, so each is complete, from the general to the particular. */
export function arrowOverrides(): object[] {
  const everywhere = ['routes.ts', 'schema.ts', 'x-store.ts'] as const;
  const glob = { 'routes.ts': 'routes.ts', 'schema.ts': 'schema.ts', 'x-store.ts': '*-store.ts' } as const;
  const inRoom = (folder: string, own: Pattern[]): object[] => [
    restrict([`src/${folder}/**`], [...own, ...libraryPatterns(`src/${folder}/`)]),
    ...everywhere.map((file) => restrict([`src/${folder}/**/${glob[file]}`], [...own, ...libraryPatterns(file)])),
  ];
  return [
    ...ROOMS.flatMap((room) => inRoom(room, roomPatterns(room))),
    restrict(['src/models/transport/**'], [...roomPatterns('models'), ...libraryPatterns('src/models/transport/')]),
    ...pipelineRooms().flatMap((name) => inRoom(`pipeline/${name}`, [...roomPatterns('pipeline'), siblingPattern()])),
  ];
}
