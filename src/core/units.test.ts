import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Cancellation } from './cancellation.ts';
import { newId, newTraceId } from './ids.ts';
import { nanoToUsd } from './money.ts';
import { parseDuration, parseRate, parseSize } from './units.ts';

test('durations and sizes are read by their unit, and what has none is not guessed', () => {
  assert.deepEqual(
    ['500ms', '1.5s', '2m', '1h', '30d'].map(parseDuration),
    [500, 1500, 120_000, 3_600_000, 2_592_000_000],
  );
  assert.deepEqual(['1B', '2KB', '10MB', '1.5GB'].map(parseSize), [1, 2048, 10_485_760, 1_610_612_736]);
  for (const text of ['', '10', 's', '-1s', '1 s', '1w', '1e3s']) assert.equal(parseDuration(text), undefined, text);
  for (const text of ['', '10', '10mb', '1TB', '-1KB']) assert.equal(parseSize(text), undefined, text);
});

test('a rate is a number in a window', () => {
  assert.deepEqual(['500/1m', '200000/60s', '1/1.5s'].map(parseRate), [
    { count: 500, windowMs: 60_000 },
    { count: 200_000, windowMs: 60_000 },
    { count: 1, windowMs: 1500 },
  ]);
  for (const text of ['', '500', '500/m', '0/1m', '5/0s', '-5/1m', '1.5/1m', '5 / 1m', '5/1w'])
    assert.equal(parseRate(text), undefined, text);
});

test('trace ids sort by time, are valid UUIDs of version 7 and differ', () => {
  const ids = Array.from({ length: 1000 }, (_, at) => newTraceId(1_700_000_000_000 + at));
  assert.equal(new Set(ids).size, 1000);
  assert.deepEqual(ids.toSorted(), ids);
  for (const id of ids) assert.match(id, /^[0-9a-f]{12}7[0-9a-f]{3}8[0-9a-f]{15}$/);
  assert.match(newId('key'), /^key_[0-9a-f]{24}$/);
});

test('nano-dollars are shown as dollars without binary noise', () => {
  assert.deepEqual([0, 1, 20, 1_700, 300_000_000, 1_000_000_000].map(nanoToUsd), [0, 1e-9, 2e-8, 0.0000017, 0.3, 1]);
});

test('a call is cancelled once, by the first', () => {
  const heard: string[] = [];
  const cancellation = new Cancellation();
  const forget = cancellation.onCancel((by) => void heard.push(`forgotten ${by}`));
  cancellation.onCancel((by) => void heard.push(by));
  forget();
  cancellation.cancel('deadline');
  cancellation.cancel('client');
  cancellation.onCancel((by) => void heard.push(`late ${by}`));
  assert.deepEqual(heard, ['deadline', 'late deadline']);
  assert.equal(cancellation.by, 'deadline');
});
