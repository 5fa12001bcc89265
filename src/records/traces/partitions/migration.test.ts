import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { makeAttemptRecord, makeRecord } from '../../../../test/support/make-record.ts';
import { noPostgres } from '../../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../../test/support/traces-database.ts';
import { DAY_MS } from '../../../core/units.ts';
import { migrate } from '../../../storage/migrate.ts';
import type { CallRecord } from '../../journal/record.ts';
import { TraceStore } from '../listing-store.ts';
import { type TraceRow, toTraceRow } from '../trace-row.ts';
import { insertTraces } from '../trace-store.ts';
import { partitionsOf } from './partition-list-store.ts';

const MIGRATIONS = new URL('../../../storage/migrations/', import.meta.url);
/** The first one that makes sums of usage; those before it know only traces. */
const SUMS = 8;
/** The first one that knows what was saved. */
const SAVINGS = 11;

interface JournalEntry {
  readonly idx: number;
  readonly tag: string;
  readonly when: number;
}

/** Columns that the first version had, in the order of the statement below. */
const OLD = {
  trace_id: 'traceId',
  started_at: 'startedAt',
  status: 'status',
  project: 'project',
  key_id: 'keyId',
  user_id: 'userId',
  endpoint: 'endpoint',
  dialect: 'dialect',
  operation: 'operation',
  model: 'model',
  virtual_model: 'virtualModel',
  target: 'target',
  streamed: 'streamed',
  simulated: 'simulated',
  input_tokens: 'inputTokens',
  output_tokens: 'outputTokens',
  cache_read_input_tokens: 'cacheReadInputTokens',
  cost_nano_usd: 'costNanoUsd',
  cost_known: 'costKnown',
  cost_assumed_nano_usd: 'costAssumedNanoUsd',
  latency_ms: 'latencyMs',
  overhead_ms: 'overheadMs',
  attempts: 'attempts',
  metadata: 'metadata',
  input: 'input',
} as const satisfies Record<string, keyof TraceRow>;

const T0 = Date.UTC(2026, 0, 1);
const RECORDS: readonly CallRecord[] = [
  ...Array.from({ length: 40 }, (_, at) =>
    makeRecord({
      startedAt: T0 + (at % 5) * 40 * DAY_MS + at,
      organisation: undefined,
      userId: `user-${at % 3}`,
      metadata: { at },
      attempts: at % 4 === 0 ? [makeAttemptRecord({ target: 'b/y', costNanoUsd: 5 }), makeAttemptRecord()] : [],
    }),
  ),
  makeRecord({ startedAt: 0, organisation: undefined }),
];

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`a ${kind} database of an earlier version`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    const query = (sql: string, values: unknown[] = []) => opened.database.pool.query(sql, values);
    const sums = async () => [
      (await query('select * from usage_slots order by slot, series')).rows,
      (await query('select * from usage_days order by slot, series')).rows,
      (await query('select * from usage_series order by id')).rows,
    ];
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());

    /** With what was migrated before the one of a number. */
    async function makeVersion(first: number): Promise<void> {
      const { entries } = JSON.parse(readFileSync(new URL('meta/_journal.json', MIGRATIONS), 'utf8')) as {
        entries: JournalEntry[];
      };
      await query('drop schema drizzle cascade');
      await query('drop schema public cascade');
      await query('create schema public');
      await query('create schema drizzle');
      await query(
        'create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
      );
      for (const { tag, when } of entries.filter(({ idx }) => idx < first)) {
        const statements = readFileSync(new URL(`${tag}.sql`, MIGRATIONS), 'utf8').split('--> statement-breakpoint');
        for (const statement of statements) await query(statement);
        await query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('', $1)", [when]);
      }
    }

    test('of the first one is brought up with every trace of every day, and sums as if all had been written now', async () => {
      await makeVersion(SUMS);
      const rows = RECORDS.map((record) =>
        toTraceRow({
          record,
          input: { bytes: Buffer.from('{"a":1}'), wholeLength: 7 },
          output: undefined,
          textsDropped: false,
        }),
      );
      const names = Object.keys(OLD);
      for (const row of rows) {
        await query(
          `insert into traces (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
          Object.values(OLD).map((name) => row[name]),
        );
      }
      await migrate(opened.database);

      const store = new TraceStore(opened.database);
      const { traces, next } = await store.list({}, 100);
      assert.equal(next, undefined);
      assert.deepEqual(
        traces.map(({ traceId }) => traceId).toSorted(),
        RECORDS.map(({ traceId }) => traceId).toSorted(),
      );
      assert.deepEqual((await store.get(rows[0]?.traceId ?? ''))?.input, { a: 1 });
      assert.equal((await partitionsOf(opened.database)).length, 6);

      const brought = await sums();
      for (const table of ['traces', 'usage_slots', 'usage_days', 'usage_series']) await query(`truncate ${table}`);
      await insertTraces(opened.database.pool, rows);
      assert.deepEqual(await sums(), brought);
    });

    test('may have partitions that are detached: they can be attached again', async () => {
      await makeVersion(SAVINGS);
      await query("select traces_partition('', '2026-01-01')");
      const { rows } = await query(
        `select inhrelid::regclass::text as leaf, inhparent::regclass::text as family from pg_inherits
          where inhrelid::regclass::text like '%_20260101'`,
      );
      await query(`alter table ${rows[0]?.family} detach partition ${rows[0]?.leaf}`);
      await migrate(opened.database);
      const record = makeRecord({
        startedAt: T0,
        savings: [{ mechanism: 'exact', nanoUsd: 1, inputTokens: 2, outputTokens: 3 }],
      });
      await insertTraces(opened.database.pool, [
        toTraceRow({ record, input: undefined, output: undefined, textsDropped: false }),
      ]);
      const stored = await new TraceStore(opened.database).get(record.traceId);
      assert.deepEqual(stored?.savings, [
        { mechanism: 'exact', nanoUsd: 1, unknown: false, inputTokens: 2, outputTokens: 3, onlyCost: false },
      ]);
    });
  });
}
