import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { DatabaseGate } from '../../../test/support/database-gate.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { TraceStore } from '../traces/trace-store.ts';
import { BatchWriter, type BatchWriterOptions } from './batch-writer.ts';
import { WriterLink } from './writer-link.ts';

let opened: TracesDatabase;
let store: TraceStore;
let gate: DatabaseGate;
let connection: BatchWriterOptions['connection'];

before(async () => {
  opened = await openTracesDatabase();
  store = new TraceStore(opened.database);
  ({ gate, connection } = await DatabaseGate.before(opened.database));
});
after(async () => {
  await gate.close();
  await opened.close();
});
beforeEach(async () => {
  gate.open();
  await opened.database.pool.query('truncate traces, usage_slots, usage_days');
});

const text = (value: unknown) => Buffer.from(JSON.stringify(value));

async function withWriter(options: Partial<BatchWriterOptions>, use: (writer: BatchWriter) => Promise<void>) {
  const writer = new BatchWriter({ connection, maxBodyBytes: 1000, ...options });
  try {
    await use(writer);
  } finally {
    await writer.close(2000);
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

const count = async () => (await opened.database.pool.query('select count(*) from traces')).rows[0]?.count as number;

test('after a flush everything that was appended can be read', () =>
  withWriter({}, async (writer) => {
    const records = Array.from({ length: 1200 }, () => makeRecord());
    for (const record of records) writer.append(record, { input: text({ n: record.traceId }), output: text(['ok']) });
    await writer.flush();
    const last = await store.get(records.at(-1)?.traceId ?? '');
    assert.deepEqual([last?.input, last?.output], [{ n: last?.traceId }, ['ok']]);
    const { oldestAgeMs, ...stats } = writer.stats();
    assert.equal(oldestAgeMs, 0);
    assert.deepEqual(stats, { queuedRecords: 0, queuedBytes: 0, droppedTexts: 0, droppedRecords: 0, written: 1200 });
  }));

test('records are written without anybody asking', () =>
  withWriter({}, async (writer) => {
    writer.append(makeRecord(), { input: undefined, output: undefined });
    assert.equal(writer.stats().queuedRecords, 1);
    await until(() => writer.stats().written === 1);
    assert.equal(await count(), 1);
  }));

test('promise 7: with the database away appending goes on; once it is back every record is there once', () =>
  withWriter({}, async (writer) => {
    writer.append(makeRecord(), { input: undefined, output: undefined });
    await writer.flush();
    gate.shut();
    for (let n = 0; n < 300; n += 1) writer.append(makeRecord(), { input: text({ n }), output: undefined });
    await writer.flush(50);
    await until(() => writer.stats().lastError !== undefined);
    const { queuedRecords, oldestAgeMs } = writer.stats();
    assert.equal(queuedRecords, 300);
    assert.ok(oldestAgeMs > 0);
    gate.open();
    await writer.flush();
    assert.equal(await count(), 301);
    assert.equal(writer.stats().lastError, undefined);
  }));

test('promise 7: a connection that is cut again and again duplicates no record and loses none, in the sums of usage neither', () =>
  withWriter({}, async (writer) => {
    for (let round = 0; round < 20; round += 1) {
      for (let n = 0; n < 50; n += 1) writer.append(makeRecord(), { input: text({ n }), output: text({ n }) });
      const flushed = writer.flush();
      await turn();
      gate.cut();
      await flushed;
    }
    assert.equal(await count(), 1000);
    for (const table of ['usage_slots', 'usage_days']) {
      const { rows } = await opened.database.pool.query(`select sum(requests)::int as summed from ${table}`);
      assert.equal(rows[0]?.summed, 1000, table);
    }
  }));

test('promise 11: what waits is bounded; texts go before records, and all that is dropped is counted', () =>
  withWriter({ maxBytes: 40_000, maxRecords: 1000 }, async (writer) => {
    gate.shut();
    const body = text({ text: 'x'.repeat(900) });
    for (let n = 0; n < 100; n += 1) writer.append(makeRecord(), { input: body, output: body });
    const { queuedRecords, queuedBytes, droppedTexts, droppedRecords } = writer.stats();
    assert.ok(queuedBytes <= 40_000 && queuedBytes > 30_000);
    assert.ok(droppedTexts > 0 && droppedRecords > 0);
    assert.equal(queuedRecords + droppedRecords, 100);
    gate.open();
    await writer.flush();
    const { rows } = await opened.database.pool.query(
      'select count(*) filter (where input is not null) whole, count(*) filter (where input is null) bare from traces',
    );
    assert.deepEqual(rows[0], { whole: queuedRecords - droppedTexts, bare: droppedTexts });
  }));

test('a text over the limit is cut and says so; without bodies none is kept', async () => {
  const bare = makeRecord({ policy: { bodies: 'none', sample: 1, retentionClass: '' } });
  const cut = makeRecord();
  const body = text({ text: 'é'.repeat(1000) });
  await withWriter({ maxBodyBytes: 100 }, async (writer) => {
    writer.append(cut, { input: body, output: undefined });
    await writer.flush();
  });
  await withWriter({}, async (writer) => {
    writer.append(bare, { input: body, output: body });
    await writer.flush();
  });
  const input = String((await store.get(cut.traceId))?.input);
  assert.match(input, /^\{"text":"é+… \[cut: 100 of 2011 bytes kept\]$/);
  const stored = await store.get(bare.traceId);
  assert.deepEqual([stored?.input, stored?.output, stored?.warnings], [null, null, null]);
});

test('a record that cannot be written as JSON is dropped and counted, not thrown', () =>
  withWriter({}, async (writer) => {
    writer.append(makeRecord({ traceId: 1n as never }), { input: undefined, output: undefined });
    assert.equal(writer.stats().droppedRecords, 1);
    assert.match(writer.stats().lastError ?? '', /BigInt/);
  }));

test('closing with the database away ends in time and counts what is lost; later records are dropped', async () => {
  const writer = new BatchWriter({ connection, maxBodyBytes: 1000 });
  gate.shut();
  writer.append(makeRecord(), { input: undefined, output: undefined });
  const started = performance.now();
  await writer.close(200);
  assert.ok(performance.now() - started < 2000);
  writer.append(makeRecord(), { input: undefined, output: undefined });
  assert.equal(writer.stats().droppedRecords, 2);
  assert.equal(writer.stats().queuedRecords, 0);
});

test('a writer thread that dies is replaced', async () => {
  const lost: string[] = [];
  let done = 0;
  const link = new WriterLink({
    connection,
    message: (message) => (done += message.kind === 'done' ? message.chunks : 0),
    lost: (reason) => void lost.push(reason),
  });
  link.send({ bytes: new Uint8Array(10), records: 1, since: 0 });
  await until(() => lost.length === 1);
  assert.match(lost[0] ?? '', /RangeError/);
  link.send({ bytes: new Uint8Array(0), records: 0, since: 0 });
  await until(() => done === 1);
  await link.close(2000);
});
