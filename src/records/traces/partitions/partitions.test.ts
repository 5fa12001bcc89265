import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { KEPT_WHOLE, makeRecord } from '../../../../test/support/make-record.ts';
import { noPostgres } from '../../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../../test/support/traces-database.ts';
import { newTraceId } from '../../../core/ids.ts';
import { DAY_MS } from '../../../core/units.ts';
import { TraceStore } from '../listing-store.ts';
import { openRetention } from '../retention/retention-sweep.ts';
import { type TraceRow, toTraceRow } from '../trace-row.ts';
import { KnownThere, TraceConnection, insertTraces } from '../trace-store.ts';
import { sumUsage } from '../usage-store.ts';
import { partitionsOf } from './partition-list-store.ts';

const clock = new FakeClock();
const TODAY = clock.now() - (clock.now() % DAY_MS);

function rowAt(startedAt: number, retentionClass = ''): TraceRow {
  const record = makeRecord({ startedAt, policy: { ...KEPT_WHOLE, retentionClass } });
  const usual = Number.isFinite(startedAt) && startedAt >= 0;
  const traceId = usual ? record.traceId : newTraceId(TODAY);
  return toTraceRow({ record: { ...record, traceId }, input: undefined, output: undefined, textsDropped: false });
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`partitions of traces in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    const query = (sql: string, values: unknown[] = []) => opened.database.pool.query(sql, values);
    const insert = (...rows: TraceRow[]) => insertTraces(opened.database.pool, rows, new KnownThere());
    const days = async () =>
      (await partitionsOf(opened.database)).map(
        ({ day, retentionClass }) => `${new Date(day).toISOString().slice(0, 10)}${retentionClass}`,
      );
    const count = async () => (await query('select count(*)::int as n from traces')).rows[0]?.n as number;

    before(async () => {
      opened = await openTracesDatabase(kind);
    });
    after(() => opened.close());
    beforeEach(async () => {
      for (const { name } of await partitionsOf(opened.database)) await query(`drop table ${name}`);
    });

    const heard: string[] = [];
    const log = {
      info: (_facts: object, message: string) => heard.push(message),
      warn: (_facts: object, message: string) => heard.push(message),
    };

    function retention(settings: { retention: number; maxSize?: number }, projects = new Map()) {
      return openRetention({
        database: opened.database,
        settings: () => ({ ...settings, projects }),
        scheduler: clock,
        clock,
        log,
      });
    }

    test('each day and class has its own, made by whoever needs it first, though many do at once', async () => {
      const name = `it's "a" ${'退'.repeat(50)}`;
      const rows = Array.from({ length: 24 }, (_, at) => rowAt(TODAY + (at % 3) * DAY_MS, at % 2 === 0 ? '' : name));
      const write = async (at: number): Promise<void> => {
        const connection = new TraceConnection(opened.database.connection);
        for (const row of rows.slice(at * 3, at * 3 + 3)) await connection.insert([row]);
        await connection.close();
      };
      await Promise.all(Array.from({ length: 8 }, (_, at) => write(at)));
      assert.equal(await count(), rows.length);
      const expected = [0, 1, 2].flatMap((day) => {
        const date = new Date(TODAY + day * DAY_MS).toISOString().slice(0, 10);
        return [date, date + name];
      });
      assert.deepEqual((await days()).toSorted(), expected.toSorted());
    });

    test('clocks that are wrong break nothing', async () => {
      await insert(rowAt(0), rowAt(Number.NaN), rowAt(Number.MAX_VALUE), rowAt(-1), rowAt(TODAY));
      assert.deepEqual(await days(), ['1970-01-01', new Date(TODAY).toISOString().slice(0, 10), '9999-12-31']);
      const { traces, next } = await new TraceStore(opened.database).list({}, 10);
      assert.deepEqual([traces.length, next], [5, undefined]);
    });

    test('one that is dropped under a writer is made again, and each record counts once', async () => {
      const known = new KnownThere();
      const [before_, later] = [rowAt(TODAY - 40 * DAY_MS), rowAt(TODAY - 40 * DAY_MS + 1)];
      await query('delete from usage_slots');
      await query('delete from usage_days');
      await insertTraces(opened.database.pool, [before_], known);
      const sweeper = retention({ retention: 30 * DAY_MS });
      await sweeper.sweep();
      await sweeper.close();
      assert.equal(await count(), 0);
      await insertTraces(opened.database.pool, [later], known);
      assert.equal(await count(), 1);
      const [usage] = await sumUsage(opened.database, [], {}, 1);
      assert.equal(usage?.sums.requests, 2);
    });

    test('one that somebody detached is attached again', async () => {
      await insert(rowAt(TODAY));
      const [partition] = await partitionsOf(opened.database);
      const { rows } = await query(
        'select inhparent::regclass::text as family from pg_inherits where inhrelid = $1::regclass',
        [partition?.name],
      );
      await query(`alter table ${rows[0]?.family} detach partition ${partition?.name}`);
      await insert(rowAt(TODAY + 1));
      assert.equal(await count(), 2);
    });

    test('what has expired is dropped, in time and by size, and several may sweep at once', async () => {
      const ages = [0, 1, 29, 31, 400];
      await insert(...ages.map((age) => rowAt(TODAY - age * DAY_MS)), rowAt(TODAY - 3 * DAY_MS, 'law'));
      const law = new Map([['law', { retention: 2 * DAY_MS }]]);
      const both = [retention({ retention: 30 * DAY_MS }, law), retention({ retention: 30 * DAY_MS }, law)];
      await Promise.all(both.map((one) => one.sweep()));
      assert.deepEqual(
        await days(),
        [29, 1, 0].map((age) => new Date(TODAY - age * DAY_MS).toISOString().slice(0, 10)),
      );
      const small = retention({ retention: 30 * DAY_MS, maxSize: 1 });
      await small.sweep();
      assert.deepEqual(await days(), [new Date(TODAY).toISOString().slice(0, 10)]);
      await Promise.all([...both, small].map((one) => one.close()));
      assert.equal(clock.waiting, 0);
    });

    test(
      'a sweep beside a long reader gives up soon, lets writers go on, and drops it later',
      { timeout: 20_000, skip: kind === 'embedded' && 'readers of one session wait for each other' },
      async () => {
        await insert(rowAt(TODAY - 40 * DAY_MS), rowAt(TODAY));
        const reader = await opened.database.pool.connect();
        await reader.query('begin');
        await reader.query('select count(*) from traces');
        heard.length = 0;
        const sweeper = retention({ retention: 30 * DAY_MS });
        const sweep = sweeper.sweep();
        await insert(rowAt(TODAY + 1));
        await sweep;
        assert.match(heard.join(), /in use/);
        assert.equal((await days()).length, 2);
        await reader.query('commit');
        reader.release();
        clock.advance(60_000);
        await sweeper.sweep();
        assert.equal((await days()).length, 1);
        await sweeper.close();
      },
    );
  });
}
