import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { type HandFilter, meant, namesByHand, overviewByHand } from '../../../test/support/overview-by-hand.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { DAY_MS, HOUR_MS } from '../../core/units.ts';
import { type JournalMove, JournalMovedError } from '../journal/position-store.ts';
import type { CallRecord } from '../journal/record.ts';
import { toPlainRow, toTraceRow } from '../traces/trace-row.ts';
import { insertTraces } from '../traces/trace-store.ts';
import { addBins, binOf } from './latency-bins.ts';
import { oldOverviews } from './old-sums.ts';
import { type Happened, OverviewStore, sumOf } from './overview-store.ts';
import { earlier, pointsOf, windowOf } from './overview-window.ts';

/** In the middle of a minute and of a quarter of an hour. */
const NOW = Date.UTC(2026, 5, 9, 14, 7, 31);

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const anyError = fc.constantFrom(
  { code: 'request_invalid', message: 'm', origin: 'client' },
  { code: 'limit_requests', message: 'm', origin: 'policy' },
  { code: 'provider_overloaded', message: 'm', origin: 'provider' },
  { code: 'internal', message: 'm', origin: 'gateway' },
) as fc.Arbitrary<NonNullable<CallRecord['error']>>;
const anyAttempt = fc
  .record({
    target: fc.constantFrom('a/x', 'b/y'),
    outcome: fc.constantFrom('completed', 'failed', 'aborted'),
    errorCode: fc.constantFrom('provider_overloaded', 'request_invalid', undefined),
    costNanoUsd: maybe(fc.nat(1e6)),
  })
  .map(makeAttemptRecord);
/** On the edge of a minute or a slot as often as anywhere. */
const anywhere = fc.integer({ min: NOW - 2 * DAY_MS, max: NOW });
const anyTime = fc.oneof(
  anywhere,
  anywhere.map((at) => at - (at % 60_000)),
  anywhere.map((at) => at - (at % 900_000)),
  // Just now, and the same time a day before.
  fc.integer({ min: NOW - HOUR_MS, max: NOW }),
  fc.integer({ min: NOW - DAY_MS - HOUR_MS, max: NOW - DAY_MS + HOUR_MS }),
  fc.integer({ min: NOW - 9 * DAY_MS, max: NOW - 7 * DAY_MS + HOUR_MS }),
);
const anyRecord: fc.Arbitrary<CallRecord> = fc
  .record({
    startedAt: anyTime,
    project: maybe(fc.constantFrom('p', 'q')),
    endpoint: fc.constantFrom('/v1/chat/completions', '/v1/messages', 'causeway/shadow'),
    operation: fc.constantFrom('chat', 'chat', 'chat', 'token-count'),
    requestModel: maybe(fc.constantFrom('chat', 'a/x', 'made-up')),
    virtualModel: maybe(fc.constantFrom('chat', 'fast')),
    target: maybe(fc.constantFrom('a/x', 'b/y')),
    status: fc.constantFrom('completed', 'completed', 'failed', 'aborted'),
    cache: maybe(fc.constantFrom('miss', 'exact', 'semantic', 'coalesced', 'bypass')),
    usage: maybe(fc.record({ inputTokens: fc.nat(1000), outputTokens: fc.nat(1000) }, { requiredKeys: [] })),
    costNanoUsd: fc.nat(1e9),
    costKnown: fc.boolean(),
    latencyMs: fc.oneof(fc.double({ min: 0.1, max: 200_000, noNaN: true }), fc.constant(0)),
    ttftMs: maybe(fc.double({ min: 0.1, max: 20_000, noNaN: true })),
    savings: maybe(
      fc.array(
        fc.record({
          mechanism: fc.constantFrom('exact', 'semantic'),
          nanoUsd: maybe(fc.integer({ min: -1e6, max: 1e6 })),
          inputTokens: fc.constant(0),
          outputTokens: fc.constant(0),
        }),
        { maxLength: 2 },
      ),
    ),
    attempts: fc.array(anyAttempt, { maxLength: 3 }),
    failure: anyError,
  })
  .map(({ failure, ...parts }) => makeRecord({ ...parts, error: parts.status === 'failed' ? failure : undefined }));
