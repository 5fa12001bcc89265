import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { type Database, openDatabase } from './database.ts';
import { EmbeddedServer } from './embedded-server.ts';
import { LockHeldError, readHolder } from './folder-lock.ts';
import { identify, isAlive } from './process-identity.ts';
import { socketFolderFor } from './socket-folder.ts';

const OWNER = fileURLToPath(new URL('../../../test/support/storage-owner.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'causeway-embedded-'));

before(async () => {
  const fresh = await openDatabase({ dataDir: join(root, 'fresh'), url: undefined, log: watchedLog().log });
  await fresh.close();
});
after(() => rmSync(root, { recursive: true }));

/** A data folder whose database was made before: making one takes seconds. */
function preparedFolder(name: string): string {
  const dataDir = join(root, name);
  mkdirSync(dataDir);
  cpSync(join(root, 'fresh', 'database'), join(dataDir, 'database'), { recursive: true });
  return dataDir;
}

/** Log lines as they come, and a promise of the next that says something. */
function watchedLog() {
  const waiting: { text: string; seen: () => void }[] = [];
  const line = (_facts: object, message = ''): void => {
    for (const { text, seen } of waiting) if (message.includes(text)) seen();
  };
  return {
    log: { info: line, warn: line, error: line },
    next: (text: string) => new Promise<void>((seen) => waiting.push({ text, seen })),
  };
}

type Options = { readonly join?: boolean; readonly log?: ReturnType<typeof watchedLog>['log'] };

/** Opens it, and closes it after the test whatever happens. */
async function open(t: TestContext, dataDir: string, options: Options = {}): Promise<Database> {
  const database = await openDatabase({ dataDir, url: undefined, log: watchedLog().log, ...options });
  t.after(() => database.close());
  return database;
}

async function countOf(database: Database, table: string): Promise<number> {
  const { rows } = await database.pool.query(`SELECT count(*) AS n FROM ${table}`);
  return rows[0]?.n;
}

/** A process that ended and was not asked for by its parent yet still has a number, but runs no more. */
function isRunning(pid: number): boolean {
  try {
    return isAlive(identify(pid));
  } catch {
    return false;
  }
}

function engineOf(database: Database): number {
  assert.ok(database.enginePid);
  return database.enginePid;
}

describe('embedded database', () => {
  test('a folder keeps its rows, and closing leaves no process, no lock and no socket', async (t) => {
    const dataDir = join(root, 'reopen');
    const first = await open(t, dataDir);
    const engine = engineOf(first);
    await first.pool.query('CREATE TABLE kept (n int)');
    await first.pool.query('INSERT INTO kept VALUES (1)');
    await first.close();
    assert.equal(first.ready, false);
    assert.equal(isRunning(engine), false);
    assert.deepEqual(readdirSync(dataDir).toSorted(), ['database', 'socket']);
    assert.deepEqual(readdirSync(join(dataDir, 'socket')), []);
    const second = await open(t, dataDir);
    assert.equal(await countOf(second, 'kept'), 1);
  });

  test('the engine runs behind requests, and only this user reaches it', async (t) => {
    const dataDir = preparedFolder('manners');
    const database = await open(t, dataDir);
    assert.ok(getPriority(engineOf(database)) >= 5);
    assert.equal(statSync(join(dataDir, 'socket')).mode & 0o777, 0o700);
    assert.equal(statSync(join(dataDir, 'socket', '.s.PGSQL.5432')).mode & 0o777, 0o600);
  });

  test('an engine that is killed comes back with every acknowledged row', async (t) => {
    const { log, next } = watchedLog();
    const database = await open(t, preparedFolder('killed'), { log });
    await database.pool.query('CREATE TABLE kept (n int)');
    for (let n = 0; n < 50; n += 1) await database.pool.query('INSERT INTO kept VALUES ($1)', [n]);
    const back = next('answers again');
    process.kill(engineOf(database), 'SIGKILL');
    await back;
    assert.equal(database.ready, true);
    assert.equal(await countOf(database, 'kept'), 50);
  });

  test('signals of a terminal do not end the engine before its owner is done', async (t) => {
    const database = await open(t, preparedFolder('signals'));
    const engine = engineOf(database);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(engine, signal);
    const { rows } = await database.pool.query('SELECT 1 AS one');
    assert.deepEqual(rows, [{ one: 1 }]);
    assert.equal(database.enginePid, engine);
  });

  test('an engine that is stuck is killed and started again', async (t) => {
    const home = preparedFolder('stuck');
    const { log, next } = watchedLog();
    const task = {
      folder: join(home, 'database'),
      lockPath: join(home, 'database.lock'),
      socketFolder: socketFolderFor(home),
      owner: identify(process.pid),
      signOfLifeMs: 100,
    };
    const server = await EmbeddedServer.start({ task, log, silenceMs: 1500 });
    t.after(() => server.stop());
    const [stuck, back] = [next('is stuck'), next('answers again')];
    assert.ok(server.pid);
    process.kill(server.pid, 'SIGSTOP');
    await stuck;
    await back;
    assert.equal(server.serving, true);
  });

  test('kill -9 of the owner: the engine leaves, the stale lock is taken over, acknowledged rows are there', async (t) => {
    const dataDir = preparedFolder('owner-killed');
    const owner = spawn(process.execPath, [OWNER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const died = once(owner, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: owner.stdout })) {
      lines.push(line);
      if (lines.length === 200) owner.kill('SIGKILL');
    }
    await died;
    const engine = Number(lines[0]?.split(' ')[1]);
    const acknowledged = Number(lines.at(-1));
    assert.ok(readHolder(join(dataDir, 'database.lock')), 'the lock outlives its holder');
    const database = await open(t, dataDir);
    assert.equal(isRunning(engine), false);
    const { rows } = await database.pool.query('SELECT count(*) AS n, max(n) AS last FROM written');
    // One more may have been written whose acknowledgement never arrived.
    assert.ok(rows[0]?.n >= acknowledged, `${rows[0]?.n} rows of ${acknowledged}`);
    assert.equal(rows[0]?.last, rows[0]?.n);
  });

  test('a second owner is refused with the number of the first and the folder; it may join', async (t) => {
    const dataDir = preparedFolder('joined');
    const owner = await open(t, dataDir);
    await owner.pool.query('CREATE TABLE kept (n int)');
    await assert.rejects(open(t, dataDir), (error) => {
      assert.ok(error instanceof LockHeldError);
      assert.match(error.message, new RegExp(`process ${process.pid} .*${join(dataDir, 'database')}`));
      return true;
    });
    const joined = await open(t, dataDir, { join: true });
    assert.equal(joined.enginePid, undefined);
    await joined.pool.query('INSERT INTO kept VALUES (1)');
    await joined.close();
    assert.equal(await countOf(owner, 'kept'), 1);
    await owner.close();
    const alone = await open(t, dataDir, { join: true });
    assert.ok(alone.enginePid, 'nobody to join, so it owns the folder');
  });

  test('a folder with a long path gets its socket elsewhere', async (t) => {
    const dataDir = preparedFolder('long'.repeat(30));
    const database = await open(t, dataDir);
    const folder = database.connection.host ?? '';
    assert.ok(folder.startsWith(join(tmpdir(), 'causeway-')));
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(existsSync(join(dataDir, 'socket')), false);
    const { rows } = await database.pool.query('SELECT 1 AS one');
    assert.deepEqual(rows, [{ one: 1 }]);
    await database.close();
    rmSync(folder, { recursive: true });
  });
});
