import assert from 'node:assert/strict';
import { test } from 'node:test';

import { heapInUse } from '../../test/support/heap.ts';
import type { StreamEvent } from './events.ts';
import { GatheredEvents } from './gathered-events.ts';

const text = (index: number, said: string, choice = 0): StreamEvent => {
  return { type: 'text-delta', choice, index, text: said };
};
const args = (index: number, argumentsText: string): StreamEvent => {
  return { type: 'tool-call-delta', choice: 0, index, argumentsText };
};
const usage = (outputTokens: number): StreamEvent => ({ type: 'usage', usage: { outputTokens } });

test('pieces of one part are put together, and those of others are not', () => {
  const gathered = new GatheredEvents();
  gathered.add([text(0, 'a'), text(0, 'b')]);
  gathered.add([text(0, 'c'), text(1, 'd'), text(1, 'e', 1), args(2, '{'), args(2, '}'), args(3, '{}')]);
  const reasoning = { type: 'reasoning-delta', choice: 0, index: 3, text: 'f' } as const;
  gathered.add([reasoning, { type: 'end' }]);
  const joined = [text(0, 'abc'), text(1, 'd'), text(1, 'e', 1), args(2, '{}'), args(3, '{}')];
  assert.deepEqual(gathered.all, [...joined, reasoning, { type: 'end' }]);
});

test('several answers whose pieces come in turn are a text each', () => {
  const gathered = new GatheredEvents();
  for (const said of ['a', 'b', 'c']) gathered.add([text(0, said), text(0, said, 1)]);
  assert.deepEqual(gathered.all, [text(0, 'abc'), text(0, 'abc', 1)]);
});

test('usage that is reported with every piece is kept twice: how it began, and what it came to', () => {
  const gathered = new GatheredEvents();
  for (const count of [1, 2, 3, 4]) gathered.add([usage(count), text(0, 'x')]);
  assert.deepEqual(gathered.all, [usage(1), text(0, 'xxxx'), usage(4)]);
});

test('promise 11: an answer beyond all measure is not held', () => {
  const gathered = new GatheredEvents();
  for (let at = 0; at < 17; at += 1) gathered.add([text(0, 'x'.repeat(1024 * 1024))]);
  gathered.add([text(0, 'y')]);
  assert.equal(gathered.all, undefined);
  assert.equal(gathered.bytes, 0);
  const small = new GatheredEvents(10);
  small.add([text(0, 'x'.repeat(10))]);
  assert.equal(small.all?.length, 1);
  small.add([text(0, 'x')]);
  assert.equal(small.all, undefined);
});

test('promise 11: nothing is left of an answer that was too long', () => {
  const gathered = new GatheredEvents(8 * 1024 * 1024);
  const before = heapInUse();
  for (let at = 0; at < 1000; at += 1) gathered.add([text(0, `${at}`.padEnd(10_000))]);
  const left = heapInUse() - before;
  assert.ok(gathered.isOver && left < 1024 * 1024, `${left}`);
});
