import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import type { CallRecord } from '../journal/record.ts';
import { toTraceRow } from '../traces/trace-row.ts';
import { ModelNames } from './model-names.ts';
import { type BatchOverview, type OverviewSums, overviewOfBatch } from './overview-batch.ts';

const NOW = Date.UTC(2026, 5, 9, 14, 7, 31);
const QUARTER_MS = 15 * 60_000;

const rowOf = (record: CallRecord) => toTraceRow({ record, input: undefined, output: undefined, textsDropped: false });

/** Somebody asks for a model by a name that they made up, and is served. */
function called(name: string, parts: Partial<CallRecord> = {}): CallRecord {
  const target = `sim/${name}`;
  return makeRecord({
    startedAt: NOW,
    virtualModel: undefined,
    requestModel: target,
    target,
    attempts: [makeAttemptRecord({ target, costNanoUsd: 7 })],
    ...parts,
  });
}

const overviewOf = (records: readonly CallRecord[], names?: ModelNames) => overviewOfBatch(records.map(rowOf), names);
const madeUp = (count: number, parts?: Partial<CallRecord>) =>
  Array.from({ length: count }, (_, at) => called(`n${at}`, parts));
const ofLevel = ({ slots }: BatchOverview, level: string) => slots.filter((one) => one.level === level);

/** What all batches add to a row, by what the row is of. */
function together(batches: readonly BatchOverview[], table: 'minutes' | 'slots'): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const { slot, level, project, model, subject, counts } of batches.flatMap((batch) => batch[table])) {
    const key = [slot, level, project, model, subject].join(' ');
    const before = rows.get(key);
    rows.set(
      key,
      counts.map((count, at) => count + (before?.[at] ?? 0)),
    );
  }
  return rows;
}

const sumOf = (rows: readonly OverviewSums[]): number =>
  rows.reduce((sum, { counts: [requests = 0] }) => sum + requests, 0);

describe('names of models that anybody may write', () => {
  test('promise 11: are so many for a project and for all, and the rest is one name, of which nothing is lost', () => {
    for (const [projects, names] of [
      [1, 101],
      [12, 1001],
    ] as const) {
      const records = Array.from({ length: projects }, (_, at) =>
        Array.from({ length: 300 }, (__, n) => called(`of-${at}-${n}`, { project: `p${at}` })),
      ).flat();
      const overview = overviewOf(records);
      for (const level of ['model', 'target'] as const) {
        const rows = ofLevel(overview, level);
        assert.equal(rows.length, names, level);
        assert.equal(sumOf(rows), records.length);
      }
      assert.equal(ofLevel(overview, 'project+model').length, Math.min(projects * 101, names - 1 + projects));
    }
  });

  test('are no names of virtual models, which always have sums of their own', () => {
    const records = [...madeUp(200), makeRecord({ startedAt: NOW, virtualModel: 'late' })];
    const rows = ofLevel(overviewOf(records), 'model');
    assert.equal(rows.find(({ model }) => model === 'late')?.counts[0], 1);
    assert.equal(rows.find(({ model }) => model === 'other')?.counts[0], 100);
  });

  test('of one project take no place from another, and there is room again in the next quarter of an hour', () => {
    const names = new ModelNames();
    overviewOf(madeUp(200, { project: 'greedy' }), names);
    const after = overviewOf(
      [called('mine', { project: 'modest' }), called('n150', { project: 'greedy', startedAt: NOW + QUARTER_MS })],
      names,
    );
    assert.deepEqual(
      ofLevel(after, 'model').map(({ model }) => model),
      ['sim/mine', 'sim/n150'],
    );
  });

  test('promise 7: make the same sums however their requests are cut into batches', () => {
    const anyRecord = fc
      .record({
        name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        project: fc.constantFrom('p', 'q', undefined),
        startedAt: fc.constantFrom(NOW, NOW + 60_000, NOW - QUARTER_MS),
      })
      .map(({ name, ...parts }) => called(name, parts));
    const few = { ofProject: 2, ofAll: 3 };
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 40 }), fc.array(fc.nat(40), { maxLength: 5 }), (records, cuts) => {
        const whole = overviewOf(records, new ModelNames(few));
        const names = new ModelNames(few);
        const edges = [0, ...cuts.toSorted((a, b) => a - b), records.length];
        const batches = edges.slice(1).map((to, at) => overviewOf(records.slice(edges[at], to), names));
        for (const table of ['minutes', 'slots'] as const) {
          assert.deepEqual(together(batches, table), together([whole], table));
        }
        for (const slot of new Set(whole.slots.map((one) => one.slot))) {
          const models = ofLevel(whole, 'model').filter((one) => one.slot === slot);
          assert.ok(models.length <= few.ofAll + 1);
        }
      }),
    );
  });
});
