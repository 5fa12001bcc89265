import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from './run.ts';
import { untilPrinted } from './until-printed.ts';

const START_LIMIT_MS = 60_000;

/** What a gateway with nothing configured serves as `/openapi.json`: the real one, so that no route is forgotten. */
export async function servedOpenApi(): Promise<unknown> {
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-openapi-'));
  const server = spawn(process.execPath, [join(ROOT, 'src/main.ts'), 'start'], {
    cwd: scratch,
    env: { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', CAUSEWAY_DATA_DIR: join(scratch, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(server, 'exit');
  try {
    const [address] = await untilPrinted(server, [/(http:\/\/127\.0\.0\.1:\d+)/], START_LIMIT_MS);
    const response = await fetch(`${address}/openapi.json`);
    if (!response.ok) throw new Error(`/openapi.json answered ${response.status}`);
    return await response.json();
  } finally {
    server.kill('SIGTERM');
    await exit;
    rmSync(scratch, { recursive: true });
  }
}
