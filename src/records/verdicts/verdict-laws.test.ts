import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { VERDICT_OUTCOMES, type Verdict } from '../../core/screening.ts';
import { DAY_MS } from '../../core/units.ts';
import type { CallRecord } from '../journal/record.ts';
import { toTraceRow } from '../traces/trace-row.ts';
import { insertTraces } from '../traces/trace-store.ts';
import { oldVerdicts } from './old-verdicts.ts';
import { VERDICT_GROUPS, type VerdictGroup, type VerdictQuestion, readVerdictQuestion } from './verdict-question.ts';
import { VerdictStore } from './verdict-store.ts';

const NOW = Date.UTC(2026, 5, 9, 14, 7, 31);

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const anyVerdict: fc.Arbitrary<Verdict> = fc.record({
  guard: fc.constantFrom('pii', 'injection'),
  place: fc.constantFrom('input', 'output'),
  outcome: fc.constantFrom(...VERDICT_OUTCOMES),
  micros: fc.constant(3),
  detail: maybe(fc.constant({ policy: 'strict' })),
});
const anywhere = fc.integer({ min: NOW - 3 * DAY_MS, max: NOW });
const anyRecord: fc.Arbitrary<CallRecord> = fc
  .record({
    startedAt: fc.oneof(
      anywhere,
      anywhere.map((at) => at - (at % 900_000)),
    ),
    project: maybe(fc.constantFrom('p', 'q')),
    verdicts: maybe(fc.array(anyVerdict, { maxLength: 3 })),
    guardPolicies: maybe(fc.constantFrom(['plain'], ['plain', 'strict'])),
  })
  .map(makeRecord);
const anyQuery = fc.record({
  by: fc.subarray([...VERDICT_GROUPS], { minLength: 1 }).map((groups) => groups.join(',')),
  since: fc.constantFrom(NOW - 3_600_000, NOW - DAY_MS, NOW - 3 * DAY_MS).map(String),
  filter: fc.record({ project: fc.constant('p'), guard: fc.constant('pii') }, { requiredKeys: [] }),
});

const rowOf = (record: CallRecord) => toTraceRow({ record, input: undefined, output: undefined, textsDropped: false });

function nameOf(group: VerdictGroup, record: CallRecord, { guard, place, outcome, detail }: Verdict): string {
  const only = record.guardPolicies?.length === 1 ? record.guardPolicies[0] : undefined;
  const policy = detail?.['policy'] === undefined ? (only ?? '') : 'strict';
  return { guard, place, verdict: outcome, policy, project: record.project ?? '' }[group];
}

/** By group and point, as somebody would count them. */
function byHand(records: readonly CallRecord[], { by, filter, from, until, unitMs }: VerdictQuestion) {
  const counts = new Map<string, number>();
  for (const record of records.filter(({ startedAt }) => startedAt >= from && startedAt < until)) {
    for (const verdict of record.verdicts ?? []) {
      const isOther = ([group, value]: [string, string | undefined]) =>
        value !== undefined && nameOf(group as VerdictGroup, record, verdict) !== value;
      if (Object.entries(filter).some(isOther)) continue;
      const group = by.map((one) => nameOf(one, record, verdict));
      const key = JSON.stringify([group, Math.floor((record.startedAt - from) / unitMs)]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`sums of verdicts in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: VerdictStore;
    const query = (sql: string) => opened.database.pool.query(sql);
    const insert = (...records: CallRecord[]) => insertTraces(opened.database.pool, records.map(rowOf));
    const empty = () => query('with gone as (delete from traces) delete from verdict_slots');
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new VerdictStore(opened.database);
    });
    after(() => opened.close());

    test('promise 7: whatever is asked, each verdict counts once, in whatever batches it came and again', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyRecord, { maxLength: 30 }),
          fc.array(anyQuery, { minLength: 4, maxLength: 4 }),
          fc.array(fc.nat(30), { maxLength: 3 }),
          fc.tuple(fc.nat(30), fc.nat(30)),
          async (records, queries, cuts, [again, count]) => {
            await empty();
            const edges = [0, ...cuts.toSorted((a, b) => a - b), records.length];
            for (const [at, from] of edges.entries()) await insert(...records.slice(from, edges[at + 1]));
            await insert(...records.slice(again, again + count));
            for (const { filter, ...asked } of queries) {
              const question = readVerdictQuestion({ ...asked, ...filter }, NOW);
              const found = await store.series(question, 200);
              const counted = found.flatMap(({ group, points }) =>
                [...points].map(([point, n]): [string, number] => [JSON.stringify([group, point]), n]),
              );
              assert.deepEqual(new Map(counted), byHand(records, question));
              const totals = found.map(({ total }) => total);
              assert.deepEqual(
                totals,
                totals.toSorted((a, b) => b - a),
              );
              for (const { total, points } of found) {
                assert.equal(
                  total,
                  [...points.values()].reduce((sum, n) => sum + n, 0),
                );
              }
            }
          },
        ),
        { numRuns: 12 },
      );
    });

    test('there are never more groups than are asked for', async () => {
      await empty();
      const verdicts = VERDICT_OUTCOMES.map((outcome): Verdict => ({
        guard: 'pii',
        place: 'input',
        outcome,
        micros: 1,
      }));
      await insert(makeRecord({ startedAt: NOW, verdicts }));
      assert.equal((await store.series(readVerdictQuestion({}, NOW), 4)).length, 4);
    });

    test('what is old is deleted', async () => {
      await empty();
      const verdicts: Verdict[] = [{ guard: 'pii', place: 'input', outcome: 'passed', micros: 1 }];
      await insert(...[1, 399, 401].map((days) => makeRecord({ startedAt: NOW - days * DAY_MS, verdicts })));
      await oldVerdicts(store, { now: () => NOW, monotonic: () => 0 }).delete(10);
      assert.equal((await query('select 1 from verdict_slots')).rowCount, 2);
    });
  });
}
