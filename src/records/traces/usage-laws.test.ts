import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { type HandSums, usageByHand } from '../../../test/support/usage-by-hand.ts';
import type { AttemptRecord, CallRecord } from '../journal/record.ts';
import { SUM_COLUMNS } from './rollup-shares.ts';
import { type TraceRow, toPlainRow, toTraceRow } from './trace-row.ts';
import { insertTraces } from './trace-store.ts';
import { TIME_GROUPS } from './usage-periods.ts';
import { USAGE_DIMENSIONS, type UsageDimension, type UsageQuestion } from './usage-question.ts';
import { UsageReport, type UsageRow, spentPerDay, sumUsage } from './usage-store.ts';

/** Clocks are changed within it in New York and on Lord Howe, and a week, a month and a year end. */
const SPANS = [
  { from: Date.UTC(2026, 9, 30), until: Date.UTC(2026, 10, 3) },
  { from: Date.UTC(2026, 11, 30), until: Date.UTC(2027, 0, 2) },
  { from: Date.UTC(2026, 2, 1), until: Date.UTC(2026, 4, 10) },
] as const;
const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati'];
const SLOT_MS = 900_000;

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const names = (...values: string[]) => maybe(fc.constantFrom(...values));
const anyTarget = fc.constantFrom('a/x', 'b/y', 'c/it\'s, "odd"');
const anyCount = fc.oneof({ weight: 9, arbitrary: fc.nat(1000) }, fc.constantFrom(0, 12.5, 2e12));
const anyUsage = maybe(
  fc.record(
    { inputTokens: anyCount, outputTokens: anyCount, cacheReadInputTokens: anyCount, reasoningOutputTokens: anyCount },
    { requiredKeys: [] },
  ),
);
const anyAttempt: fc.Arbitrary<AttemptRecord> = fc
  .record({
    target: anyTarget,
    usage: anyUsage,
    usageSource: fc.constantFrom('reported', 'assumed', undefined),
    costNanoUsd: maybe(fc.nat(1e9)),
  })
  .map(makeAttemptRecord);

/** On the edge of a slot or a day as often as anywhere. */
function anyTime({ from, until }: { from: number; until: number }): fc.Arbitrary<number> {
  const anywhere = fc.integer({ min: from, max: until - 1 });
  return fc.oneof(
    anywhere,
    anywhere.map((at) => at - (at % SLOT_MS)),
    anywhere.map((at) => at - (at % SLOT_MS) - 1),
    anywhere.map((at) => at - (at % 86_400_000)),
  );
}

function anyRecordIn(span: (typeof SPANS)[number]): fc.Arbitrary<CallRecord> {
  return fc
    .record({
      startedAt: anyTime(span),
      organisation: names('acme'),
      project: names('p', 'q'),
      keyId: names('k'),
      userId: names('ada', 'bob', '-', ''),
      endpoint: fc.constantFrom('/v1/chat/completions', '/v1/messages'),
      requestModel: names('chat', 'a/x'),
      virtualModel: names('chat'),
      status: fc.constantFrom('completed', 'failed', 'aborted'),
      target: maybe(anyTarget),
      usage: anyUsage,
      costNanoUsd: fc.nat(1e9),
      costKnown: fc.boolean(),
      attempts: fc.array(anyAttempt, { maxLength: 3 }),
    })
    .chain((parts) => {
      const record = makeRecord(parts);
      // Most requests have one attempt, which says the same as they do.
      const { usage, costNanoUsd, target = 'a/x' } = record;
      const usual = {
        ...record,
        target,
        attempts: [makeAttemptRecord({ usage, costNanoUsd, target })],
        costKnown: true,
      };
      return fc.constantFrom(usual, record);
    });
}

