import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

import { builtConsole, CONSOLE_DIST } from '../test/console/support/built-console.ts';
import { PREPARED, dropDatabase, prepareDatabase } from '../test/support/prepared-database.ts';
import { ROOT, run } from './run.ts';

/** `npm run test:console [-- file …]`: the console's own tests, and the console in a browser before a running gateway. */
const AT_ONCE = 2;
const LIMIT_MS = 300_000;

const given = process.argv.slice(2);
if (given.length === 0) run('npm', ['run', '--silent', 'test', '--workspace', 'console']);
const files = given.length > 0 ? given : globSync('test/console/*.test.ts', { cwd: ROOT }).toSorted();
const folder = builtConsole();
const prepared = await prepareDatabase();
const { status } = spawnSync(
  process.execPath,
  ['--test', `--test-timeout=${LIMIT_MS}`, `--test-concurrency=${AT_ONCE}`, ...files],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, [PREPARED]: prepared, [CONSOLE_DIST]: folder } },
);
dropDatabase(prepared);
process.exit(status ?? 1);
