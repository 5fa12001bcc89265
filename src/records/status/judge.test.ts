import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { type MeasuredParts, judged } from './judge.ts';
import { PART_NAMES, type PartName } from './status-schema.ts';

const WELL: MeasuredParts = {
  database: { kind: 'embedded', answers: true, version: '18', latency_ms: 1, size_bytes: 1, partitions: 1 },
  redis: { configured: false, answers: null, latency_ms: null, exact: true },
  journal: {
    backlog_records: 1,
    backlog_bytes: 1,
    delay_ms: 10,
    fill: 0.1,
    file_bytes: 1,
    written: 1,
    dropped_records: 0,
    dropped_texts: 0,
    damaged_bytes: 0,
  },
  process: {
    in_flight: 1,
    event_loop_delay_p99_ms: 1,
    memory_bytes: 1,
    memory_limit_bytes: null,
    heap_used_bytes: 1,
    heap_limit_bytes: 2,
    pressure: { heap: 0 },
    shedding: false,
    shedding_ms: 0,
  },
  config: { path: 'c', file: true, loaded_at: '2026-01-01T00:00:00Z', last_error: null, restart_pending: [] },
  snapshot: { wanted: false, written_at: null, age_ms: null },
  vectors: { state: 'idle' },
  otlp: { enabled: false, exported: {}, failures: {}, dropped: {}, waiting_bytes: 0, last_error: null },
  disk: { path: 'd', free_bytes: 2e9, total_bytes: 4e9 },
};

function spoilt<Name extends PartName>(name: Name, change: Partial<MeasuredParts[Name]>) {
  return judged({ ...WELL, [name]: { ...WELL[name], ...change } });
}

test('where all parts are well, all is', () => {
  const status = judged(WELL);
  assert.equal(status.ok, true);
  for (const name of PART_NAMES) {
    assert.deepEqual([status[name].ok, status[name].message, status[name].todo], [true, null, null], name);
  }
});

describe('a part that is not well says what is wrong and what to do, and no other does', () => {
  const cases: readonly (readonly [PartName, object, RegExp])[] = [
    ['database', { answers: false }, /does not answer/],
    ['database', { answers: false, kind: 'postgres' }, /does not answer/],
    ['database', { latency_ms: 101 }, /slow/],
    ['redis', { configured: true, answers: false, exact: false }, /not exact/],
    ['redis', { configured: true, answers: true, latency_ms: 51 }, /slow/],
    ['journal', { dropped_texts: 2 }, /texts of 2/],
    ['journal', { fill: 0.5 }, /50 %/],
    ['journal', { delay_ms: 60_001 }, /minute/],
    ['journal', { damaged_bytes: 1 }, /could not be read/],
    ['process', { shedding: true }, /refused/],
    ['process', { event_loop_delay_p99_ms: 101 }, /late/],
    ['config', { last_error: 'line 1' }, /not in force: line 1/],
    ['config', { restart_pending: ['server.port'] }, /server\.port/],
    ['snapshot', { wanted: true }, /no snapshot/],
    ['vectors', { state: 'pausing' }, /started again/],
    ['otlp', { enabled: true, last_error: 'refused' }, /did not take/],
    ['disk', { free_bytes: 1e9 }, /1 GB/],
  ];
  for (const [name, change, says] of cases) {
    test(`${name}: ${says.source}`, () => {
      const status = spoilt(name, change);
      assert.equal(status.ok, false);
      assert.match(status[name].message ?? '', says);
      assert.match(status[name].todo ?? '', /\w{10}|\w+ \w+/);
      assert.deepEqual(
        PART_NAMES.filter((one) => !status[one].ok),
        [name],
      );
    });
  }
});

test('what is only unusual is well', () => {
  assert.equal(spoilt('database', { latency_ms: 100 }).ok, true);
  assert.equal(spoilt('redis', { configured: true, answers: true, latency_ms: 1 }).ok, true);
  assert.equal(spoilt('snapshot', { wanted: true, written_at: '2026-01-01T00:00:00Z', age_ms: 1e12 }).ok, true);
  assert.equal(spoilt('process', { event_loop_delay_p99_ms: null }).ok, true);
});