function anyQuestionIn(span: (typeof SPANS)[number]): fc.Arbitrary<UsageQuestion> {
  return fc
    .record({
      by: fc.tuple(fc.subarray([...USAGE_DIMENSIONS]), fc.option(fc.constantFrom(...TIME_GROUPS))),
      filter: fc.record(
        {
          project: fc.constantFrom('p', 'x'),
          target: anyTarget,
          user: fc.constantFrom('ada', ''),
          status: fc.constant('failed'),
        },
        { requiredKeys: [] },
      ),
      isFiltered: fc.constantFrom(true, false, false),
      times: fc.tuple(maybe(anyTime(span)), maybe(anyTime(span))),
      timeZone: fc.constantFrom(...ZONES),
    })
    .map(({ by: [dimensions, time], filter, isFiltered, times, timeZone }) => {
      const [since, until] =
        times[0] !== undefined && times[1] !== undefined ? times.toSorted((a, b) => (a ?? 0) - (b ?? 0)) : times;
      return {
        by: time ? [...dimensions, time] : dimensions,
        filter: isFiltered ? filter : {},
        period: {
          since: since === undefined ? undefined : new Date(since),
          until: until === undefined ? undefined : new Date(until === since ? until + 1 : until),
        },
        timeZone,
      };
    });
}

const anyCase = fc.constantFrom(...SPANS).chain((span) =>
  fc.record({
    records: fc.array(anyRecordIn(span), { maxLength: 40 }),
    questions: fc.array(anyQuestionIn(span), { minLength: 6, maxLength: 6 }),
    resent: fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 3 }),
  }),
);

const rowOf = (record: CallRecord): TraceRow =>
  toTraceRow({ record, input: undefined, output: undefined, textsDropped: false });

function plain(rows: readonly UsageRow[]): Map<string, HandSums> {
  return new Map(rows.map(({ group, sums }) => [JSON.stringify(group), SUM_COLUMNS.map((column) => sums[column])]));
}

/** Nothing at all is one row of nothing. */
function expected(byHand: Map<string, HandSums>, { by }: UsageQuestion): Map<string, HandSums> {
  if (by.length > 0 || byHand.size > 0) return byHand;
  return new Map([['[]', [0, null, null, null, null, null, 0, 0, 0]]]);
}

