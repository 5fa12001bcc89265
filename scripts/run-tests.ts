import { spawn } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { PREPARED, dropDatabase, prepareDatabase } from '../test/support/prepared-database.ts';
import { ROOT } from './run.ts';

/**
 * `npm test [-- file …]`: every test beside its source and under `test/`, or only the named files.
 * Flags of the test runner (`--test-name-pattern=…`) go through to it.
 */
const APART = {
  folder: 'test/package/',
  command: 'npm run test:package',
  why: 'installs the package on three Node versions',
};

const CORES = 2;
/** Files at a time that have a process each: many of them wait now and then. */
const SIDE_BY_SIDE = 3;
// A test that hangs is a failure with a name, not a stuck run.
const RUNNER = ['--test', '--test-timeout=120000'];

const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('--'));
const named = given.filter((argument) => !argument.startsWith('--'));

function everyTest(): string[] {
  return globSync('{src,test,bench,scripts}/**/*.test.ts', { cwd: ROOT }).filter(
    (file) => !file.startsWith(APART.folder) && !file.includes('node_modules/'),
  );
}

/** Files that need no process of their own; hooks outside of any suite would be everybody's. */
function mayShare(file: string): boolean {
  if (!/^(?:src|test\/(?:translation|costs|recordings))\//.test(file)) return false;
  if (/^src\/(?:commands|storage)\//.test(file)) return false;
  return !/^(?:before|after)(?:Each)?\(/m.test(readFileSync(join(ROOT, file), 'utf8'));
}

interface Share {
  readonly files: string[];
  bytes: number;
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, shown: boolean): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: shown ? 'inherit' : ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  return promise;
}

/** Most files need less time than a process that loads what they test: they share one for each core. */
async function runTogether(files: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const shares = Array.from({ length: CORES }, (): Share => ({ files: [], bytes: 0 }));
  const sized = files.map((file) => ({ file, bytes: statSync(join(ROOT, file)).size }));
  for (const { file, bytes } of sized.toSorted((a, b) => b.bytes - a.bytes)) {
    const least = shares.reduce((one, other) => (other.bytes < one.bytes ? other : one));
    least.files.push(file);
    least.bytes += bytes;
  }
  const ended = await Promise.all(
    shares.map((share) => run([...RUNNER, '--test-isolation=none', ...flags, ...share.files], env, false)),
  );
  for (const { output } of ended) process.stdout.write(output);
  return Math.max(...ended.map(({ code }) => code));
}

const files = named.length > 0 ? named : everyTest();
const together = named.length > 0 ? [] : files.filter(mayShare);
const alone = files.filter((file) => !together.includes(file));
// Most tests of a whole gateway need a database, whose making takes longer than the test.
const prepared = files.length > 1 ? await prepareDatabase() : undefined;
// All of these processes load the same modules.
const shared = prepared === undefined ? {} : { [PREPARED]: prepared, NODE_COMPILE_CACHE: join(prepared, 'modules') };
const env = { ...process.env, ...shared };
const codes = [
  together.length > 0 ? await runTogether(together, env) : 0,
  (await run([...RUNNER, `--test-concurrency=${SIDE_BY_SIDE}`, ...flags, ...alone], env, true)).code,
];
if (prepared !== undefined) dropDatabase(prepared);
if (named.length === 0) console.log(`Not in this run: ${APART.folder} (${APART.command}), which ${APART.why}.`);
process.exit(Math.max(...codes));
