import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { compiledCode } from '../../test/support/gateway-process.ts';
import { copyPreparedDatabase } from '../../test/support/prepared-database.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

test('SIGTERM at the very moment the address is printed ends it with 0', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-start-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  copyPreparedDatabase(join(folder, 'data'));
  // A write of the address that lasts, as on a busy machine: the signal comes before the next statement runs.
  const slowPrint = `
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (...args) => { write(...args); for (const since = Date.now(); Date.now() - since < 50;); };
    process.argv.splice(1, 0, 'causeway');
    await import(${JSON.stringify(MAIN)});
  `;
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    PORT: '0',
    CAUSEWAY_DATA_DIR: join(folder, 'data'),
    ...compiledCode(),
  };
  const child = spawn(process.execPath, ['--input-type=module', '-e', slowPrint, '--', 'start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => child.kill('SIGTERM'));
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
