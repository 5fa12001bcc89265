import { spawn } from 'node:child_process';
import { globSync, statSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

import {
  PREPARED,
  PREPARED_SERVER,
  dropDatabase,
  prepareDatabase,
  prepareServer,
} from '../test/support/prepared-database.ts';
import { TOGETHER } from '../test/support/together.ts';
import { ROOT } from './run.ts';

/**
 * `npm test [-- file …]`: every test beside its source and under `test/`, but for some that take long and have a
 * command of their own, or only the named files.
 * `npm test -- --slowest` says at its end which files took longest. Flags of the test runner
 * (`--test-name-pattern=…`) go through to it.
 */
const APART = [
  {
    folder: 'test/processes/',
    command: 'npm run test:processes',
    why: 'starts gateways, replicas and workers as processes, and Prometheus',
  },
  { folder: 'test/package/', command: 'npm run test:package', why: 'installs the package on three Node versions' },
  { folder: 'test/console/', command: 'npm run test:console', why: 'builds the console and starts a browser' },
];

/** Files that start processes, end them, or look at their own; the others share some. */
const OWN_PROCESS = /^src\/(?:commands|storage)\//;
/** Files with a gateway each, which wait now and then. */
const GATEWAYS = /^test\/(?:e2e|edge|records)\//;

const CORES = 2;
// A test that hangs is a failure with a name, not a stuck run.
const RUNNER = ['--test', '--test-timeout=120000'];
const SHARED = [...RUNNER, '--test-isolation=none'];
const SLOWEST = '--slowest';
const SHOWN_SLOWEST = 25;
/** What the runner says at the end of each process. */
const SUMS = /^ℹ (?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) .*\n/gm;

const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('--') && argument !== SLOWEST);
const named = given.filter((argument) => !argument.startsWith('--'));

function everyTest(): string[] {
  return globSync('{src,test,bench,scripts}/**/*.test.ts', { cwd: ROOT }).filter(
    (file) => !APART.some(({ folder }) => file.startsWith(folder)) && !file.includes('node_modules/'),
  );
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, shown = false): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = spawn(process.execPath, [...args], {
    cwd: ROOT,
    env,
    stdio: shown ? 'inherit' : ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  return promise;
}

/** Most files need less time than a process that loads what they test. */
function shares(files: readonly string[], count: number): string[][] {
  const made = Array.from({ length: count }, () => ({ files: [] as string[], bytes: 0 }));
  const sized = files.map((file) => ({ file, bytes: statSync(join(ROOT, file)).size }));
  for (const { file, bytes } of sized.toSorted((a, b) => b.bytes - a.bytes)) {
    const least = made.reduce((one, other) => (other.bytes < one.bytes ? other : one));
    least.files.push(file);
    least.bytes += bytes;
  }
  return made.map((share) => share.files);
}

/** Each share in a process, so many at a time; what they print comes in one piece, without their sums. */
async function runShares(queue: string[][], atOnce: number, env: NodeJS.ProcessEnv): Promise<Ended[]> {
  const ended: Ended[] = [];
  async function work(): Promise<void> {
    for (let share = queue.shift(); share; share = queue.shift()) {
      const one = await run([...SHARED, ...flags, 'test/support/together.ts'], {
        ...env,
        [TOGETHER]: share.join('\n'),
      });
      process.stdout.write(one.output.replaceAll(SUMS, ''));
      ended.push(one);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return ended;
}

async function runAll(env: NodeJS.ProcessEnv): Promise<number> {
  const files = everyTest();
  const alone = files.filter((file) => OWN_PROCESS.test(file));
  const gateways = files.filter((file) => GATEWAYS.test(file) && !alone.includes(file));
  const others = files.filter((file) => !alone.includes(file) && !gateways.includes(file));
  const ended = [
    ...(await runShares(shares(others, 4 * CORES), CORES, env)),
    ...(await runShares([...shares(gateways, 2 * CORES), ...alone.map((file) => [file])], CORES + 1, env)),
  ];
  const output = ended.map((one) => one.output).join('');
  for (const sum of ['tests', 'pass', 'fail', 'cancelled', 'skipped']) {
    const counts = [...output.matchAll(new RegExp(`^ℹ ${sum} (\\d+)$`, 'gm'))].map(([, count]) => Number(count));
    console.log(`ℹ ${sum} ${counts.reduce((all, one) => all + one, 0)}`);
  }
  console.log(`ℹ duration ${Math.round(performance.now() / 1000)} s`);
  if (given.includes(SLOWEST)) printSlowest(output);
  for (const [, file] of output.matchAll(/^✖ (\S+\.test\.ts) \(/gm)) console.log(`✖ ${file}`);
  for (const { folder, command, why } of APART) console.log(`Not in this run: ${folder} (${command}), which ${why}.`);
  return Math.max(...ended.map(({ code }) => code));
}

function printSlowest(output: string): void {
  const times = [...output.matchAll(/^[✔✖] (\S+\.test\.ts) \(([\d.]+)ms\)$/gm)];
  const sorted = times.map(([, file, ms]) => ({ file, ms: Number(ms) })).toSorted((a, b) => b.ms - a.ms);
  for (const { file, ms } of sorted.slice(0, SHOWN_SLOWEST)) console.log(`${(ms / 1000).toFixed(1)} s ${file}`);
}

/** A folder in memory where there is one with room: each gateway of a test has files of a database, 40 MB in 1,000 files. */
const MEMORY_FOLDER = '/dev/shm';
const ROOM_BYTES = 3e9;

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}

if (hasRoom(MEMORY_FOLDER)) process.env['TMPDIR'] ??= MEMORY_FOLDER;
// Most tests of a whole gateway need a database, whose making takes longer than the test.
const [prepared, server] = named.length === 1 ? [] : await Promise.all([prepareDatabase(), prepareServer()]);
// All of these processes load the same modules.
const shared = prepared !== undefined && { [PREPARED]: prepared, NODE_COMPILE_CACHE: join(prepared, 'modules') };
const env = { ...process.env, ...shared, ...(server && { [PREPARED_SERVER]: server.url }) };
const code =
  named.length === 0
    ? await runAll(env)
    : (await run([...RUNNER, `--test-concurrency=${CORES + 1}`, ...flags, ...named], env, true)).code;
if (prepared !== undefined) dropDatabase(prepared);
await server?.close();
process.exit(code);
