import { spawnSync } from 'node:child_process';

import { ROOT } from './run.ts';

/**
 * `npm run check`: every check, all of them even where one fails, so that one run says all there is to mend.
 * With CHECK_SKIP_TESTS=1 without the tests, for a caller that has just run them.
 */
const STEPS: readonly { readonly script: string; readonly proves: string }[] = [
  { script: 'format:check', proves: 'format' },
  { script: 'lint', proves: 'lint, and the arrows between rooms' },
  { script: 'typecheck', proves: 'types' },
  { script: 'dead', proves: 'no dead code, no unused dependency' },
  { script: 'generate:check', proves: 'generated files are those that the code makes' },
  { script: 'test', proves: 'tests, and the architecture' },
];

const skipTests = process.env['CHECK_SKIP_TESTS'] === '1';
const failed = STEPS.filter(({ script, proves }) => {
  if (script === 'test' && skipTests) return false;
  console.log(`\n== ${script}: ${proves}`);
  return spawnSync('npm', ['run', '--silent', script], { cwd: ROOT, stdio: 'inherit' }).status !== 0;
});

console.log(
  failed.length === 0 ? '\ncheck: all passed' : `\ncheck: failed: ${failed.map((step) => step.script).join(', ')}`,
);
if (skipTests) console.log('check: the tests were left out (CHECK_SKIP_TESTS=1)');
process.exitCode = failed.length === 0 ? 0 : 1;
