import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

import { DatabaseGate } from '../../../test/support/database-gate.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { journalFolder, openJournal, silentLog } from '../../../test/support/open-journal.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { Journal, type JournalOptions } from './journal.ts';

let opened: TracesDatabase;
let gate: DatabaseGate;
let connection: JournalOptions['connection'];
/** One for most tests, in their order, since each has a thread to start. */
let journal: Journal;
const folder = journalFolder();
const settings = { maxBodyBytes: 1000, tap: (_chunk: Uint8Array, _records: number): void => undefined };
const errors: string[] = [];

before(async () => {
  opened = await openTracesDatabase();
  ({ gate, connection } = await DatabaseGate.before(opened.database));
  journal = await Journal.open({
    connection,
    folder,
    maxSize: 100_000_000,
    get maxBodyBytes() {
      return settings.maxBodyBytes;
    },
    tap: (chunk, records) => settings.tap(chunk, records),
    log: { ...silentLog, error: (_facts: object, message: string) => void errors.push(message) },
    lockTiming: { beatMs: 20, orphanMs: 100 },
  });
});
after(async () => {
  await journal.close(0);
  await gate.close();
  await opened.close();
});
beforeEach(() => gate.open());

const NO_TEXTS = { input: undefined, output: undefined };
const text = (value: unknown) => Buffer.from(JSON.stringify(value));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(2);
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await opened.database.pool.query<Record<string, unknown>>(sql)).rows;
}

/** Records that are in the database, and what they are in the sums of usage. */
async function counts(): Promise<number[]> {
  const sums = ['usage_slots', 'usage_days'].map((table) => `(select coalesce(sum(requests), 0) from ${table})::int`);
  const [row] = await rows(
    `select (select count(*) from traces)::int as traces, ${sums[0]} as slots, ${sums[1]} as days`,
  );
  return [Number(row?.['traces']), Number(row?.['slots']), Number(row?.['days'])];
}

/** So many records more are in the database than before, in the sums of usage as well. */
async function grown(than: readonly number[], by: number): Promise<void> {
  assert.deepEqual(
    await counts(),
    than.map((count) => count + by),
  );
}

function append(to: Journal, count: number): void {
  for (let n = 0; n < count; n += 1) to.append(makeRecord(), { input: text({ n }), output: undefined });
}

const filesIn = (root: string) => readdirSync(root, { recursive: true }).map(String).toSorted();

test('after a flush everything that was appended can be read', async () => {
  const records = Array.from({ length: 600 }, () => makeRecord());
  for (const record of records) journal.append(record, { input: text({ n: record.traceId }), output: text(['ok']) });
  await journal.flush();
  const { traceId } = records.at(-1) ?? makeRecord();
  const [last] = await rows(`select input, output from traces where trace_id = '${traceId}'`);
  assert.deepEqual([last?.['input'], last?.['output']], [{ n: traceId }, ['ok']]);
  const { oldestAgeMs, journalBytes, segments, ...stats } = journal.stats();
  assert.deepEqual([oldestAgeMs, segments], [0, 1]);
  assert.ok(journalBytes > 600 * 1000);
  assert.deepEqual(stats, {
    queuedRecords: 0,
    queuedBytes: 0,
    droppedTexts: 0,
    droppedRecords: 0,
    written: 600,
    fill: 0,
    unsyncedRecords: 0,
    damagedBytes: 0,
    writeErrors: 0,
    retriedBatches: 0,
    drainRestarts: 0,
  });
});

test('records are safe, and then written, without anybody asking; only their owner can read the files', async () => {
  const earlier = await counts();
  const { written } = journal.stats();
  journal.append(makeRecord(), NO_TEXTS);
  assert.deepEqual([journal.stats().queuedRecords, journal.stats().unsyncedRecords], [1, 1]);
  await until(() => journal.stats().unsyncedRecords === 0);
  await until(() => journal.stats().written === written + 1);
  await grown(earlier, 1);
  const segment = filesIn(folder).find((name) => name.endsWith('.journal')) ?? '';
  assert.equal(statSync(join(folder, segment)).mode & 0o777, 0o600);
  assert.equal(statSync(join(folder, '0')).mode & 0o777, 0o700);
});

test('promise 7: with the database away appending goes on; once it is back every record is there once', async () => {
  const earlier = await counts();
  gate.shut();
  append(journal, 300);
  await journal.durable();
  await journal.flush(50);
  await until(() => journal.stats().lastError !== undefined);
  const { queuedRecords, oldestAgeMs } = journal.stats();
  assert.equal(queuedRecords, 300);
  assert.ok(oldestAgeMs > 0);
  gate.open();
  await journal.flush();
  await grown(earlier, 300);
  assert.equal(journal.stats().lastError, undefined);
});

test('promise 7: a connection that is cut again and again duplicates no record and loses none, in the sums of usage neither', async () => {
  const earlier = await counts();
  const { written } = journal.stats();
  for (let round = 0; round < 10; round += 1) {
    append(journal, 30);
    const flushed = journal.flush();
    for (let turns = 0; turns < round; turns += 1) await turn();
    gate.cut();
    await flushed;
  }
  await grown(earlier, 300);
  assert.equal(journal.stats().written, written + 300);
});

