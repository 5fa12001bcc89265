import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

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

const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('--'));
const named = given.filter((argument) => !argument.startsWith('--'));

function everyTest(): string[] {
  return globSync('{src,test,bench,scripts}/**/*.test.ts', { cwd: ROOT }).filter(
    (file) => !file.startsWith(APART.folder) && !file.includes('node_modules/'),
  );
}

const files = named.length > 0 ? named : everyTest();
// A test that hangs is a failure with a name, not a stuck run.
const runner = ['--test', '--test-concurrency=2', '--test-timeout=120000', ...flags, ...files];
// Most tests of a whole gateway need a database, whose making takes longer than the test.
const prepared = files.length > 1 ? await prepareDatabase() : undefined;
const env = { ...process.env, ...(prepared === undefined ? {} : { [PREPARED]: prepared }) };
const { status } = spawnSync(process.execPath, runner, { cwd: ROOT, stdio: 'inherit', env });
if (prepared !== undefined) dropDatabase(prepared);
if (named.length === 0) console.log(`Not in this run: ${APART.folder} (${APART.command}), which ${APART.why}.`);
process.exit(status ?? 1);
