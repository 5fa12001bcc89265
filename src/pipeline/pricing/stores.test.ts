import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { noPostgres } from '../../../test/support/postgres-server.ts';
import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { systemClock } from '../../core/clock.ts';
import type { PriceRow } from '../../models/pricing/price-row.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import { toTraceRow } from '../../records/traces/trace-row.ts';
import { insertTraces } from '../../records/traces/trace-store.ts';
import { sumUsage } from '../../records/traces/usage-store.ts';
import { bookedTraces, unpricedTargets } from './booked-usage-store.ts';
import { PriceConflictError, PriceRowStore } from './price-row-store.ts';

const ROW: PriceRow = {
  family: 'openai',
  model: 'gpt-9',
  from: '2026-12-01',
  source: 'https://example.com',
  checked: '2026-11-21',
  input: 0.1,
  output: 1e-7,
  variants: [{ when: { batch: true }, factor: 0.5 }],
};
const T0 = Date.UTC(2026, 0, 1);

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`prices in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: PriceRowStore;
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new PriceRowStore(opened.database.orm, systemClock);
    });
    after(() => opened.close());
    beforeEach(() => opened.database.pool.query('truncate traces, usage_slots, usage_days, price_rows'));

    async function record(...records: CallRecord[]): Promise<void> {
      const rows = records.map((one) =>
        toTraceRow({ record: one, input: undefined, output: undefined, textsDropped: false }),
      );
      const client = await opened.database.pool.connect();
      try {
        await insertTraces(client, rows);
      } finally {
        client.release();
      }
    }

    test('a row comes back as it went in, and raises the revision', async () => {
      const earlier = await store.revision();
      assert.equal(await store.add([ROW, { ...ROW, from: '2027-01-01' }]), 2);
      assert.deepEqual(await store.list(), [ROW, { ...ROW, from: '2027-01-01' }]);
      assert.equal(await store.revision(), earlier + 1);
    });

    test('the same numbers are no change, whoever says so', async () => {
      await store.add([ROW]);
      assert.equal(await store.add([{ ...ROW, source: 'another page' }]), 0);
      assert.deepEqual(await store.list(), [ROW]);
    });

    test('other numbers are refused, and nothing of the batch is stored', async () => {
      await store.add([ROW]);
      const batch = [
        { ...ROW, model: 'new' },
        { ...ROW, input: 2 },
      ];
      await assert.rejects(store.add(batch), (error) => {
        assert.ok(error instanceof PriceConflictError);
        assert.deepEqual(error.conflicts, [{ row: { ...ROW, input: 2 }, there: ROW }]);
        return true;
      });
      assert.deepEqual(await store.list(), [ROW]);
    });

    test('thousands of rows are one change', async () => {
      const rows = Array.from({ length: 2500 }, (_, at) => ({ ...ROW, model: `m${String(at).padStart(4, '0')}` }));
      assert.equal(await store.add(rows), 2500);
      assert.deepEqual(await store.list(), rows);
    });

    test('targets of unknown cost: each attempt speaks for itself', async () => {
      const priced = makeAttemptRecord({ target: 'a/priced' });
      const unpriced = makeAttemptRecord({ target: 'b/unpriced', costNanoUsd: undefined, priceVersion: undefined });
      await record(
        makeRecord({ startedAt: T0, costKnown: false, attempts: [priced, unpriced, unpriced], target: 'b/unpriced' }),
        makeRecord({ startedAt: T0 + 5, costKnown: false, attempts: [unpriced], target: 'b/unpriced' }),
        makeRecord({ startedAt: T0 + 6, costKnown: false, attempts: [], target: 'c/lost', usage: undefined }),
        makeRecord({ startedAt: T0 + 7 }),
        makeRecord({ startedAt: T0 - 1, costKnown: false, attempts: [unpriced] }),
      );
      const found = await unpricedTargets(opened.database, { since: new Date(T0) }, 10);
      assert.deepEqual(found, [
        {
          target: 'b/unpriced',
          requests: 2,
          requestsWithPrice: 0,
          inputTokens: 36,
          outputTokens: 102,
          lastSeen: new Date(T0 + 5),
          priceVersion: null,
        },
        {
          target: 'c/lost',
          requests: 1,
          requestsWithPrice: 0,
          inputTokens: null,
          outputTokens: null,
          lastSeen: new Date(T0 + 6),
          priceVersion: null,
        },
      ]);
    });

    test('every request that was sent is gone through once, page by page', async () => {
      const records = Array.from({ length: 1203 }, (_, at) => makeRecord({ startedAt: T0 + Math.floor(at / 7) }));
      await record(...records, makeRecord({ startedAt: T0, attempts: [], target: undefined }));
      const seen: number[] = [];
      for await (const page of bookedTraces(opened.database, { since: new Date(T0), until: new Date(T0 + 1000) })) {
        seen.push(...page.map(({ startedAt }) => startedAt.getTime()));
      }
      assert.deepEqual(
        seen,
        records.map(({ startedAt }) => startedAt),
      );
    });

    test('usage by target counts the attempts of each, and what rests on assumptions apart', async () => {
      const failed = makeAttemptRecord({
        target: 'a/x',
        outcome: 'failed',
        usage: undefined,
        costNanoUsd: 0,
        usageSource: undefined,
      });
      const assumed = makeAttemptRecord({ target: 'b/y', costNanoUsd: 5_000_000_000, usageSource: 'assumed' });
      const unknown = makeAttemptRecord({ target: 'a/x', costNanoUsd: undefined });
      await record(
        makeRecord({ startedAt: T0, attempts: [failed, assumed], target: 'b/y', costNanoUsd: 5_000_000_000 }),
        makeRecord({ startedAt: T0, attempts: [unknown, unknown], target: 'a/x', costNanoUsd: 0, costKnown: false }),
        makeRecord({ startedAt: T0, attempts: [], target: undefined, usage: undefined, costNanoUsd: 0 }),
      );
      const rows = await sumUsage(opened.database, ['target', 'model'], {}, 10);
      const brief = rows.map(({ group, sums }) => [
        group[0],
        sums.requests,
        sums.inputTokens,
        sums.costNanoUsd,
        sums.costAssumedNanoUsd,
        sums.costUnknownRequests,
      ]);
      assert.deepEqual(brief, [
        ['a/x', 2, 24, 0, 0, 1],
        ['b/y', 1, 12, 5_000_000_000, 5_000_000_000, 0],
        [null, 1, null, 0, 0, 0],
      ]);
      const [all] = await sumUsage(opened.database, [], {}, 10);
      assert.deepEqual(
        [all?.sums.costNanoUsd, all?.sums.costAssumedNanoUsd, all?.sums.costUnknownRequests],
        [5_000_000_000, 5_000_000_000, 1],
      );
    });

    test('usage by each group and all of them together, within a time', async () => {
      await record(
        makeRecord({ startedAt: T0 - 1 }),
        makeRecord({
          startedAt: T0,
          userId: 'ada',
          keyId: 'k1',
          project: 'p',
          requestModel: 'm',
          endpoint: '/v1/messages',
        }),
        makeRecord({ startedAt: T0 + 86_400_000, userId: undefined, keyId: 'k2', project: 'p', requestModel: 'm' }),
        makeRecord({ startedAt: T0 + 2 * 86_400_000 }),
      );
      const period = { since: new Date(T0), until: new Date(T0 + 2 * 86_400_000) };
      const groups = {
        model: ['m'],
        endpoint: ['/v1/chat/completions', '/v1/messages'],
        project: ['p'],
        user: ['ada', null],
        key: ['k1', 'k2'],
        day: ['2026-01-01', '2026-01-02'],
        target: ['openai/gpt-5-mini'],
        status: ['completed'],
      } as const;
      for (const [name, values] of Object.entries(groups)) {
        const rows = await sumUsage(opened.database, [name as keyof typeof groups], period, 10);
        assert.deepEqual(
          rows.map(({ group }) => group[0]),
          values,
          name,
        );
        assert.equal(
          rows.reduce((sum, { sums }) => sum + sums.requests, 0),
          2,
          name,
        );
        assert.equal(
          rows.reduce((sum, { sums }) => sum + sums.costNanoUsd, 0),
          142_000,
          name,
        );
      }
      const all = await sumUsage(opened.database, Object.keys(groups) as (keyof typeof groups)[], period, 10);
      assert.deepEqual(
        all.map(({ group }) => group),
        [
          ['m', '/v1/chat/completions', 'p', null, 'k2', '2026-01-02', 'openai/gpt-5-mini', 'completed'],
          ['m', '/v1/messages', 'p', 'ada', 'k1', '2026-01-01', 'openai/gpt-5-mini', 'completed'],
        ],
      );
    });
  });
}
