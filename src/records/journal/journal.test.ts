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
import type { Journal, JournalOptions } from './journal.ts';

let opened: TracesDatabase;
let gate: DatabaseGate;
let connection: JournalOptions['connection'];

before(async () => {
  opened = await openTracesDatabase();
  ({ gate, connection } = await DatabaseGate.before(opened.database));
});
after(async () => {
  await gate.close();
  await opened.close();
});
beforeEach(async () => {
  gate.open();
  await opened.database.pool.query('truncate traces, usage_slots, usage_days, journals');
});

const NO_TEXTS = { input: undefined, output: undefined };
const text = (value: unknown) => Buffer.from(JSON.stringify(value));

async function withJournal(options: Partial<JournalOptions>, use: (journal: Journal) => Promise<void>) {
  const journal = await openJournal({ connection, ...options });
  try {
    await use(journal);
  } finally {
    await journal.close(2000);
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(2);
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await opened.database.pool.query<Record<string, unknown>>(sql)).rows;
}

const count = async () => (await rows('select count(*)::int as n from traces'))[0]?.['n'];

const filesIn = (folder: string) => readdirSync(folder, { recursive: true }).map(String);

test('after a flush everything that was appended can be read, and closing leaves no file behind', async () => {
  const folder = journalFolder();
  await withJournal({ folder }, async (journal) => {
    const records = Array.from({ length: 1200 }, () => makeRecord());
    for (const record of records) journal.append(record, { input: text({ n: record.traceId }), output: text(['ok']) });
    await journal.flush();
    const { traceId } = records.at(-1) ?? makeRecord();
    const [last] = await rows(`select input, output from traces where trace_id = '${traceId}'`);
    assert.deepEqual([last?.['input'], last?.['output']], [{ n: traceId }, ['ok']]);
    const { oldestAgeMs, journalBytes, segments, ...stats } = journal.stats();
    assert.deepEqual([oldestAgeMs, segments], [0, 1]);
    assert.ok(journalBytes > 1200 * 1000);
    assert.deepEqual(stats, {
      queuedRecords: 0,
      queuedBytes: 0,
      droppedTexts: 0,
      droppedRecords: 0,
      written: 1200,
      fill: 0,
      unsyncedRecords: 0,
      damagedBytes: 0,
      writeErrors: 0,
      retriedBatches: 0,
      drainRestarts: 0,
    });
  });
  assert.deepEqual(filesIn(folder), ['0']);
  assert.deepEqual(await rows('select id from journals'), []);
});

test('records are safe, and then written, without anybody asking; only their owner can read the files', async () => {
  const folder = journalFolder();
  await withJournal({ folder }, async (journal) => {
    journal.append(makeRecord(), NO_TEXTS);
    assert.deepEqual([journal.stats().queuedRecords, journal.stats().unsyncedRecords], [1, 1]);
    await until(() => journal.stats().unsyncedRecords === 0);
    await until(() => journal.stats().written === 1);
    assert.equal(await count(), 1);
    const segment = filesIn(folder).find((name) => name.endsWith('.journal')) ?? '';
    assert.equal(statSync(join(folder, segment)).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, '0')).mode & 0o777, 0o700);
  });
});

test('promise 7: with the database away appending goes on; once it is back every record is there once', () =>
  withJournal({}, async (journal) => {
    journal.append(makeRecord(), NO_TEXTS);
    await journal.flush();
    gate.shut();
    for (let n = 0; n < 300; n += 1) journal.append(makeRecord(), { input: text({ n }), output: undefined });
    await journal.durable();
    await journal.flush(50);
    await until(() => journal.stats().lastError !== undefined);
    const { queuedRecords, oldestAgeMs } = journal.stats();
    assert.equal(queuedRecords, 300);
    assert.ok(oldestAgeMs > 0);
    gate.open();
    await journal.flush();
    assert.equal(await count(), 301);
    assert.equal(journal.stats().lastError, undefined);
  }));

test('promise 7: a connection that is cut again and again duplicates no record and loses none, in the sums of usage neither', () =>
  withJournal({}, async (journal) => {
    for (let round = 0; round < 20; round += 1) {
      for (let n = 0; n < 50; n += 1) journal.append(makeRecord(), { input: text({ n }), output: text({ n }) });
      const flushed = journal.flush();
      await turn();
      gate.cut();
      await flushed;
    }
    assert.equal(await count(), 1000);
    assert.equal(journal.stats().written, 1000);
    for (const table of ['usage_slots', 'usage_days']) {
      assert.deepEqual(await rows(`select sum(requests)::int as summed from ${table}`), [{ summed: 1000 }], table);
    }
  }));

test('promise 7: a drain thread that dies in the middle of its work is replaced, and every record is there once', () =>
  withJournal({}, async (journal) => {
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 1000; n += 1) journal.append(makeRecord(), { input: text({ n }), output: undefined });
      await journal.durable();
      await until(() => journal.stats().written > round * 1000);
      await journal.killDrain();
    }
    await journal.flush(20_000);
    assert.equal(await count(), 2000);
    assert.equal(journal.stats().drainRestarts, 2);
    assert.deepEqual(await rows('select sum(requests)::int as summed from usage_days'), [{ summed: 2000 }]);
  }));

