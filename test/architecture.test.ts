import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Finding {
  readonly code: string;
  readonly filename: string;
  readonly help: string;
}

/** The import violations that the linter reports in a tree, by the overrides of its configuration alone. */
function forbiddenImports(tree: string): Finding[] {
  const oxlint = join(ROOT, 'node_modules/.bin/oxlint');
  const { stdout, stderr } = spawnSync(oxlint, ['--allow=all', '--format=json', 'src'], {
    cwd: tree,
    encoding: 'utf8',
  });
  assert.ok(stdout.startsWith('{'), `the linter did not run: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Finding[] };
  return diagnostics.filter(({ code }) => code.includes('no-restricted-imports'));
}

interface Planted {
  readonly name: string;
  /** Under `src/`, without `.ts`. */
  readonly file: string;
  readonly from: string;
  readonly says: RegExp;
}

const VIOLATIONS: readonly Planted[] = [
  { name: 'core imports models', file: 'core/a', from: '../models/x.ts', says: /^core\/ may import only core / },
  { name: 'core imports config', file: 'core/b', from: '../config/fields.ts', says: /^core\/ may import only core / },
  { name: 'models import pipeline', file: 'models/a', from: '../pipeline/x.ts', says: /^models\// },
  {
    name: 'a provider imports records',
    file: 'models/providers/p/a',
    from: '../../../records/x.ts',
    says: /^models\//,
  },
  { name: 'records import models', file: 'records/a', from: '../models/x.ts', says: /^records\// },
  { name: 'storage imports records', file: 'storage/a', from: '../records/x.ts', says: /^storage\// },
  { name: 'pipeline imports edge', file: 'pipeline/a', from: '../edge/x.ts', says: /^pipeline\// },
  { name: 'a pipeline room imports edge', file: 'pipeline/access/a', from: '../../edge/x.ts', says: /^pipeline\// },
  { name: 'edge imports work', file: 'edge/a', from: '../work/x.ts', says: /^edge\// },
  { name: 'work imports edge', file: 'work/a', from: '../edge/x.ts', says: /^work\// },
  { name: 'cluster imports pipeline', file: 'cluster/a', from: '../pipeline/x.ts', says: /^cluster\// },
  { name: 'records import cluster', file: 'records/b', from: '../cluster/x.ts', says: /^records\// },
  { name: 'config imports a room', file: 'config/a', from: '../pipeline/access/stage.ts', says: /^config\// },
  {
    name: 'a pipeline room imports its sibling',
    file: 'pipeline/access/b',
    from: '../routing/x.ts',
    says: /never import/,
  },
  { name: '… the long way', file: 'pipeline/access/c', from: '../../pipeline/routing/x.ts', says: /never import/ },
  { name: '… from a folder inside', file: 'pipeline/access/inner/a', from: '../../routing/x.ts', says: /never import/ },
  { name: '… or the corridor', file: 'pipeline/access/d', from: '../pipeline.ts', says: /never import/ },
  { name: 'a room imports app.ts', file: 'edge/b', from: '../app.ts', says: /^app\.ts and main\.ts/ },
  {
    name: 'a pipeline room imports main.ts',
    file: 'pipeline/access/e',
    from: '../../main.ts',
    says: /^app\.ts and main\.ts/,
  },
  { name: 'fastify in core', file: 'core/c', from: 'fastify', says: /^the HTTP framework: only in src\/edge\// },
  { name: 'fastify in a stage', file: 'pipeline/access/stage', from: 'fastify', says: /^the HTTP framework/ },
  { name: 'fastify in main.ts', file: 'main', from: 'fastify', says: /^the HTTP framework/ },
  { name: 'undici in a provider', file: 'models/providers/p/b', from: 'undici', says: /^the HTTP client/ },
  { name: 'undici in app.ts', file: 'app', from: 'undici', says: /^the HTTP client/ },
  { name: 'undici in routes', file: 'records/traces/routes', from: 'undici', says: /^the HTTP client/ },
  { name: 'pg in a stage', file: 'pipeline/routing/stage', from: 'pg', says: /^SQL clients/ },
  { name: 'pg in a table file', file: 'pipeline/access/schema', from: 'pg', says: /^SQL clients/ },
  { name: 'PGlite outside storage', file: 'records/journal/a', from: '@electric-sql/pglite', says: /^SQL clients/ },
  { name: 'the SQL builder in the edge', file: 'edge/c', from: 'drizzle-orm/pg-core', says: /^the SQL builder/ },
  { name: 'Redis in the edge', file: 'edge/d', from: 'ioredis', says: /^the Redis client/ },
];

/** What must stay allowed, so that the rules are not merely a wall. */
const ALLOWED: readonly Pick<Planted, 'file' | 'from'>[] = [
  { file: 'models/ok', from: '../core/x.ts' },
  { file: 'models/settings', from: '../config/fields.ts' },
  { file: 'config/schema', from: '../pipeline/access/settings.ts' },
  { file: 'records/ok', from: '../storage/x.ts' },
  { file: 'pipeline/corridor', from: './access/stage.ts' },
  { file: 'pipeline/access/ok', from: '../../models/x.ts' },
  { file: 'pipeline/access/inner/ok', from: '../stage.ts' },
  { file: 'pipeline/access/routes', from: 'fastify' },
  { file: 'pipeline/access/key-store', from: 'pg' },
  { file: 'pipeline/routing/schema', from: 'drizzle-orm/pg-core' },
  { file: 'pipeline/routing/redis-limiter', from: 'ioredis' },
  { file: 'models/transport/ok', from: 'undici' },
  { file: 'storage/database/ok', from: 'pg' },
  { file: 'edge/ok', from: '../pipeline/pipeline.ts' },
  { file: 'edge/dialects/ok', from: 'fastify' },
];

/** Every way to depend on a module, each of which counts. */
const FORMS: readonly ((from: string) => string)[] = [
  (from) => `import { x } from '${from}';`,
  (from) => `import type { X } from '${from}';`,
  (from) => `import { type Y } from '${from}';`,
  (from) => `export { z } from '${from}';`,
  (from) => `export const lazy = (): Promise<unknown> => import('${from}');`,
];

const placeOf = ({ file }: Pick<Planted, 'file'>): string => `src/${file}.ts`;

describe('the arrows between rooms', () => {
  const tree = mkdtempSync(join(tmpdir(), 'causeway-arrows-'));
  let findings: Finding[] = [];

  before(() => {
    for (const file of ['oxlint.config.ts', 'tsconfig.json', 'package.json', 'scripts/arrows.ts']) {
      cpSync(join(ROOT, file), join(tree, file));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    for (const room of ['access', 'routing']) mkdirSync(join(tree, 'src/pipeline', room), { recursive: true });
    for (const planted of [...VIOLATIONS, ...ALLOWED]) {
      const path = join(tree, placeOf(planted));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, FORMS.map((form) => form(planted.from)).join('\n'));
    }
    findings = forbiddenImports(tree);
  });
  after(() => rmSync(tree, { recursive: true, force: true }));

  for (const planted of VIOLATIONS) {
    test(`a planted violation is reported: ${planted.name}`, () => {
      const reported = findings.filter(({ filename }) => filename === placeOf(planted));
      assert.equal(reported.length, FORMS.length, 'each form of import is reported');
      for (const { help } of reported) assert.match(help, planted.says);
    });
  }

  test('what the arrows allow is not reported', () => {
    const allowed = new Set(ALLOWED.map(placeOf));
    assert.deepEqual(
      findings.filter(({ filename }) => allowed.has(filename)),
      [],
    );
  });

  test('this tree has no violation', () => {
    assert.deepEqual(forbiddenImports(ROOT), []);
  });
});

/** What a provider with a wire of its own is made of; one that speaks another's wire needs only its adapter. */
const PROVIDER_FILES = [
  'adapter.ts',
  'to-request.ts',
  'from-response.ts',
  'stream.ts',
  'map-usage.ts',
  'map-finish-reason.ts',
  'map-error.ts',
];

/** What several providers share; no provider itself. */
const SHARED_FOLDERS = new Set(['embedding', 'rerank']);

/** The files of a folder that its tests reach by relative imports. */
function testedFiles(folder: string): Set<string> {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file) || !existsSync(join(folder, file))) return;
    reached.add(file);
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, imported] of source.matchAll(/from '\.\/([^']+)'/g)) if (imported) visit(imported);
  };
  for (const testFile of globSync('*.test.ts', { cwd: folder })) visit(testFile);
  return reached;
}

/** What a provider's folder lacks of the fixed set, in words. */
function lacksOf(folder: string): string[] {
  const needed = existsSync(join(folder, 'wire.ts')) ? PROVIDER_FILES : ['adapter.ts'];
  const tested = testedFiles(folder);
  return needed.flatMap((file) => {
    if (!existsSync(join(folder, file))) return [`${basename(folder)} has no ${file}`];
    return tested.has(file) ? [] : [`no test of ${basename(folder)} reaches ${file}`];
  });
}

describe('the shape of the source', () => {
  const providers = join(ROOT, 'src/models/providers');

  test('every provider has the fixed set of files, and tests that reach them', () => {
    const folders = readdirSync(providers, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !SHARED_FOLDERS.has(entry.name),
    );
    assert.ok(folders.length > 0);
    assert.deepEqual(
      folders.flatMap(({ name }) => lacksOf(join(providers, name))),
      [],
    );
  });

  test('a provider that lacks a file or a test is reported', () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-provider-'));
    try {
      for (const file of ['wire.ts', ...PROVIDER_FILES.slice(2)]) writeFileSync(join(folder, file), '');
      writeFileSync(join(folder, 'adapter.ts'), "import { s } from './stream.ts';");
      writeFileSync(join(folder, 'a.test.ts'), "import { a } from './adapter.ts';");
      const lacks = lacksOf(folder).map((lack) => lack.replaceAll(basename(folder), 'it'));
      assert.deepEqual(lacks, [
        'it has no to-request.ts',
        'no test of it reaches from-response.ts',
        'no test of it reaches map-usage.ts',
        'no test of it reaches map-finish-reason.ts',
        'no test of it reaches map-error.ts',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('no source file is over 400 lines', () => {
    const files = globSync('{src,test,bench,scripts,.ci}/**/*.{ts,sh,sql,mjs}', { cwd: ROOT }).filter(
      (file) => !file.includes('node_modules/') && !file.startsWith('src/storage/migrations/'),
    );
    const long = files.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 401);
    assert.deepEqual(long, []);
  });
});
