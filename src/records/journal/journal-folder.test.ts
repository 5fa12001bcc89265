import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { journalFolder } from '../../../test/support/open-journal.ts';
import { identify, thisHost } from '../../storage/database/process-identity.ts';
import { LOCK_NAME, adoptFolders, takeFolder } from './journal-folder.ts';
import { newJournalId, segmentPath } from './segment.ts';

const never = () => assert.fail('nobody took it');
const wary = { lost: never, failed: never, isPatient: false };
const patient = { ...wary, isPatient: true, timing: { beatMs: 20, orphanMs: 100 } };
const me = identify(process.pid);
const dead = { pid: process.pid, started: 'before this process' };

/** Leaves a folder as another process would: with its lock, and with a segment. */
function leave(root: string, number: number, holder: object): string {
  const folder = join(root, String(number));
  const path = segmentPath(folder, newJournalId(), 7);
  writeFileSync(path, 'x');
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ id: 'theirs', host: thisHost, socketFolder: '', ...holder }));
  return path;
}

async function emptyFolders(root: string, count: number): Promise<void> {
  const taken = [];
  for (let at = 0; at < count; at += 1) taken.push(await takeFolder(root, never));
  for (const folder of taken) folder.release();
}

test('each takes the first that is free, with what is in it; only its owner may look into it', async () => {
  const root = journalFolder();
  const first = await takeFolder(root, never);
  const second = await takeFolder(root, never);
  assert.deepEqual([first.path, second.path], [join(root, '0'), join(root, '1')]);
  assert.equal(statSync(first.path).mode & 0o777, 0o700);
  const path = segmentPath(first.path, newJournalId(), 12);
  writeFileSync(path, 'xyz');
  writeFileSync(join(first.path, 'notes.txt'), 'not a segment');
  first.release();
  const again = await takeFolder(root, never);
  assert.deepEqual(
    again.segments.map((segment) => [segment.path, segment.number, segment.limit]),
    [[path, 12, 3]],
  );
  again.release();
  second.release();
});

test('promise 7: the folder of a process that was killed is taken at once, that of a living one and of another host is not', async () => {
  const root = journalFolder();
  await emptyFolders(root, 3);
  leave(root, 0, { engine: me, owner: me });
  leave(root, 1, { engine: dead, owner: dead, host: 'a-container-that-is-gone' });
  const left = leave(root, 2, { engine: dead, owner: dead });
  const began = performance.now();
  const taken = await takeFolder(root, never);
  assert.ok(performance.now() - began < 2000, 'nobody is waited for');
  assert.equal(taken.path, join(root, '2'));
  assert.deepEqual(
    taken.segments.map(({ path }) => path),
    [left],
  );
  taken.release();
});

test('promise 7: what a dead process left is adopted; that of another host once it has shown no life for a while', async () => {
  const root = journalFolder();
  await emptyFolders(root, 4);
  const own = await takeFolder(root, never);
  leave(root, 1, { engine: dead, owner: dead });
  leave(root, 2, { engine: me, owner: me });
  leave(root, 3, { engine: dead, owner: dead, host: 'a-container-that-is-gone' });
  utimesSync(join(root, '3', LOCK_NAME), 1, 1);
  const adopted = await adoptFolders(root, new Set([own.path]), wary);
  assert.deepEqual(
    adopted.map(({ path }) => path),
    [join(root, '1')],
  );
  const held = new Set([own, ...adopted].map(({ path }) => path));
  const later = await adoptFolders(root, held, patient);
  assert.deepEqual(
    later.map(({ path }) => path),
    [join(root, '3')],
  );
  for (const folder of [own, ...adopted, ...later]) folder.release();
  assert.deepEqual(
    readdirSync(root, { recursive: true }).filter((name) => String(name).endsWith(LOCK_NAME)),
    [join('2', LOCK_NAME)],
  );
});

test('a lock that cannot be read is somebody’s', async () => {
  const root = journalFolder();
  await emptyFolders(root, 1);
  writeFileSync(join(root, '0', LOCK_NAME), 'half a');
  const taken = await takeFolder(root, never);
  assert.equal(taken.path, join(root, '1'));
  assert.deepEqual(await adoptFolders(root, new Set([taken.path]), patient), []);
  taken.release();
});

test('a folder that cannot be looked into is told, and is no obstacle to the others; giving one back never throws', async () => {
  const root = journalFolder();
  await emptyFolders(root, 3);
  const own = await takeFolder(root, never);
  // Whatever is where the lock should be, it is none.
  leave(root, 1, { engine: dead, owner: dead });
  rmSync(join(root, '1', LOCK_NAME));
  mkdirSync(join(root, '1', LOCK_NAME));
  leave(root, 2, { engine: dead, owner: dead });
  const told: string[] = [];
  const failed = (path: string): void => void told.push(path);
  const adopted = await adoptFolders(root, new Set([own.path]), { ...patient, failed });
  assert.deepEqual(
    adopted.map(({ path }) => path),
    [join(root, '2')],
  );
  assert.deepEqual(told, [join(root, '1')]);
  for (const { path } of adopted) writeFileSync(join(path, LOCK_NAME), 'half a');
  for (const folder of [own, ...adopted]) folder.release();
});

test(
  'a folder of another user is passed over',
  { skip: process.getuid?.() === 0 && 'root may look into all' },
  async () => {
    const root = journalFolder();
    mkdirSync(join(root, '0'), { mode: 0 });
    const taken = await takeFolder(root, never);
    assert.equal(taken.path, join(root, '1'));
    taken.release();
    chmodSync(join(root, '0'), 0o700);
  },
);
