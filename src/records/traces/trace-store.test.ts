import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { anyBody, anyRecord, anyText, makeRecord } from '../../../test/support/make-record.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { newTraceId } from '../../core/ids.ts';
import type { JournalEntry } from '../journal/entry-codec.ts';
import type { CallRecord } from '../journal/record.ts';
import type { ListPosition } from '../../storage/database/list-position.ts';
import { TraceStore } from './listing-store.ts';
import { toPlainRow, toTraceRow } from './trace-row.ts';
import { TraceConnection, insertTraces, isRefusal } from './trace-store.ts';
import { sumUsage } from './usage-store.ts';

const T0 = Date.UTC(2026, 0, 1);

const kept = (bytes: Uint8Array | undefined) => bytes && { bytes, wholeLength: bytes.length };

function entryOf(record: CallRecord, texts: Partial<Record<'input' | 'output', Uint8Array>> = {}): JournalEntry {
  return { record, input: kept(texts.input), output: kept(texts.output), textsDropped: false };
}

function pick(sums: Awaited<ReturnType<typeof sumUsage>>[number]['sums'] | undefined) {
  return [
    sums?.requests,
    sums?.inputTokens,
    sums?.outputTokens,
    sums?.cacheReadInputTokens,
    sums?.cacheCreationInputTokens,
    sums?.costNanoUsd,
    sums?.costUnknownRequests,
  ];
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`traces in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: TraceStore;
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new TraceStore(opened.database);
    });
    after(() => opened.close());
    beforeEach(() => opened.database.pool.query('truncate traces, usage_slots, usage_days'));

    const insert = (...records: CallRecord[]) =>
      insertTraces(
        opened.database.pool,
        records.map((record) => toTraceRow(entryOf(record))),
      );

    test('any record with any bytes as texts is stored and read, at the first attempt', async () => {
      await fc.assert(
        fc.asyncProperty(anyRecord, anyBody, anyBody, async (record, input, output) => {
          // As the writer gets it: through JSON.
          const arrived = JSON.parse(JSON.stringify(record)) as CallRecord;
          const row = toTraceRow(entryOf(arrived, { input, output }));
          const traceId = newTraceId(Date.parse(row.startedAt));
          await insertTraces(opened.database.pool, [{ ...row, traceId }]);
          const stored = await store.get(traceId);
          assert.equal(stored?.status, record.status);
          assert.ok(stored.startedAt.getTime() >= 0);
          assert.notEqual(stored.input, undefined);
        }),
        { numRuns: 40 },
      );
    });

    test('a body is read as the JSON that it was; what jsonb cannot hold becomes U+FFFD', async () => {
      const cases: [string, unknown][] = [
        ['{"messages":[{"content":"héllo 😀"}],"n":1.5}', { messages: [{ content: 'héllo 😀' }], n: 1.5 }],
        [
          String.raw`{"a\u0000":"\u0000","b":"\ud800!","c":"\\u0000"}`,
          { 'a\uFFFD': '\uFFFD', b: '\uFFFD!', c: '\\u0000' },
        ],
        ['{"broken": ', '{"broken": '],
        ['"text"', 'text'],
        ['"7"', '7'],
        ['7', 7],
      ];
      for (const [body, expected] of cases) {
        const record = makeRecord();
        await insertTraces(opened.database.pool, [toTraceRow(entryOf(record, { input: Buffer.from(body) }))]);
        assert.deepEqual((await store.get(record.traceId))?.input, expected);
      }
    });

    test('JSON nested deeper than a database can bear is kept as text', async () => {
      const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
      const record = makeRecord();
      await insertTraces(opened.database.pool, [toTraceRow(entryOf(record, { output: Buffer.from(deep) }))]);
      assert.ok((await store.get(record.traceId))?.output === deep);
    });

    test('a name that no index could hold is cut', async () => {
      const name = randomBytes(20_000).toString('base64');
      const record = makeRecord({ requestModel: name, userId: name, endpoint: name });
      await insert(record);
      assert.equal((await store.get(record.traceId))?.model, name.slice(0, 512));
    });

    test('promise 7: a batch that is sent again duplicates nothing and changes nothing', async () => {
      const [one, two] = [makeRecord({ userId: 'first' }), makeRecord()];
      await insert(one);
      await insert({ ...one, userId: 'second' }, two, two);
      assert.equal((await store.get(one.traceId))?.userId, 'first');
      assert.equal((await store.list({}, 10)).traces.length, 2);
    });

    test('what the database refuses is told from a database that is away', async () => {
      const row = { ...toTraceRow(entryOf(makeRecord())), input: '{broken' };
      const refused = await insertTraces(opened.database.pool, [row]).catch((error: unknown) => error);
      assert.ok(isRefusal(refused));
      await insertTraces(opened.database.pool, [toPlainRow(row)]);
      const away = new TraceConnection({ host: '127.0.0.1', port: 1 });
      const failed = await away.insert([row]).catch((error: unknown) => error);
      assert.ok(failed instanceof Error && !isRefusal(failed));
    });

    test('pages give every trace once, newest first, while newer ones arrive', async () => {
      const records = Array.from({ length: 20 }, (_, at) => makeRecord({ startedAt: T0 + Math.floor(at / 3) }));
      await insert(...records);
      const seen: string[] = [];
      let position: ListPosition | undefined;
      do {
        const { traces, next } = await store.list({}, 3, position);
        seen.push(...traces.map(({ traceId }) => traceId));
        position = next;
        await insert(makeRecord({ startedAt: T0 + 1000 }));
      } while (position);
      const order = records.toSorted((a, b) => b.startedAt - a.startedAt || (a.traceId < b.traceId ? 1 : -1));
      assert.deepEqual(
        seen,
        order.map(({ traceId }) => traceId),
      );
    });

    test('usage sums what is known and counts what is not', async () => {
      const unknown = makeRecord({ costNanoUsd: 0, costKnown: false, usage: undefined, startedAt: T0 + 86_400_000 });
      await insert(makeRecord({ startedAt: T0 }), makeRecord({ startedAt: T0 + 86_399_999 }), unknown);
      const rows = await sumUsage(opened.database, ['day', 'model'], {}, 10);
      assert.deepEqual(
        rows.map(({ group }) => group),
        [
          ['2026-01-01', 'chat'],
          ['2026-01-02', 'chat'],
        ],
      );
      assert.deepEqual(pick(rows[0]?.sums), [2, 24, 68, 8, null, 142_000, 0]);
      assert.deepEqual(pick(rows[1]?.sums), [1, null, null, null, null, 0, 1]);
      const [all] = await sumUsage(opened.database, [], { since: new Date(T0 + 1) }, 10);
      assert.deepEqual(pick(all?.sums), [2, 12, 34, 4, null, 71_000, 1]);
      assert.equal((await sumUsage(opened.database, ['user'], { since: new Date(T0 * 2) }, 10)).length, 0);
    });

    test('any text may be asked for', async () => {
      await fc.assert(
        fc.asyncProperty(anyText, async (text) => {
          const record = makeRecord({ userId: text });
          await insert(record);
          assert.ok((await store.get(record.traceId))?.userId !== undefined);
        }),
        { numRuns: 15 },
      );
    });
  });
}
