import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { savingsByHand } from '../../../test/support/usage-by-hand.ts';
import { SAVING_MECHANISMS, type Saving } from '../../core/caching.ts';
import { DAY_MS } from '../../core/units.ts';
import { encodeFacts } from '../journal/entry-codec.ts';
import { type JournalMove, JournalMovedError } from '../journal/position-store.ts';
import type { CallRecord } from '../journal/record.ts';
import { SAVED_COLUMNS } from '../traces/bookings.ts';
import { toPlainRow, toTraceRow } from '../traces/trace-row.ts';
import { insertTraces } from '../traces/trace-store.ts';
import { TIME_GROUPS } from '../traces/usage-periods.ts';
import { SAVINGS_DIMENSIONS, type SavingsQuestion } from './savings-question.ts';
import { SavingsReport, type SavingsRow, spentBeside, totalOf } from './savings-store.ts';

/** Clocks are changed within it in New York, and a week and a month end. */
const SPAN = { from: Date.UTC(2026, 9, 31), until: Date.UTC(2026, 10, 3) } as const;
const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu'];
const SLOT_MS = 900_000;

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const anyMechanism = fc.constantFrom(...SAVING_MECHANISMS);
const anySaving: fc.Arbitrary<Saving> = fc.oneof(
  fc.record({
    mechanism: anyMechanism,
    nanoUsd: maybe(fc.integer({ min: -1e9, max: 1e9 })),
    inputTokens: fc.nat(1000),
    outputTokens: fc.nat(1000),
  }),
  // What finding out cost where nothing could be saved.
  fc.record({
    mechanism: anyMechanism,
    nanoUsd: maybe(fc.integer({ min: -1e9, max: -1 })),
    inputTokens: fc.constant(0),
    outputTokens: fc.constant(0),
    onlyCost: fc.constant(true as const),
  }),
);
/** On the edge of a slot or a day as often as anywhere. */
const anywhere = fc.integer({ min: SPAN.from, max: SPAN.until - 1 });
const anyTime = fc.oneof(
  anywhere,
  anywhere.map((at) => at - (at % SLOT_MS)),
  anywhere.map((at) => at - (at % DAY_MS)),
);
const anyRecord: fc.Arbitrary<CallRecord> = fc
  .record({
    startedAt: anyTime,
    project: maybe(fc.constantFrom('p', 'q')),
    endpoint: fc.constantFrom('/v1/chat/completions', '/v1/messages'),
    virtualModel: maybe(fc.constantFrom('chat')),
    target: maybe(fc.constantFrom('a/x', 'b/y')),
    // A hit asks no target.
    attempts: fc.constantFrom([], makeRecord().attempts),
    savings: maybe(fc.array(anySaving, { maxLength: 4 })),
  })
  .map(makeRecord);
const anyQuestion: fc.Arbitrary<SavingsQuestion> = fc
  .record({
    by: fc.tuple(fc.subarray([...SAVINGS_DIMENSIONS]), fc.option(fc.constantFrom(...TIME_GROUPS))),
    filter: fc.record({ project: fc.constantFrom('p', 'x'), mechanism: anyMechanism }, { requiredKeys: [] }),
    times: fc.tuple(maybe(anyTime), maybe(anyTime)),
    timeZone: fc.constantFrom(...ZONES),
  })
  .map(({ by: [dimensions, time], filter, times: [a, b], timeZone }) => {
    const [since, until] = a !== undefined && b !== undefined ? [Math.min(a, b), Math.max(a, b) + 1] : [a, b];
    return {
      by: time ? [...dimensions, time] : dimensions,
      filter,
      period: {
        since: since === undefined ? undefined : new Date(since),
        until: until === undefined ? undefined : new Date(until),
      },
      timeZone,
    };
  });

const wild = (nanoUsd: number) =>
  makeRecord({ savings: [{ mechanism: 'exact', nanoUsd, inputTokens: 1e300, outputTokens: 0 }] });

const move = (from: number, to: number): JournalMove => ({
  journal: 'j',
  from: { segment: 1, offset: from },
  to: { segment: 1, offset: to },
});

/** As it comes out of the journal. */
const rowOf = (record: CallRecord) => {
  return toTraceRow({
    record: JSON.parse(encodeFacts(record)) as CallRecord,
    input: undefined,
    output: undefined,
    textsDropped: false,
  });
};

