import { spawnSync } from 'node:child_process';

/** `npm test [-- file …]`: every test beside its source and under `test/`, or only the named files. */
const named = process.argv.slice(2);
const files = named.length > 0 ? named : ['src/**/*.test.ts', 'test/**/*.test.ts'];
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
