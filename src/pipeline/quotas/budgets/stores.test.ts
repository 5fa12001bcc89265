import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeBudget } from '../../../../test/support/make-budget.ts';
import { noPostgres } from '../../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../../test/support/traces-database.ts';
import type { Json } from '../../../core/json.ts';
import type { SpendRow } from '../ledger/spend.ts';
import { BudgetDirectory } from './budget-directory.ts';
import { PostgresBudgetStore } from './budget-store.ts';
import { counterKey } from './counter-key.ts';
import { PostgresSpendStore } from './spend-store.ts';
import { oldSpending } from './old-spending.ts';

const DAY_MS = 86_400_000;
const FULL = makeBudget({
  id: 'support.daily-1',
  per: 'project',
  subject: 'support "1" \u{1F4B8}',
  nanoUsd: 100_000_000,
  tokens: 9_007_199_254_740_991,
  period: 'week',
  timeZone: 'Asia/Shanghai',
  hard: true,
  alertAt: [0.25, 2],
  degradeTo: { model: 'cheap', at: 0.75 },
  atLimit: 'cap',
  paymentRequired: true,
  maxOutputTokens: 400,
  settleAborted: 'received',
});

const keyOf = (subject: string, budget = 'daily'): string => counterKey(budget, 'usd', '2026-11-21', subject);

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`budgets in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let clock: FakeClock;
    let store: PostgresBudgetStore;
    let spend: PostgresSpendStore;
    before(async () => {
      opened = await openTracesDatabase(kind);
    });
    after(() => opened.close());
    beforeEach(async () => {
      await opened.database.pool.query('truncate budgets, quota_spend');
      clock = new FakeClock();
      store = new PostgresBudgetStore(opened.database.orm, clock);
      spend = new PostgresSpendStore(opened.database.orm, clock);
    });

    const row = (key: string, parts: Partial<SpendRow> = {}): SpendRow => {
      return { key, endsAt: clock.now() + DAY_MS, used: 1, reserved: 0, ...parts };
    };
    const loaded = async () =>
      (await spend.load()).toSorted((a, b) => (`${a.key} ${a.replica}` < `${b.key} ${b.replica}` ? -1 : 1));

    const kept = async (): Promise<string[]> => {
      const { rows } = await opened.database.pool.query<{ key: string }>('select key from quota_spend order by 1');
      return rows.map(({ key }) => key);
    };

    test('a budget comes back as it went in, and raises the revision', async () => {
      const earlier = await store.revision();
      await store.put(FULL);
      await store.put(makeBudget());
      assert.deepEqual(await store.list(), [makeBudget(), FULL]);
      assert.deepEqual(await store.get(FULL.id), FULL);
      assert.equal(await store.get('none\0'), undefined);
      assert.equal(await store.revision(), earlier + 2);
    });

    test('one of the same name is replaced, and one that is deleted is gone', async () => {
      await store.put(FULL);
      await store.put({ ...FULL, nanoUsd: undefined, tokens: 5 });
      assert.deepEqual(await store.list(), [{ ...FULL, nanoUsd: undefined, tokens: 5 }]);
      assert.equal(await store.delete(FULL.id), true);
      assert.equal(await store.delete(FULL.id), false);
      assert.equal(await store.delete('\0'), false);
      assert.deepEqual(await store.list(), []);
    });

    test('what one process changes is in force in another', async () => {
      const file = makeBudget({ id: 'user:*:usd:day:utc', origin: 'file' });
      const directory = new BudgetDirectory(store, [file]);
      assert.deepEqual(directory.current(), [file]);
      await directory.state.refresh();
      const elsewhere = new PostgresBudgetStore(opened.database.orm, clock);
      await elsewhere.put(FULL);
      const { version } = directory;
      await directory.state.refresh();
      assert.deepEqual(directory.current(), [file, FULL]);
      assert.equal(directory.version, version + 1);
      assert.equal(directory.find(FULL.id), directory.current()[1]);

      directory.setFile([{ ...file }]);
      assert.equal(directory.version, version + 1, 'the same file is no change');
      directory.setFile([]);
      assert.deepEqual([directory.version, directory.current()], [version + 2, [FULL]]);
      await elsewhere.delete(FULL.id);
      await directory.state.refresh();
      assert.deepEqual([directory.version, directory.current()], [version + 3, []]);
    });

    test('promise 7: budgets that were kept are in force in a process that starts without the database', async () => {
      await store.put(FULL);
      const earlier = new BudgetDirectory(store, []);
      await earlier.state.refresh();
      const snapshot = JSON.parse(JSON.stringify(earlier.state.kept?.save())) as Json;
      const away = { list: () => Promise.reject(new Error('away')) };
      const started = new BudgetDirectory(away, []);
      started.state.kept?.load(snapshot);
      assert.deepEqual([started.current(), started.version], [[FULL], 2]);
    });

    test('promise 4: the sums of all replicas come back, of those that are gone as well', async () => {
      const total = row(counterKey('b', 'usd', 'total', '\0|\uD800'), {
        endsAt: undefined,
        used: 9_007_199_254_740_991,
      });
      await spend.save('one', [row('x', { used: 3, reserved: 2 }), total]);
      await spend.save('two', [row('x', { used: -5 })]);
      assert.deepEqual(await loaded(), [
        { ...total, replica: 'one' },
        { ...row('x', { used: 3, reserved: 2 }), replica: 'one' },
        { ...row('x', { used: -5 }), replica: 'two' },
      ]);
    });

    test('promise 4: sums are written over, however often and in however large pieces', async () => {
      const keys = fc.constantFrom('a', 'b', '{"c",\\}', "d'");
      const entry = fc.record({ key: keys, used: fc.maxSafeInteger(), reserved: fc.maxSafeNat() });
      const write = fc.record({ replica: fc.constantFrom('r1', 'r2'), rows: fc.array(entry, { maxLength: 6 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(write, { maxLength: 6 }), async (writes) => {
          await opened.database.pool.query('truncate quota_spend');
          const model = new Map<string, object>();
          for (const { replica, rows } of writes) {
            await spend.save(
              replica,
              rows.map((part) => row(part.key, part)),
            );
            for (const part of rows) model.set(`${part.key} ${replica}`, { ...row(part.key, part), replica });
          }
          assert.deepEqual(
            await loaded(),
            [...model].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value),
          );
        }),
        { numRuns: 25 },
      );
      const many = Array.from({ length: 12_000 }, (_, at) => row(`k${at}`, { used: at }));
      await spend.save('three', many);
      await spend.save('three', many);
      assert.equal((await spend.load()).filter(({ replica }) => replica === 'three').length, 12_000);
    });

    test('a period that is over is not loaded, and deleted after two months', async () => {
      await spend.save('r', [row('old', { endsAt: clock.now() + 10 }), row('new'), row('ever', { endsAt: undefined })]);
      clock.advance(10);
      assert.deepEqual(
        (await loaded()).map(({ key }) => key),
        ['ever', 'new'],
      );
      clock.advance(62 * DAY_MS);
      await oldSpending(spend, clock).delete(1000);
      assert.deepEqual(await kept(), ['ever', 'new', 'old'], '62 days ago to the millisecond is not before');
      clock.advance(1);
      await oldSpending(spend, clock).delete(1000);
      assert.deepEqual(await kept(), ['ever', 'new']);
    });

    test('a sweep deletes so many at a time', async () => {
      await spend.save(
        'r',
        Array.from({ length: 25 }, (_, at) => row(`k${at}`, { endsAt: 0 })),
      );
      const old = oldSpending(spend, clock);
      const pieces = [await old.delete(10), await old.delete(10), await old.delete(10)];
      assert.deepEqual(pieces, [10, 10, 5]);
    });

    test('who has spent most, over all replicas, of this budget, unit and period alone', async () => {
      await spend.save('r1', [
        row(keyOf('ada'), { used: 5, reserved: 1 }),
        row(keyOf('bob'), { used: 7 }),
        row(keyOf('a|b\uD800'), { used: 1 }),
      ]);
      await spend.save('r2', [row(keyOf('ada'), { used: 4 }), row(keyOf('', 'daily'), { used: 2 })]);
      await spend.save('r2', [
        row(keyOf('eve', 'daily2'), { used: 100 }),
        row(keyOf('eve', 'dail'), { used: 100 }),
        row(counterKey('daily', 'tokens', '2026-11-21', 'eve'), { used: 100 }),
        row(counterKey('daily', 'usd', '2026-11-2', 'eve'), { used: 100 }),
        row(counterKey('daily', 'usd', '2026-11-22', 'eve'), { used: 100 }),
      ]);
      assert.deepEqual(await spend.subjectsOf('daily', 'usd', '2026-11-21', 3), [
        { subject: 'ada', used: 9, reserved: 1 },
        { subject: 'bob', used: 7, reserved: 0 },
        { subject: '', used: 2, reserved: 0 },
      ]);
      const all = await spend.subjectsOf('daily', 'usd', '2026-11-21', 100);
      assert.deepEqual(all.at(-1), { subject: 'a|b\uD800', used: 1, reserved: 0 });
      assert.equal(all.length, 4);
    });
  });
}