const anyFilter: fc.Arbitrary<HandFilter> = fc.record(
  { project: fc.constantFrom('p', 'nobody'), model: fc.constantFrom('chat', 'unknown') },
  { requiredKeys: [] },
);
const anyPeriod = fc
  .record({
    lengthMs: fc.constantFrom(5 * 60_000, HOUR_MS, 6 * HOUR_MS, DAY_MS, 3 * DAY_MS, 7 * DAY_MS),
    until: maybe(anyTime),
  })
  .map(({ lengthMs, until }) => ({
    since: new Date((until ?? NOW) - lengthMs),
    until: until === undefined ? undefined : new Date(until),
  }));

const rowOf = (record: CallRecord) => toTraceRow({ record, input: undefined, output: undefined, textsDropped: false });

const wild = () => makeRecord({ startedAt: NOW, usage: { inputTokens: 1e300 }, costNanoUsd: 1e300, latencyMs: 5 });

const move = (from: number, to: number): JournalMove => ({
  journal: 'j',
  from: { segment: 1, offset: from },
  to: { segment: 1, offset: to },
});

/** What was counted by hand, in bins. */
function expected(records: readonly CallRecord[]): Happened {
  const { counts, latencies, ttfts } = overviewByHand(records);
  return { counts, latency: inBins(latencies), ttft: inBins(ttfts) };
}

function inBins(times: readonly number[]): Map<number, number> {
  const bins = new Map<number, number>();
  for (const ms of times) addBins(bins, new Map([[binOf(ms), 1]]));
  return bins;
}

function sorted(bins: ReadonlyMap<number, number>): [number, number][] {
  return [...bins].toSorted(([a], [b]) => a - b);
}

