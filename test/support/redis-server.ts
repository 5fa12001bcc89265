import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { launchSomewhere } from './free-port.ts';

const PROGRAM = '/usr/bin/redis-server';
const CLIENT = '/usr/bin/redis-cli';

/** Why tests on Redis cannot run here, or false. */
export const noRedis = !existsSync(PROGRAM) && 'no Redis server here (apt-get install redis-server)';

/** A Redis server on a port of its own, which keeps nothing by itself. */
export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  /** It is gone at once, and so is what it knew. */
  kill9(): Promise<void>;
  /** Ends it if it runs, and starts it on the same port, with nothing, or with what it knew at the last `copy()`. */
  restart(from: 'empty' | 'copy'): Promise<void>;
  /** Keeps what it knows now. */
  copy(): void;
  /** It hears and does not answer, until `goOn()`. */
  hang(): void;
  goOn(): void;
  /** One command, and its answer as text. */
  ask(...command: readonly string[]): string;
  close(): Promise<void>;
}

/** Starts a server on a free port of the loopback. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-redis-'));
  const dump = join(folder, 'dump.rdb');
  const kept = join(folder, 'copy.rdb');
  const { port, child } = await launchSomewhere((free) => launch(free, folder));
  let server = child;

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGCONT');
    server.kill(signal);
    await once(server, 'exit');
  }

  const ask = (...command: readonly string[]): string =>
    execFileSync(CLIENT, ['-p', `${port}`, ...command], { encoding: 'utf8' }).trimEnd();

  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return server.pid ?? 0;
    },
    kill9: () => end('SIGKILL'),
    async restart(from) {
      await end('SIGKILL');
      rmSync(dump, { force: true });
      if (from === 'copy') copyFileSync(kept, dump);
      server = await launch(port, folder);
    },
    copy() {
      ask('SAVE');
      copyFileSync(dump, kept);
    },
    hang: () => void server.kill('SIGSTOP'),
    goOn: () => void server.kill('SIGCONT'),
    ask,
    async close() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(port: number, folder: string): Promise<ChildProcess> {
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn(PROGRAM, settings, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('Ready to accept connections')) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error(`redis-server did not start on port ${port}`);
}