test('promise 7: what a process leaves is counted and taken over by the next, once', async () => {
  const folder = journalFolder();
  gate.shut();
  await withJournal({ folder }, async (journal) => {
    for (let n = 0; n < 700; n += 1) journal.append(makeRecord(), { input: text({ n }), output: undefined });
    await journal.close(0);
    assert.equal(journal.stats().droppedRecords, 0);
  });
  await withJournal({ folder }, async (journal) => {
    await until(() => journal.stats().queuedRecords === 700);
    assert.ok(journal.stats().oldestAgeMs > 0);
    journal.append(makeRecord(), NO_TEXTS);
    gate.open();
    await until(() => journal.stats().queuedRecords === 0);
    assert.equal(await count(), 701);
    await until(() => journal.stats().segments === 1);
  });
  assert.deepEqual(filesIn(folder), ['0']);
});

test('promise 7: two processes have a folder each; what one leaves, another takes over when it starts', async () => {
  const folder = journalFolder();
  gate.shut();
  const first = await openJournal({ connection, folder });
  const second = await openJournal({ connection, folder });
  first.append(makeRecord(), NO_TEXTS);
  second.append(makeRecord(), NO_TEXTS);
  await Promise.all([first.close(0), second.close(0)]);
  assert.deepEqual(
    filesIn(folder)
      .filter((name) => !name.includes('journal'))
      .toSorted(),
    ['0', '1'],
  );
  await withJournal({ folder }, async (journal) => {
    gate.open();
    await until(() => journal.stats().written === 2);
    await until(() => journal.stats().segments === 0);
    assert.deepEqual(filesIn(folder).toSorted(), ['0', join('0', 'lock'), '1']);
  });
  assert.equal(await count(), 2);
});

const policy = (bodies: 'none' | 'hashed') => ({ policy: { bodies, sample: 1, retentionClass: '', search: true } });

test('promise 7: a folder that another host took over is left to it, and the journal goes on in another', async () => {
  const folder = journalFolder();
  const errors: string[] = [];
  const log = { ...silentLog, error: (_facts: object, message: string) => void errors.push(message) };
  await withJournal({ folder, log, lockTiming: { beatMs: 20, orphanMs: 100 } }, async (journal) => {
    gate.shut();
    journal.append(makeRecord(), NO_TEXTS);
    await journal.durable();
    const holder = { id: 'theirs', host: 'elsewhere', engine: {}, owner: {}, socketFolder: '' };
    writeFileSync(join(folder, '0', 'lock'), JSON.stringify(holder));
    await until(() => errors.length > 0);
    gate.open();
    journal.append(makeRecord(), NO_TEXTS);
    await journal.flush();
    assert.equal(await count(), 1, 'the first is for the new owner');
    assert.ok(filesIn(folder).some((name) => name.startsWith('0/') && name.endsWith('.journal')));
  });
  assert.deepEqual(filesIn(join(folder, '1')), []);
});

test('a text over the limit is cut and says so; without bodies none is kept, and hashed ones are hashes of the whole', async () => {
  const [bare, cut, hashed] = [makeRecord(policy('none')), makeRecord(), makeRecord(policy('hashed'))];
  const body = text({ text: 'é'.repeat(1000) });
  await withJournal({ maxBodyBytes: 100 }, async (journal) => {
    for (const record of [bare, cut, hashed]) journal.append(record, { input: body, output: undefined });
    await journal.flush();
  });
  const stored = await rows('select trace_id, input, output, warnings from traces');
  const of = ({ traceId }: { traceId: string }) => stored.find((row) => row['trace_id'] === traceId);
  assert.match(String(of(cut)?.['input']), /^\{"text":"é+… \[cut: 100 of 2011 bytes kept\]$/);
  assert.deepEqual([of(bare)?.['input'], of(bare)?.['output'], of(bare)?.['warnings']], [null, null, null]);
  const sha256 = createHash('sha256').update(body).digest('hex');
  assert.deepEqual(of(hashed)?.['input'], { sha256, bytes: 2011 });
});

test('a record that cannot be written as JSON is dropped and counted, not thrown', () =>
  withJournal({}, async (journal) => {
    journal.append(makeRecord({ metadata: { n: 1n as never } }), NO_TEXTS);
    journal.append(makeRecord({ status: 1n as never }), NO_TEXTS);
    assert.equal(journal.stats().droppedRecords, 1);
    assert.match(journal.stats().lastError ?? '', /BigInt/);
  }));

test('the tap sees every entry that enters, and what it throws is its own affair', async () => {
  let seen = 0;
  const tap = (_chunk: Uint8Array, records: number) => {
    seen += records;
    throw new Error('no');
  };
  await withJournal({ tap }, async (journal) => {
    for (let n = 0; n < 2000; n += 1) journal.append(makeRecord(), NO_TEXTS);
    await journal.durable();
    assert.equal(seen, 2000);
  });
});

test('closing with the database away ends in time and loses nothing; later records are dropped', async () => {
  const journal = await openJournal({ connection });
  gate.shut();
  journal.append(makeRecord(), NO_TEXTS);
  const started = performance.now();
  await journal.close(200);
  assert.ok(performance.now() - started < 2000);
  journal.append(makeRecord(), NO_TEXTS);
  assert.deepEqual([journal.stats().droppedRecords, journal.stats().queuedRecords], [1, 1]);
});
