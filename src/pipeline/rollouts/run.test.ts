import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Json, JsonObject } from '../../core/json.ts';
import type { Rollout } from './definition.ts';
import { canaryRecordOf, experimentRecordOf, runOf, storedRecord } from './run.ts';

const REST = {
  id: 'x',
  origin: 'admin',
  definition: undefined,
  problem: undefined,
  state: null,
  stateVersion: 0,
  createdAt: undefined,
  updatedAt: undefined,
} as const;
const experimentOf = (written: JsonObject): Rollout<'experiment'> => ({ ...REST, kind: 'experiment', written });
const canaryOf = (written: JsonObject): Rollout<'canary'> => ({ ...REST, kind: 'canary', written });
const ofFile = (target: string): Rollout<'canary'> => {
  return { ...canaryOf({ model: 'chat', set: { target } }), origin: 'file' };
};
const isSameExperiment = (one: JsonObject, other: JsonObject): boolean =>
  runOf(experimentOf(one), 0) === runOf(experimentOf(other), 0);
const isSameCanary = (one: JsonObject, other: JsonObject): boolean =>
  runOf(canaryOf(one), 0) === runOf(canaryOf(other), 0);

test('another run begins with another thing to compare, and with nothing else', () => {
  const arms = { a: { weight: 1 }, b: { set: { target: 'p/m', route: { weight: 1 } } } };
  const experiment = { model: 'chat', goal: 'cost', arms, judge: { target: 'p/j', sample: 0.1 } };
  const same: JsonObject[] = [
    { ...experiment, share: 0.1, enabled: false },
    { ...experiment, arms: { a: { weight: 7 }, b: { set: { route: { weight: 1 }, target: 'p/m' }, weight: 2 } } },
    { ...experiment, arms: { b: arms.b, a: {} } },
    { ...experiment, judge: { target: 'p/j', sample: 1 } },
  ];
  for (const other of same) assert.ok(isSameExperiment(experiment, other), JSON.stringify(other));
  const others: JsonObject[] = [
    { ...experiment, model: 'other' },
    { ...experiment, by: 'request' },
    { ...experiment, goal: 'feedback' },
    { ...experiment, margin: 0.1 },
    { ...experiment, confidence: 0.9 },
    { ...experiment, judge: { target: 'p/j', rubric: 'short' } },
    { ...experiment, arms: { ...arms, c: {} } },
    { ...experiment, arms: { ...arms, b: { set: { target: 'p/m', route: { weight: 2 } } } } },
  ];
  for (const other of others) assert.ok(!isSameExperiment(experiment, other), JSON.stringify(other));

  const canary = { model: 'chat', set: { target: 'p/m' } };
  assert.ok(isSameCanary(canary, { ...canary, guards: [], confidence: 0.9, each: { requests: 1 } }));
  assert.ok(!isSameCanary(canary, { ...canary, set: { target: 'p/n' } }));
  assert.ok(!isSameCanary(canary, { ...canary, steps: [1, 2] }));
});

test('what is made anew after it was deleted is another run', () => {
  const written = { model: 'chat', set: { target: 'p/m' } };
  const runMade = (atMs: number): string => runOf({ ...canaryOf(written), createdAt: new Date(atMs) }, 0);
  assert.equal(runMade(1), runMade(1));
  assert.notEqual(runMade(1), runMade(2));
});

test('what came of a run before is not what comes of this one', () => {
  const canary = canaryOf({ model: 'chat', set: { a: 1 } });
  const first = canaryRecordOf(canary, null, 1000);
  const event = { kind: 'rolled_back', atMs: 1, share: 0, reason: '', by: 'itself' } as const;
  const over = storedRecord({
    ...first,
    restarts: 0,
    canary: { ...first.canary, status: 'rolled_back', history: [event] },
  });
  assert.equal(canaryRecordOf(canary, over, 2000).canary.status, 'rolled_back');
  const changed = canaryRecordOf(canaryOf({ model: 'chat', set: { a: 2 } }), over, 2000).canary;
  assert.deepEqual([changed.status, changed.stepSinceMs, changed.history], ['running', 2000, [event]]);
  const experiment = experimentOf({ model: 'chat', arms: {} });
  const record = experimentRecordOf(experiment, null, 5);
  assert.equal(experimentRecordOf(experiment, storedRecord(record), 9).sinceMs, 5);
  assert.notEqual(runOf(experiment, 1), record.run);
});

test('a run that was over stays over, and one that a newer file has displaced begins again only by a word', () => {
  const first = canaryRecordOf(ofFile('a'), null, 1);
  const second = storedRecord(canaryRecordOf(ofFile('b'), storedRecord(first), 2));
  const displaced = canaryRecordOf(ofFile('a'), second, 3).canary;
  assert.equal(displaced.status, 'rolled_back');
  assert.match(displaced.history.at(-1)?.reason ?? '', /another definition has come in place of this one/);
  assert.equal(canaryRecordOf({ ...ofFile('a'), origin: 'admin' }, second, 3).canary.status, 'running');
  assert.equal(canaryRecordOf(ofFile('c'), second, 3).canary.status, 'running');
  const promoted = { ...first, canary: { ...first.canary, status: 'promoted' } } as const;
  const third = canaryRecordOf(ofFile('b'), storedRecord(promoted), 2);
  assert.equal(canaryRecordOf(ofFile('a'), storedRecord({ ...third, restarts: 7 }), 3).canary.status, 'promoted');
  let record = first;
  for (let at = 0; at < 50; at += 1) record = canaryRecordOf(ofFile(`${at}`), storedRecord(record), at);
  assert.equal(record.past?.length, 20);
});

test('a stored state that this version cannot read is none', () => {
  const canary = canaryOf({ model: 'chat', set: {} });
  const { run } = canaryRecordOf(canary, null, 1);
  const unread: Json[] = [{ run }, { run, restarts: 0, canary: { status: 'paused' } }, 'text', [1], 7];
  for (const stored of unread) {
    assert.equal(canaryRecordOf(canary, stored, 5).canary.status, 'running', JSON.stringify(stored));
    assert.deepEqual(experimentRecordOf(experimentOf({ arms: {} }), stored, 5).verdicts, []);
  }
});
