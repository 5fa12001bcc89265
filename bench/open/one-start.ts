import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type IncomingMessage, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { freePort } from '../../test/support/free-port.ts';

export interface StartPlan {
  readonly main: string;
  /** With causeway.yaml and data/ in it. */
  readonly folder: string;
  readonly adminKey: string;
  readonly databaseUrl: string | undefined;
}

export interface Start {
  /** From the start of the process until /readyz answered 200. */
  readonly readyMs: number;
  /** What the process itself used until then, all threads; a database is another process. */
  readonly cpuMs: number;
  readonly rssBytes: number;
}

const POLL_MS = 3;
const LIMIT_MS = 60_000;
/** Linux reports process times to programs in hundredths of a second. */
const MS_PER_TICK = 10;

/** Starts the gateway as a user does, and stops it again. */
export async function startOnce(
  plan: StartPlan,
  use: (origin: string) => Promise<void> = async () => {},
): Promise<Start> {
  const { main, folder, adminKey, databaseUrl } = plan;
  const port = await freePort();
  const file = join(folder, 'start.log');
  const log = openSync(file, 'w');
  const began = performance.now();
  const child = spawn(process.execPath, [main, 'start'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...(process.env['NODE_COMPILE_CACHE'] && { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }),
      NODE_ENV: 'production',
      PORT: String(port),
      CAUSEWAY_CONFIG: join(folder, 'causeway.yaml'),
      CAUSEWAY_DATA_DIR: join(folder, 'data'),
      CAUSEWAY_ADMIN_KEY: adminKey,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = once(child, 'exit');
  // A run that is interrupted ends this process at once.
  const end = (): boolean => child.kill('SIGKILL');
  process.on('exit', end);
  const origin = `http://127.0.0.1:${port}`;
  try {
    while (!(await isReady(origin))) {
      if (child.exitCode !== null || performance.now() - began > LIMIT_MS) {
        throw new Error(`the gateway did not start; its output ends in:\n${readFileSync(file, 'utf8').slice(-2000)}`);
      }
      await pause(POLL_MS);
    }
    const start = { readyMs: performance.now() - began, ...usedBy(child.pid ?? 0) };
    await use(origin);
    child.kill('SIGTERM');
    await exited;
    return start;
  } finally {
    process.off('exit', end);
    if (child.exitCode === null) end();
  }
}

async function isReady(origin: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage | undefined>();
  get(`${origin}/readyz`, { agent: false }, resolve).on('error', () => resolve(undefined));
  const answer = await promise;
  answer?.resume();
  return answer?.statusCode === 200;
}

function usedBy(pid: number): { cpuMs: number; rssBytes: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name, in parentheses, may hold anything; the numbered fields follow it (proc_pid_stat(5), 3 = state).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
  return { cpuMs: ticks * MS_PER_TICK, rssBytes: kilobytes * 1024 };
}