/** In one order. */
function plain({ counts, latency, ttft }: Happened) {
  return { counts: { ...counts }, latency: sorted(latency), ttft: sorted(ttft) };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`sums of the overview in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: OverviewStore;
    const query = (sql: string) => opened.database.pool.query(sql);
    const insert = (...records: CallRecord[]) => insertTraces(opened.database.pool, records.map(rowOf));
    const ofAll = async (table: string) => (await query(`select 1 from ${table} where level = 'all'`)).rowCount;
    const empty = () =>
      query(`with gone as (delete from traces), a as (delete from usage_slots), b as (delete from usage_days),
        c as (delete from savings_slots), d as (delete from savings_days), e as (delete from overview_minutes)
        delete from overview_slots`);
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new OverviewStore(opened.database);
    });
    after(() => opened.close());

    async function assertWhole(records: readonly CallRecord[]): Promise<void> {
      const window = windowOf({ since: new Date(NOW - 2 * DAY_MS) }, NOW);
      assert.deepEqual(plain(await store.whole(window, {})), plain(expected(meant(records, window, {}))));
    }

    test('promise 7: any time of any requests, in whatever batches they came and again, is what they are themselves', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyRecord, { maxLength: 40 }),
          fc.array(fc.tuple(anyPeriod, anyFilter), { minLength: 4, maxLength: 4 }),
          fc.array(fc.nat(40), { maxLength: 4 }),
          fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 2 }),
          async (records, questions, cuts, resent) => {
            await empty();
            const edges = [0, ...cuts.toSorted((a, b) => a - b), records.length];
            for (const [at, from] of edges.entries()) await insert(...records.slice(from, edges[at + 1]));
            for (const [from, count] of resent) await insert(...records.slice(from, from + count));
            for (const [period, filter] of questions) {
              const window = windowOf(period, NOW);
              const points = await store.points(window, filter);
              for (const [at, from] of pointsOf(window).entries()) {
                const until = Math.min(from + window.unitMs, window.until);
                const mine = meant(records, { from, until }, filter);
                assert.deepEqual(plain(points.get(at) ?? sumOf([])), plain(expected(mine)));
              }
              const then = earlier(window);
              const mine = meant(records, then, filter);
              assert.deepEqual(plain(await store.whole(then, filter)), plain(expected(mine)));
            }
          },
        ),
        { numRuns: 12 },
      );
    });

    test('names have in both times what their own requests have, and a project sees none of others', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyRecord, { maxLength: 40 }),
          anyPeriod,
          anyFilter,
          async (records, period, filter) => {
            await empty();
            await insert(...records);
            const window = windowOf(period, NOW);
            const then = earlier(window);
            const names = await store.names(window, then, filter);
            assert.equal(names.has('target'), filter.project === undefined);
            assert.equal(names.has('project'), filter.project === undefined);
            assert.equal(names.has('model'), filter.model === undefined);
            for (const [dimension, changes] of names) {
              const now = namesByHand(meant(records, window, filter), dimension);
              const was = namesByHand(meant(records, then, filter), dimension);
              const found = changes.map((one) => [one.name, Object.values(one.now), Object.values(one.before)]);
              const all = [...new Set([...now.keys(), ...was.keys()])];
              assert.deepEqual(
                new Set(found.map((one) => JSON.stringify(one))),
                new Set(
                  all.map((name) => JSON.stringify([name, now.get(name) ?? [0, 0, 0], was.get(name) ?? [0, 0, 0]])),
                ),
              );
            }
          },
        ),
        { numRuns: 60 },
      );
    });

    test('promise 7: of batches that are sent at once and overlap each request counts once', async () => {
      await empty();
      const records = Array.from({ length: 200 }, (_, at) => makeRecord({ startedAt: NOW - at * 7, latencyMs: at }));
      const batches = Array.from({ length: 9 }, (_, at) => records.slice(at * 20, at * 20 + 60));
      await Promise.all(batches.map((batch) => insert(...batch)));
      await assertWhole(records);
    });

    test('promise 7: the sums and how far the journal was read are written together or not at all', async () => {
      await empty();
      const [one, other] = [makeRecord({ startedAt: NOW }), makeRecord({ startedAt: NOW })];
      await insertTraces(opened.database.pool, [rowOf(one)], undefined, move(0, 10));
      const again = insertTraces(opened.database.pool, [rowOf(other)], undefined, move(0, 20));
      await assert.rejects(again, JournalMovedError);
      await assertWhole([one]);
    });

    test('a row whose details the database refuses counts as it was', async () => {
      await empty();
      const record = makeRecord({ startedAt: NOW, ttftMs: 12 });
      await insertTraces(opened.database.pool, [toPlainRow(rowOf(record))]);
      await assertWhole([record]);
    });

    test('promise 11: sums that no column could hold stay at the most that it holds', async () => {
      await empty();
      await insert(wild());
      await query(`update overview_slots set input_tokens = 9000000000000000000 - 5, saved_nano_usd = -9000000000000000000,
        latency[2] = 2000000000 - 1`);
      await insert(wild(), wild());
      const { rows } = await query(
        `select input_tokens::text as tokens, latency[2] as quick, requests from overview_slots where level = 'all'`,
      );
      assert.deepEqual(rows, [{ tokens: '9000000000000000000', quick: 2_000_000_000, requests: 3 }]);
    });

    test('what no overview reads any more is deleted', async () => {
      await empty();
      const ages = [HOUR_MS, 4 * DAY_MS, 99 * DAY_MS, 101 * DAY_MS];
      await insert(...ages.map((age) => makeRecord({ startedAt: NOW - age })));
      const old = oldOverviews(store, { now: () => NOW, monotonic: () => 0 });
      assert.equal(await old.delete(7), 7);
      while ((await old.delete(7)) > 0);
      assert.deepEqual([await ofAll('overview_minutes'), await ofAll('overview_slots')], [1, 3]);
    });
  });
}
