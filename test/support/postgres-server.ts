import { type ChildProcess, type SpawnOptions, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's place of the server's programs; undefined where PostgreSQL is not installed. */
const PROGRAMS = globSync('/usr/lib/postgresql/*/bin/postgres').map(dirname).toSorted().at(-1);

/** Why tests on PostgreSQL cannot run here, or false. */
export const noPostgres = PROGRAMS === undefined && 'no PostgreSQL server here (apt-get install postgresql)';

export interface PostgresServer {
  /** A connection string over a unix socket. */
  readonly url: string;
  /** Ends it, cutting its connections; what was written stays. */
  stop(): Promise<void>;
  /** Starts it again. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a PostgreSQL server of its own on an empty folder. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-pg-'));
  const user = unprivilegedUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options: SpawnOptions = { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] };
  execFileSync(program('initdb'), ['-D', data, '-U', 'causeway', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  let server = await launch(folder, options);
  async function stop(): Promise<void> {
    server.kill('SIGINT');
    if (server.exitCode === null) await once(server, 'exit');
  }
  return {
    url: `postgres://causeway@${encodeURIComponent(folder)}/postgres`,
    stop,
    async start() {
      server = await launch(folder, options);
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function launch(folder: string, options: SpawnOptions): Promise<ChildProcess> {
  const settings = ['-D', join(folder, 'data'), '-k', folder, '-c', 'listen_addresses=', '-F'];
  const server = spawn(program('postgres'), settings, options);
  if (!server.stderr) throw new Error('the server has no stderr');
  for await (const line of createInterface({ input: server.stderr })) {
    if (line.includes('ready to accept connections')) break;
  }
  server.stderr.resume();
  return server;
}

function program(name: string): string {
  return join(PROGRAMS ?? '', name);
}

/** The server refuses to run as root, so there it runs as somebody else. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^nobody:.*/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
