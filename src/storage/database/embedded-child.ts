/**
 * The process of the embedded database: one PGlite engine behind a unix socket.
 *
 * It is a process of its own since a query would stop the event loop of the one that answers requests.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { PGlite } from '@electric-sql/pglite';

import { CLOSE, type EngineReport, type EngineTask, type FinalReport } from './embedded-protocol.ts';
import { FolderLock, LockHeldError } from './folder-lock.ts';
import { Housekeeping, housekept } from './housekeeping.ts';
import { identify } from './process-identity.ts';
import { type Session, SessionServer } from './session-server.ts';
import { SOCKET_NAME, prepareSocketFolder } from './socket-folder.ts';

/** The defaults reserve memory for a server of a hundred clients. */
const SMALL = ['shared_buffers=8MB', 'max_connections=4', 'wal_buffers=1MB', 'temp_buffers=1MB'];
const START_PARAMS = [...PGlite.defaultStartParams, ...SMALL.flatMap((setting) => ['-c', setting])];

/** Requests go first where both want the processor. */
const NICENESS = 10;
const MAX_CONNECTIONS = 16;
const PATIENCE_MS = 30_000;
const UPKEEP_MS = 60_000;

function tell(report: EngineReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(report, () => resolve());
    else resolve();
  });
}

/** Ctrl-C reaches the whole process group, but the owner still has records to write: it says when to end. */
function outliveSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  // Without an owner nobody is served. What was acknowledged is written already.
  process.once('disconnect', () => process.exit(0));
  if (!process.connected) throw new Error('only its owner starts the engine, since only its owner can end it');
}

/** Makes the folder beside its place and moves it there, so that an interrupted start leaves no half of it. */
async function initialise(folder: string): Promise<void> {
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  const engine = await PGlite.create({ dataDir: draft, startParams: START_PARAMS });
  await engine.close();
  renameSync(draft, folder);
}

function sessionOf(engine: PGlite): Session {
  return {
    exchange: (messages, answer) => engine.execProtocolRawStream(messages, { onRawData: answer }),
    get inTransaction() {
      return engine.isInTransaction();
    },
  };
}

async function serve({ folder, socketFolder }: EngineTask, lock: FolderLock): Promise<void> {
  const engine = await PGlite.create({ dataDir: folder, startParams: START_PARAMS });
  const server = new SessionServer({
    session: sessionOf(engine),
    maxConnections: MAX_CONNECTIONS,
    patienceMs: PATIENCE_MS,
    failed: (error) => void fail(error),
  });
  prepareSocketFolder(socketFolder);
  const path = join(socketFolder, SOCKET_NAME);
  // The lock is ours, so a socket that is still there is a dead engine's.
  rmSync(path, { force: true });
  await server.listen(path);
  const housekeeping = new Housekeeping(housekept(engine));
  const upkeep = setInterval(() => {
    server
      .exclusively(() => housekeeping.round())
      .catch((error: unknown) => void tell({ kind: 'upkeep_failed', message: textOf(error) }));
  }, UPKEEP_MS);
  process.on('message', (message) => {
    if (message !== CLOSE) return;
    clearInterval(upkeep);
    close(engine, server, lock).catch(fail);
  });
  await tell({ kind: 'ready' });
}

async function close(engine: PGlite, server: SessionServer, lock: FolderLock): Promise<void> {
  await server.close();
  await engine.close();
  lock.release();
  process.exit(0);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says its last word and ends. */
async function endWith(report: FinalReport): Promise<never> {
  await tell(report);
  process.exit(report.kind === 'initialised' ? 0 : 1);
}

/** The engine is in no known state: the owner starts another. */
function fail(error: unknown): Promise<never> {
  return endWith({ kind: 'failed', message: textOf(error) });
}

async function main(task: EngineTask): Promise<void> {
  outliveSignals();
  setInterval(() => void tell({ kind: 'alive' }), task.signOfLifeMs).unref();
  if (getPriority() < NICENESS) setPriority(NICENESS);
  const { lockPath, owner, socketFolder } = task;
  const lock = await FolderLock.acquire(lockPath, { engine: identify(process.pid), owner, socketFolder });
  if (existsSync(task.folder)) return serve(task, lock);
  await initialise(task.folder);
  lock.release();
  return endWith({ kind: 'initialised' });
}

main(JSON.parse(process.argv[2] ?? '') as EngineTask).catch((error: unknown) =>
  error instanceof LockHeldError ? endWith({ kind: 'held', holder: error.holder }) : fail(error),
);
