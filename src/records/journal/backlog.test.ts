import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { Backlog } from './backlog.ts';

interface Filed {
  readonly segment: number;
  readonly end: number;
  readonly records: number;
  readonly bytes: number;
  readonly since: number;
}

/** Writes of one to nine records each, a new segment now and then. */
const anyWrites = fc
  .array(fc.record({ records: fc.integer({ min: 1, max: 9 }), isNew: fc.boolean() }), { minLength: 1, maxLength: 50 })
  .map((writes) => {
    const filed: Filed[] = [];
    let [segment, end] = [1, 0];
    writes.forEach(({ records, isNew }, since) => {
      if (isNew) [segment, end] = [segment + 1, 0];
      const bytes = records * 10;
      end += bytes;
      filed.push({ segment, end, records, bytes, since });
    });
    return filed;
  });

test('what is behind the position waits, and its age is that of the first', () => {
  fc.assert(
    fc.property(anyWrites, fc.nat(), (writes, choice) => {
      const backlog = new Backlog();
      for (const write of writes) {
        for (let record = 0; record < write.records; record += 1) backlog.take(10);
        assert.equal(backlog.unsyncedBytes, write.bytes);
        backlog.file(write);
      }
      const last = choice % writes.length;
      backlog.drained(writes[last]?.segment ?? 0, writes[last]?.end ?? 0);
      const left = writes.slice(last + 1);
      assert.equal(
        backlog.records,
        left.reduce((sum, { records }) => sum + records, 0),
      );
      assert.equal(
        backlog.bytes,
        left.reduce((sum, { bytes }) => sum + bytes, 0),
      );
      assert.equal(backlog.oldestFiled, left[0]?.since);
    }),
  );
});

test('promise 11: a day of writes is known by few figures, and the ages are right within a small part of it', () => {
  const backlog = new Backlog();
  const writes = 100_000;
  for (let at = 1; at <= writes; at += 1) {
    backlog.take(1);
    backlog.file({ segment: 1, end: at, records: 1, bytes: 1, since: at });
  }
  assert.equal(backlog.records, writes);
  assert.ok(backlog.groups < 10_000, `${backlog.groups}`);
  for (const position of [1, 777, 50_000, 99_990]) {
    backlog.drained(1, position);
    const age = writes - (backlog.oldestFiled ?? 0);
    assert.ok(Math.abs(age - (writes - position)) < writes / 250, `${age} at ${position}`);
    assert.ok(backlog.records >= writes - position && backlog.records - (writes - position) < writes / 250);
  }
  backlog.drained(1, writes);
  assert.deepEqual([backlog.records, backlog.bytes, backlog.oldestFiled], [0, 0, undefined]);
});

test('what earlier processes left counts, and what another process has taken over does not', () => {
  const backlog = new Backlog();
  backlog.take(5);
  backlog.file({ segment: 1, end: 5, records: 1, bytes: 5, since: 0 });
  backlog.take(7);
  backlog.inherited = { records: 3, bytes: 30, oldestAt: 1 };
  assert.deepEqual([backlog.records, backlog.bytes], [5, 42]);
  backlog.disown();
  assert.deepEqual([backlog.records, backlog.bytes, backlog.unsyncedRecords], [4, 37, 1]);
});
