import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import drizzleConfig from '../drizzle.config.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { withReference } from '../src/config/reference.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { withPresets } from './preset-docs.ts';
import { VERSIONS_FILE, knownVersions } from './price-versions.ts';
import { ROOT } from './run.ts';
import { servedOpenApi } from './served-openapi.ts';
import { withTranslationTables } from './translation-docs.ts';

/**
 * `npm run generate` writes what follows from the code; with `--check` it writes nothing,
 * names the files that have drifted and fails where there are any.
 */
interface GeneratedFile {
  /** From the root. */
  readonly file: string;
  readonly text: string;
}

/** A new kind of generated file is one line here. */
const GENERATORS: readonly (() => Promise<GeneratedFile[]> | GeneratedFile[])[] = [
  () => json('docs/causeway.schema.json', configJsonSchema()),
  () => rewritten('docs/config.md', withReference),
  () => rewritten('docs/translation.md', withTranslationTables),
  () => rewritten('docs/presets.md', withPresets),
  () => json('deploy/grafana/causeway.json', dashboard()),
  async () => json('docs/openapi.json', await servedOpenApi()),
  () => json(VERSIONS_FILE, knownVersions(join(ROOT, VERSIONS_FILE))),
  () => migrations(drizzleConfig.out ?? ''),
];

/** Formatted as the formatter would, so that the two checks agree. */
function json(file: string, value: unknown): GeneratedFile[] {
  const { stdout, status } = spawnSync('oxfmt', ['--stdin-filepath', file], {
    cwd: ROOT,
    input: JSON.stringify(value),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} could not be formatted`);
  return [{ file, text: stdout }];
}

/** A document of which a part is made. */
function rewritten(file: string, rewrite: (text: string) => string): GeneratedFile[] {
  return [{ file, text: rewrite(readFileSync(join(ROOT, file), 'utf8')) }];
}

function readTree(folder: string, name: string): GeneratedFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ file: join(name, relative(folder, path)), text: readFileSync(path, 'utf8') }));
}

/** The committed migrations, and one more where the tables of the code say something that they do not. */
function migrations(out: string): GeneratedFile[] {
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-migrations-'));
  try {
    const copy = join(scratch, 'migrations');
    cpSync(join(ROOT, out), copy, { recursive: true });
    const config = join(scratch, 'drizzle.config.json');
    // drizzle-kit takes relative folders only, and ends with 0 whatever happens.
    writeFileSync(config, JSON.stringify({ ...drizzleConfig, out: relative(ROOT, copy) }));
    const { stdout, stderr } = spawnSync('drizzle-kit', ['generate', '--config', config], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const succeeded = /No schema changes|Your SQL migration file/.test(stdout);
    if (!succeeded) throw new Error(`${out}: npm run db:generate, which may ask something\n${stdout}${stderr}`);
    return readTree(copy, out);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function hasDrifted({ file, text }: GeneratedFile): boolean {
  const path = join(ROOT, file);
  return !existsSync(path) || readFileSync(path, 'utf8') !== text;
}

const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const made: GeneratedFile[] = [];
for (const generate of GENERATORS) made.push(...(await generate()));

for (const { file, text } of made.filter(hasDrifted)) {
  if (flags.check) {
    console.error(`${file} has drifted from the code: npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(ROOT, file), text);
    console.log(`wrote ${file}`);
  }
}
