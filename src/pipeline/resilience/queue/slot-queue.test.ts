import assert from 'node:assert/strict';
import { test } from 'node:test';

import { QueueBench, settled } from '../../../../test/support/queue-bench.ts';
import { Cancellation } from '../../../core/cancellation.ts';

test('promise 11: so many are in flight, so many wait, and no more', async () => {
  const bench = new QueueBench({ concurrency: 2, size: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) bench.ask(name);
  assert.deepEqual(bench.granted, ['a', 'b']);
  assert.equal(bench.refused.get('e')?.code, 'queue_full');
  assert.equal(bench.queue.waiting, 2);
  await bench.release('b');
  await bench.release('b');
  assert.deepEqual(bench.granted, ['a', 'b', 'c']);
  assert.equal(bench.queue.inFlight, 2);
});

test('a full queue gives the place of the newest of the lowest priority to a newcomer of a higher one', async () => {
  const bench = new QueueBench({ size: 3 });
  bench.ask('held');
  bench.ask('old low', { priority: 2 });
  bench.ask('new low', { priority: 2 });
  bench.ask('middle', { priority: 4 });
  bench.ask('also low', { priority: 2 });
  bench.ask('high', { priority: 9 });
  await settled();
  assert.deepEqual([...bench.refused.keys()], ['also low', 'new low']);
  for (const name of ['held', 'high', 'middle']) await bench.release(name);
  assert.deepEqual(bench.granted, ['held', 'high', 'middle', 'old low']);
});

test('owners have turns at the same priority, and each its own order', async () => {
  const bench = new QueueBench();
  bench.ask('held');
  for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) bench.ask(name, { owner: name.slice(0, 1) });
  for (const name of ['held', 'a1', 'b1', 'c1', 'a2', 'b2']) await bench.release(name);
  assert.deepEqual(bench.granted, ['held', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('one whose deadline passes is refused at that moment, and so is one that waits for too long', async () => {
  const bench = new QueueBench({ maxWaitMs: 5000 });
  bench.ask('held');
  bench.ask('hurried', { deadline: 100 });
  bench.ask('patient');
  await bench.advance(99);
  assert.equal(bench.refused.size, 0);
  await bench.advance(1);
  assert.equal(bench.refused.get('hurried')?.code, 'queue_full');
  await bench.advance(4899);
  assert.equal(bench.refused.size, 1);
  await bench.advance(1);
  assert.equal(bench.refused.get('patient')?.code, 'queue_full');
  bench.ask('late', { deadline: 4000 });
  assert.equal(bench.refused.get('late')?.code, 'queue_full');
});

test('one that is cancelled leaves at once, by the name of who cancelled', async () => {
  const bench = new QueueBench();
  const cancellation = new Cancellation();
  bench.ask('held');
  bench.ask('gone', { cancellation });
  cancellation.cancel('client');
  await settled();
  assert.equal(bench.refused.get('gone')?.code, 'client_aborted');
  assert.equal(bench.queue.waiting, 0);
  assert.equal(bench.clock.waiting, 0);
  bench.ask('too late', { cancellation });
  assert.equal(bench.refused.get('too late')?.code, 'client_aborted');
});

test('one that could not be served in time is refused at once, with the time after which it could', async () => {
  const bench = new QueueBench({ concurrency: 2, maxWaitMs: 10_000 });
  for (let round = 0; round < 20; round += 1) {
    bench.ask(`early ${round}`);
    bench.ask(`early too ${round}`);
    bench.clock.advance(1000);
    await bench.release(`early ${round}`);
    await bench.release(`early too ${round}`);
  }
  assert.equal(bench.queue.snapshot().holdingMs, 1000);
  // 1 s for each pair: the 20th in the queue waits 10 s.
  for (let at = 0; at < 24; at += 1) bench.ask(`flood ${at}`);
  assert.deepEqual([...bench.refused.keys()], ['flood 22', 'flood 23']);
  assert.equal(bench.refused.get('flood 22')?.retryAfterMs, 500);
  bench.ask('hurried', { patienceMs: 400, priority: 9 });
  assert.equal(bench.refused.get('hurried')?.retryAfterMs, 100);
  // Another owner has its turn early, and a higher priority goes before all.
  bench.ask('of another', { owner: 'b', patienceMs: 1000 });
  bench.ask('urgent', { priority: 9, patienceMs: 500 });
  assert.equal(bench.refused.size, 3);
});

test('one whose deadline would come while it is answered is refused, and not sent to be given up', async () => {
  const bench = new QueueBench({ concurrency: 1 });
  bench.ask('early');
  bench.clock.advance(1000);
  await bench.release('early');
  bench.ask('holds');
  // It would have a slot after 1 s, and be answered after another one.
  bench.ask('late', { deadline: bench.clock.monotonic() + 1900 });
  assert.equal(bench.refused.get('late')?.code, 'queue_full');
  bench.ask('in time', { deadline: bench.clock.monotonic() + 2600 });
  assert.equal(bench.refused.has('in time'), false);
});

test('who is overtaken waits longer, and is told so', async () => {
  const bench = new QueueBench({ concurrency: 1, maxWaitMs: 100_000 });
  bench.ask('first');
  for (let round = 0; round < 300; round += 1) {
    bench.ask(`urgent ${round}`, { priority: 9 });
    bench.ask(`usual ${round}`, { priority: 5 });
    bench.clock.advance(100);
    await bench.release(round === 0 ? 'first' : `urgent ${round - 1}`);
  }
  bench.ask('newcomer', { priority: 1, patienceMs: 10 });
  // All slots of late went to others: 20 times as long, at most.
  const asked = bench.refused.get('newcomer')?.retryAfterMs ?? 0;
  const plain = bench.queue.waiting * 100;
  assert.ok(asked > 10 * plain, `${asked}`);
});

test('a target that hangs is noticed before anything comes back from it', async () => {
  const bench = new QueueBench({ maxWaitMs: 100_000 });
  bench.ask('hangs');
  bench.ask('waits');
  await bench.advance(60_000);
  bench.ask('newcomer', { patienceMs: 50_000 });
  assert.equal(bench.refused.get('newcomer')?.retryAfterMs, 70_000);
});

test('one request that takes long says nothing about the others', async () => {
  const bench = new QueueBench({ concurrency: 10, maxWaitMs: 10_000 });
  bench.ask('long');
  await bench.advance(3_600_000);
  for (let at = 0; at < 30; at += 1) bench.ask(`burst ${at}`);
  await settled();
  assert.deepEqual([bench.queue.inFlight, bench.queue.waiting, bench.refused.size], [10, 21, 0]);
});

test('more slots are handed out when they are allowed, and fewer are taken back as they come free', async () => {
  const bench = new QueueBench({ concurrency: 1 });
  for (const name of ['a', 'b', 'c', 'd']) bench.ask(name);
  bench.concurrency = 3;
  bench.queue.refresh();
  await settled();
  assert.deepEqual(bench.granted, ['a', 'b', 'c']);
  bench.concurrency = 1;
  await bench.release('a');
  await bench.release('b');
  assert.deepEqual(bench.granted, ['a', 'b', 'c']);
  await bench.release('c');
  assert.deepEqual(bench.granted, ['a', 'b', 'c', 'd']);
  const { inFlight, waiting, waitingAt } = bench.queue.snapshot();
  assert.deepEqual([inFlight, waiting, waitingAt.length], [1, 0, 10]);
});