test('promise 7: a drain thread that dies in the middle of its work is replaced, and every record is there once', async () => {
  const earlier = await counts();
  const { written } = journal.stats();
  append(journal, 1000);
  await journal.durable();
  await until(() => journal.stats().written > written);
  await journal.killDrain();
  await journal.flush(20_000);
  assert.equal(journal.stats().drainRestarts, 1);
  await grown(earlier, 1000);
});

test('promise 7: two processes that end without their database end in time; the next one takes over what each has left, once', async () => {
  const earlier = await counts();
  const root = journalFolder();
  gate.shut();
  const first = await openJournal({ connection, folder: root });
  const second = await openJournal({ connection, folder: root });
  append(first, 700);
  append(second, 1);
  const started = performance.now();
  await Promise.all([first.close(200), second.close(0)]);
  assert.ok(performance.now() - started < 2000);
  assert.deepEqual([first.stats().droppedRecords, first.stats().queuedRecords], [0, 700]);
  append(first, 1);
  assert.deepEqual([first.stats().droppedRecords, first.stats().queuedRecords], [1, 700]);
  const folders = filesIn(root).filter((name) => !name.includes('journal'));
  assert.deepEqual(folders, ['0', '1']);
  const third = await openJournal({ connection, folder: root });
  await until(() => third.stats().queuedRecords === 701);
  assert.ok(third.stats().oldestAgeMs > 0);
  append(third, 1);
  gate.open();
  await until(() => third.stats().queuedRecords === 0);
  await until(() => third.stats().segments === 1);
  await grown(earlier, 702);
  await third.close();
  assert.deepEqual(filesIn(root), ['0', '1']);
});

const policy = (bodies: 'none' | 'hashed') => ({ policy: { bodies, sample: 1, retentionClass: '', search: true } });

test('a text over the limit is cut and says so; without bodies none is kept, and hashed ones are hashes of the whole', async () => {
  const [bare, cut, hashed] = [makeRecord(policy('none')), makeRecord(), makeRecord(policy('hashed'))];
  const body = text({ text: 'é'.repeat(1000) });
  settings.maxBodyBytes = 100;
  for (const record of [bare, cut, hashed]) journal.append(record, { input: body, output: undefined });
  await journal.flush();
  settings.maxBodyBytes = 1000;
  const stored = await rows('select trace_id, input, output, warnings from traces');
  const of = ({ traceId }: { traceId: string }) => stored.find((row) => row['trace_id'] === traceId);
  assert.match(String(of(cut)?.['input']), /^\{"text":"é+… \[cut: 100 of 2011 bytes kept\]$/);
  assert.deepEqual([of(bare)?.['input'], of(bare)?.['output'], of(bare)?.['warnings']], [null, null, null]);
  const sha256 = createHash('sha256').update(body).digest('hex');
  assert.deepEqual(of(hashed)?.['input'], { sha256, bytes: 2011 });
});

test('the tap sees every entry that enters, and what it throws is its own affair', async () => {
  let seen = 0;
  settings.tap = (_chunk, records) => {
    seen += records;
    throw new Error('no');
  };
  for (let n = 0; n < 1000; n += 1) journal.append(makeRecord(), NO_TEXTS);
  await journal.durable();
  settings.tap = () => undefined;
  assert.equal(seen, 1000);
  await journal.flush();
});

test('promise 7: a folder that another host took over is left to it, and the journal goes on in another', async () => {
  const earlier = await counts();
  errors.length = 0;
  gate.shut();
  journal.append(makeRecord(), NO_TEXTS);
  await journal.durable();
  const holder = { id: 'theirs', host: 'elsewhere', engine: {}, owner: {}, socketFolder: '' };
  writeFileSync(join(folder, '0', 'lock'), JSON.stringify(holder));
  await until(() => errors.some((message) => message.startsWith('another host')));
  gate.open();
  journal.append(makeRecord(), NO_TEXTS);
  await journal.flush();
  // The first is for the new owner.
  await grown(earlier, 1);
  assert.equal(journal.stats().queuedRecords, 0);
  assert.ok(filesIn(folder).some((name) => name.startsWith('0/') && name.endsWith('.journal')));
});

test('a record that cannot be written as JSON is dropped and counted, not thrown', () => {
  const { droppedRecords } = journal.stats();
  journal.append(makeRecord({ metadata: { n: 1n as never } }), NO_TEXTS);
  journal.append(makeRecord({ status: 1n as never }), NO_TEXTS);
  assert.equal(journal.stats().droppedRecords, droppedRecords + 1);
  assert.match(journal.stats().lastError ?? '', /BigInt/);
});

test('closing writes what waits and leaves no file behind, nor in the database how far it was', async () => {
  const earlier = await counts();
  append(journal, 1);
  await journal.close(5000);
  await grown(earlier, 2);
  assert.deepEqual(filesIn(join(folder, '1')), []);
  const [journals] = await rows('select count(*)::int as left from journals');
  assert.deepEqual(journals, { left: 1 }, 'that of the folder that was lost');
});