const wild = () => makeRecord({ usage: { inputTokens: 1e300 }, costNanoUsd: 1e300, attempts: [] });

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`usage in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    const query = (sql: string, values: unknown[] = []) => opened.database.pool.query(sql, values);
    const insert = (...records: CallRecord[]) => insertTraces(opened.database.pool, records.map(rowOf));
    // Of partitions there are many, each of which a truncation would make anew.
    const empty = () =>
      query('with gone as (delete from traces), slots as (delete from usage_slots) delete from usage_days');
    before(async () => {
      opened = await openTracesDatabase(kind);
    });
    after(() => opened.close());
    beforeEach(empty);

    async function assertAnswers(records: readonly CallRecord[], questions: readonly UsageQuestion[]): Promise<void> {
      for (const question of questions) {
        const report = await UsageReport.plan(opened.database, question);
        const rows = await report.page(1000);
        assert.deepEqual(plain(rows), expected(usageByHand(records, question), question), JSON.stringify(question));
      }
    }

    test('promise 6: any question about any requests has the answer that the requests themselves give, sent once or again', async () => {
      await fc.assert(
        fc.asyncProperty(anyCase, async ({ records, questions, resent }) => {
          await empty();
          const third = Math.ceil(records.length / 3);
          for (const from of [0, third, 2 * third]) await insert(...records.slice(from, from + third));
          for (const [from, count] of resent) await insert(...records.slice(from, from + count));
          await assertAnswers(records, questions);
        }),
        { numRuns: 15 },
      );
    });

    test('pages hold every group once, in one order', async () => {
      await fc.assert(
        fc.asyncProperty(anyCase, async ({ records, questions }) => {
          await empty();
          await insert(...records);
          for (const question of questions.filter(({ by }) => by.length > 0)) {
            const report = await UsageReport.plan(opened.database, question);
            const whole = await report.page(1000);
            const paged: UsageRow[] = [];
            for (let page = await report.page(3); page.length > 0; page = await report.page(3, page.at(-1))) {
              paged.push(...page);
            }
            assert.deepEqual(paged, whole);
          }
        }),
        { numRuns: 5 },
      );
    });

    test('a request whose details the database refuses counts as one of its target', async () => {
      const record = makeRecord({ attempts: [makeAttemptRecord({ target: 'b/y' })], target: 'a/x' });
      await insertTraces(opened.database.pool, [toPlainRow(rowOf(record))]);
      const question: UsageQuestion = { by: ['target'] };
      await assertAnswers(
        [{ ...record, attempts: [] }],
        [question, { ...question, period: { since: new Date(record.startedAt) } }],
      );
    });

    test('promise 7: of batches that are sent at once and overlap each record counts once', async () => {
      const records = Array.from({ length: 300 }, (_, at) => makeRecord({ userId: `user-${at % 7}` }));
      const batches = Array.from({ length: 12 }, (_, at) => records.slice(at * 20, at * 20 + 80));
      await Promise.all(batches.map((batch) => insert(...batch)));
      await assertAnswers(records, [{ by: [] }, { by: ['user', 'day'] }, { by: ['target'] }]);
    });

    test('sums outlive the traces that they are made of', async () => {
      const at = Date.UTC(2026, 0, 1, 0, 15);
      await insert(makeRecord({ startedAt: at }), makeRecord({ startedAt: at + 14 * 60_000 }));
      await query('delete from traces');
      const period = { since: new Date(at), until: new Date(at + SLOT_MS) };
      const [row] = await sumUsage(opened.database, ['hour'], period, 10);
      assert.deepEqual([row?.group, row?.sums.requests], [['2026-01-01T00:00Z'], 2]);
    });

    test('sums that no column could hold stay at the most that it holds, and nothing is lost for them', async () => {
      await insert(wild());
      await query('update usage_slots set input_tokens = 9000000000000000000 - 5, cost_nano_usd = 9000000000000000000');
      await insert(wild(), wild());
      const { rows } = await query('select input_tokens::text, cost_nano_usd::text, requests from usage_slots');
      assert.deepEqual(rows, [
        { input_tokens: '9000000000000000000', cost_nano_usd: '9000000000000000000', requests: 3 },
      ]);
    });

    test('what somebody spends a day is the average of a time', async () => {
      const now = Date.UTC(2026, 5, 8, 12);
      const spend = { sinceMs: now - 4 * 86_400_000, untilMs: now } as const;
      await insert(
        makeRecord({ startedAt: now - 1 }),
        makeRecord({ startedAt: now - 3 * 86_400_000, userId: 'bob' }),
        makeRecord({ startedAt: now - 5 * 86_400_000 }),
        makeRecord({ startedAt: now - 2, organisation: undefined, project: 'q', keyId: 'k2', requestModel: 'm' }),
      );
      const per = (dimension: Exclude<UsageDimension, 'target' | 'status' | 'virtual_model'>, subject: string) =>
        spentPerDay(opened.database, { ...spend, per: dimension, subject, unit: 'usd' });
      assert.equal(await per('organisation', 'acme'), (2 * 71_000) / 4);
      assert.equal(await per('project', 'q'), 71_000 / 4);
      assert.equal(await per('key', 'key_1'), (2 * 71_000) / 4);
      assert.equal(await per('user', 'bob'), 71_000 / 4);
      assert.equal(await per('endpoint', '/v1/chat/completions'), (3 * 71_000) / 4);
      assert.equal(await per('model', 'm'), 71_000 / 4);
      assert.equal(await per('model', 'nobody'), 0);
      const tokens = await spentPerDay(opened.database, { ...spend, per: 'user', subject: 'bob', unit: 'tokens' });
      assert.equal(tokens, 46 / 4);
    });
  });
}
