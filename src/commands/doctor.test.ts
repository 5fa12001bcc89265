import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { configOf } from '../../test/support/config-of.ts';
import { runCommand } from '../../test/support/gateway-process.ts';
import { makeRecord } from '../../test/support/make-record.ts';
import { journalFolder as newFolder, openJournal } from '../../test/support/open-journal.ts';
import { inspectJournal, journalsIn } from '../records/journal/inspect.ts';
import { identify } from '../storage/database/process-identity.ts';
import { guards } from './doctor/guard-checks.ts';
import { dataFolder, folderLock, journalFolder, snapshot } from './doctor/folder-checks.ts';

const NOBODY = { host: '/nowhere', connectionTimeoutMillis: 100 };
const MEGABYTE = 1024 * 1024;
const FACTS = { maxSize: MEGABYTE, now: Date.now(), isPositionKnown: true };

/** What a gateway leaves that was ended while its database was away. */
async function leaveJournal(dataDir: string, records: number): Promise<void> {
  const journal = await openJournal({ connection: NOBODY, folder: join(dataDir, 'journal') });
  for (let at = 0; at < records; at += 1)
    journal.append(makeRecord(), { input: Buffer.from('"hi"'), output: undefined });
  await journal.close(0);
}

test('the journal is read as it is: what waits, since when, and what is damaged', async () => {
  const dataDir = newFolder();
  await leaveJournal(dataDir, 10);
  const root = join(dataDir, 'journal');
  const [journal = ''] = journalsIn(root);
  const [report] = inspectJournal(root, new Map());
  assert.ok(report);
  assert.deepEqual([report.waiting, report.damagedBytes, report.segments], [10, 0, 1]);
  assert.ok(Date.now() - (report.oldestAt ?? 0) < 60_000);
  const half = new Map([[journal, { segment: 1, offset: report.bytes / 2 }]]);
  assert.equal(inspectJournal(root, half)[0]?.waiting, 5);
  assert.equal(inspectJournal(root, new Map([[journal, { segment: 2, offset: 0 }]]))[0]?.waiting, 0);
  const name = readdirSync(join(root, '0')).find((file) => file.endsWith('.journal')) ?? '';
  const bytes = readFileSync(join(root, '0', name));
  bytes[100] = 0;
  writeFileSync(join(root, '0', name), bytes);
  const [damaged] = inspectJournal(root, new Map());
  assert.deepEqual([damaged?.waiting, damaged?.damagedBytes], [9, bytes.length / 10]);
  assert.deepEqual(inspectJournal(join(dataDir, 'nothing'), new Map()), []);
});

test('each state of a journal has a word, and what is not well a remedy', () => {
  const me = identify(process.pid);
  const holder = { id: 'x', host: 'another-host', engine: me, owner: me, socketFolder: '' };
  const well = {
    number: '0',
    path: '/data/journal/0',
    holder,
    segments: 1,
    bytes: 1000,
    waiting: 3,
    waitingBytes: 900,
    oldestAt: FACTS.now - 500,
    damagedBytes: 0,
    unreadable: 0,
  };
  const minutes = (count: number) => ({ oldestAt: FACTS.now - count * 60_000 });
  const cases = [
    [{}, 'ok', /process \d+ on another-host.*3 records wait, the oldest for 1 s$/],
    [{ holder: undefined }, 'warn', /Start a gateway on this data folder/],
    [{ holder: undefined, waiting: 0 }, 'ok', /no record waits/],
    [{ damagedBytes: 10 }, 'warn', /10 B are damaged.*Check the disk/],
    [{ unreadable: 1 }, 'warn', /1 files were set aside/],
    [minutes(5), 'warn', /the oldest for 5 min.*The database is slow/],
    [minutes(20), 'fail', /cannot write to the database/],
    [{ waitingBytes: 0.6 * MEGABYTE }, 'warn', /The database is slow/],
    [{ waitingBytes: 0.9 * MEGABYTE }, 'fail', /90 % of records.journal.maxSize.*Bring the database back/],
  ] as const;
  for (const [parts, status, text] of cases) {
    const finding = journalFolder({ ...well, ...parts }, FACTS);
    assert.equal(finding.status, status, finding.message);
    assert.match(`${finding.message}. ${finding.todo ?? ''}`.replace(/\. $/, ''), text);
  }
  assert.match(journalFolder(well, { ...FACTS, isPositionKnown: false }).message, /at most/);
});

test('a data folder that is missing or cannot be written is told; so is who has it', () => {
  const dataDir = newFolder();
  assert.equal(dataFolder(dataDir).status === 'fail', false);
  assert.match(dataFolder(join(dataDir, 'no')).message, /is not there yet/);
  assert.match(folderLock(dataDir).message, /no process/);
  const owner = identify(process.pid);
  const lock = join(dataDir, 'database.lock');
  writeFileSync(lock, JSON.stringify({ id: 'x', host: 'elsewhere', engine: owner, owner, socketFolder: '' }));
  assert.match(folderLock(dataDir).message, new RegExp(`process ${process.pid} on elsewhere`));
  assert.equal(snapshot(dataDir, Date.now()).status, 'warn');
  writeFileSync(join(dataDir, 'snapshot.sealed'), '');
  assert.match(snapshot(dataDir, Date.now() + 60_000).message, /saved 60 s ago/);
});

test('policies that want approval are not well without the key that seals it', () => {
  const findings = ['{ pii: {} }', '{ review: {} }', '{ judges: { j: { target: sim/echo, input: review } } }'].map(
    (p) => guards(configOf(`guards: { p: ${p} }`), {}),
  );
  assert.deepEqual(
    findings.map(({ status }) => status),
    ['ok', 'fail', 'fail'],
  );
  assert.match(findings[1]?.message ?? '', /without CAUSEWAY_MASTER_KEY .* wanted by: p$/);
  assert.equal(guards(configOf('guards: { p: { review: {} } }'), { CAUSEWAY_MASTER_KEY: 'k' }).status, 'ok');
});

test('promise 12: with everything broken it says each in a line, shows no secret and ends with 1', async (t) => {
  const folder = newFolder();
  await leaveJournal(join(folder, 'data'), 3);
  writeFileSync(
    join(folder, 'causeway.yaml'),
    'providers: { a: { type: openai, apiKey: sk-planted-secret-123456, typo: 1 } }\n',
  );
  const command = runCommand(t, folder, ['doctor', '--json'], {
    PORT: '1',
    DATABASE_URL: 'postgres://me:planted-secret@127.0.0.1:1/x',
    REDIS_URL: 'redis://:planted-secret@127.0.0.1:1',
  });
  assert.equal(await command.exited, 1);
  assert.doesNotMatch(command.printed(), /planted-secret/);
  const { ok, checks } = JSON.parse(command.printed()) as { ok: boolean; checks: Record<string, string>[] };
  assert.equal(ok, false);
  assert.deepEqual(
    checks.map(({ name, status }) => `${name} ${status}`),
    ['config fail', 'data folder ok', 'snapshot warn', 'database fail', 'journal/0 warn', 'redis fail', 'gateway warn'],
  );
  assert.ok(checks.every(({ status, todo }) => status === 'ok' || (todo ?? '').length > 10));
});
