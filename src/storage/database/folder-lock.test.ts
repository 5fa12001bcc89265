import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { FolderLock, LockHeldError, keepBeating, readHolder } from './folder-lock.ts';
import { identify, thisHost } from './process-identity.ts';

const root = mkdtempSync(join(tmpdir(), 'causeway-lock-'));
after(() => rmSync(root, { recursive: true }));

const TIMING = { beatMs: 5, orphanMs: 100 };
const me = identify(process.pid);
const self = { engine: me, owner: me, socketFolder: root };
const dead = { pid: process.pid, started: 'before this process' };

let count = 0;
function lockPath(): string {
  count += 1;
  return join(root, `${count}.lock`);
}

/** Leaves a lock as another process would. */
function leaveLock(path: string, holder: object): void {
  writeFileSync(path, JSON.stringify({ id: 'theirs', host: thisHost, ...self, ...holder }));
}

function acquire(path: string, timing = TIMING): Promise<FolderLock> {
  return FolderLock.acquire(path, self, timing);
}

describe('folder lock', () => {
  test('excludes a second holder until it is released', async () => {
    const path = lockPath();
    const lock = await acquire(path);
    // A living owner is not waited for, however long an orphan would be.
    await assert.rejects(acquire(path, { ...TIMING, orphanMs: Number.MAX_SAFE_INTEGER }), (error) => {
      assert.ok(error instanceof LockHeldError);
      assert.equal(error.holder.owner.pid, process.pid);
      return true;
    });
    lock.release();
    (await acquire(path)).release();
    assert.equal(readHolder(path), undefined);
  });

  test('a process number that was given again does not keep a dead lock alive', async () => {
    const path = lockPath();
    leaveLock(path, { engine: dead, owner: dead });
    (await acquire(path)).release();
  });

  test('of many that find a stale lock one gets it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const path = lockPath();
      leaveLock(path, { engine: dead, owner: dead });
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => acquire(path)));
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    }
    assert.deepEqual(
      readdirSync(root).filter((name) => !/^\d+\.lock$/.test(name)),
      [],
      'nothing is left beside the locks',
    );
  });

  test('a lock that was taken over by somebody else in the meantime is put back', async () => {
    const path = lockPath();
    leaveLock(path, { host: 'elsewhere' });
    utimesSync(path, 1, 1);
    const acquired = acquire(path);
    leaveLock(path, { id: 'newer' });
    utimesSync(path, 1, 1);
    await assert.rejects(acquired, LockHeldError);
    assert.equal(readHolder(path)?.id, 'newer');
  });

  test('an engine without an owner is waited for', async () => {
    const path = lockPath();
    const engine = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    leaveLock(path, { engine: identify(engine.pid ?? 0), owner: dead });
    const acquired = acquire(path);
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    (await acquired).release();
  });

  test('an engine without an owner that stays is refused', async () => {
    const path = lockPath();
    leaveLock(path, { engine: me, owner: dead });
    await assert.rejects(acquire(path), LockHeldError);
  });

  test('a holder on another host keeps its lock while it touches it, and loses it after', async () => {
    const path = lockPath();
    leaveLock(path, { host: 'elsewhere', engine: dead, owner: dead });
    let at = 1;
    const beat = setInterval(() => utimesSync(path, at, (at += 1)), 1);
    await assert.rejects(acquire(path), { name: 'LockHeldError', message: /on elsewhere/ });
    clearInterval(beat);
    (await acquire(path)).release();
  });

  test("the owner touches its lock, and notices when it is another's", async () => {
    const path = lockPath();
    const lock = await acquire(path);
    utimesSync(path, 1, 1);
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    const stop = keepBeating(path, me, resolve, TIMING);
    while (statSync(path).mtimeMs === 1000) await new Promise((next) => setTimeout(next, TIMING.beatMs));
    leaveLock(path, { host: 'elsewhere' });
    await lost;
    stop();
    lock.release();
    assert.match(readFileSync(path, 'utf8'), /elsewhere/, "another's lock is not released");
  });

  test('a lock file that is no lock says what to do', () => {
    const path = lockPath();
    writeFileSync(path, 'half');
    assert.throws(() => readHolder(path), /Remove it if no Causeway runs/);
  });
});