function plain(rows: readonly SavingsRow[]): Map<string, number[]> {
  return new Map(rows.map(({ group, sums }) => [JSON.stringify(group), SAVED_COLUMNS.map((column) => sums[column])]));
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`savings in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    const query = (sql: string) => opened.database.pool.query(sql);
    const insert = (...records: CallRecord[]) => insertTraces(opened.database.pool, records.map(rowOf));
    const empty = () =>
      query(`with gone as (delete from traces), a as (delete from usage_slots), b as (delete from usage_days),
        c as (delete from savings_slots) delete from savings_days`);
    before(async () => {
      opened = await openTracesDatabase(kind);
    });
    after(() => opened.close());

    async function assertAnswers(records: readonly CallRecord[], questions: readonly SavingsQuestion[]): Promise<void> {
      for (const question of questions) {
        const report = await SavingsReport.plan(opened.database, question);
        const rows = await report.page(1000);
        const byHand = savingsByHand(records, question);
        const nothing = new Map([['[]', [0, 0, 0, 0, 0]]]);
        const expected = question.by.length === 0 && byHand.size === 0 ? nothing : byHand;
        assert.deepEqual(plain(rows), expected, JSON.stringify(question));
      }
    }

    test('promise 6: any question about what any requests saved has the answer that they give themselves, sent once or again', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyRecord, { maxLength: 40 }),
          fc.array(anyQuestion, { minLength: 6, maxLength: 6 }),
          fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 3 }),
          async (records, questions, resent) => {
            await empty();
            const half = Math.ceil(records.length / 2);
            for (const from of [0, half]) await insert(...records.slice(from, from + half));
            for (const [from, count] of resent) await insert(...records.slice(from, from + count));
            await assertAnswers(records, questions);
          },
        ),
        { numRuns: 12 },
      );
    });

    test('promise 7: of batches that are sent at once and overlap each saving counts once', async () => {
      await empty();
      const records = Array.from({ length: 200 }, (_, at) =>
        makeRecord({
          project: `p${at % 5}`,
          savings: at % 3 === 0 ? undefined : [{ mechanism: 'exact', nanoUsd: at, inputTokens: 1, outputTokens: 2 }],
        }),
      );
      const batches = Array.from({ length: 9 }, (_, at) => records.slice(at * 20, at * 20 + 60));
      await Promise.all(batches.map((batch) => insert(...batch)));
      await assertAnswers(records, [{ by: [] }, { by: ['project', 'mechanism', 'day'] }]);
    });

    test('promise 7: savings and how far the journal was read are written together or not at all', async () => {
      await empty();
      const saving: Saving = { mechanism: 'coalesced', nanoUsd: 7, inputTokens: 3, outputTokens: 4 };
      const [one, other] = [makeRecord({ savings: [saving] }), makeRecord({ savings: [saving] })];
      await insertTraces(opened.database.pool, [rowOf(one)], undefined, move(0, 10));
      await assert.rejects(
        insertTraces(opened.database.pool, [rowOf(other)], undefined, move(0, 20)),
        JournalMovedError,
      );
      await assertAnswers([one], [{ by: ['mechanism'] }, { by: [], period: { since: new Date(one.startedAt) } }]);
    });

    test('a row whose texts the database refuses keeps what was saved', async () => {
      await empty();
      const record = makeRecord({
        savings: [{ mechanism: 'semantic', nanoUsd: -5, inputTokens: 0, outputTokens: 0, onlyCost: true }],
      });
      await insertTraces(opened.database.pool, [toPlainRow(rowOf(record))]);
      await assertAnswers([record], [{ by: ['mechanism'] }, { by: [], period: { since: new Date(record.startedAt) } }]);
    });

    test('sums that no column could hold stay at the most and the least that it holds', async () => {
      await empty();
      await insert(wild(1e300));
      for (const [bound, more] of [
        ['9000000000000000000', 1e300],
        ['-9000000000000000000', -1e300],
      ] as const) {
        await query(`update savings_slots set saved_nano_usd = ${bound}`);
        await insert(wild(more), wild(more));
        const { rows } = await query('select saved_nano_usd::text as saved from savings_slots');
        assert.deepEqual(rows, [{ saved: bound }]);
      }
    });

    test('what was spent is that of the same time and filters', async () => {
      await empty();
      const saving: Saving = { mechanism: 'exact', nanoUsd: 29_000, inputTokens: 12, outputTokens: 34 };
      const hit = { attempts: [], usage: undefined, costNanoUsd: 0, savings: [saving] };
      await insert(makeRecord(), makeRecord(hit), makeRecord({ project: 'other' }));
      const question = { by: [], filter: { project: 'support', mechanism: 'exact' }, period: {}, timeZone: 'UTC' };
      const report = await SavingsReport.plan(opened.database, question);
      assert.deepEqual(totalOf(await report.page(10)).savedNanoUsd, 29_000);
      assert.equal((await spentBeside(opened.database, question)).costNanoUsd, 71_000);
    });
  });
}
