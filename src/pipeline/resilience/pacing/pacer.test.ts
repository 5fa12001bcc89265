import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { QueueBench } from '../../../../test/support/queue-bench.ts';
import type { Demand } from '../queue/gate.ts';
import { Pacer } from './pacer.ts';
import type { PacingSettings } from './settings.ts';

const MINUTE_MS = 60_000;

const NOTHING: Demand = { inputTokens: 0, outputTokens: 0 };

function makePacer(clock: FakeClock, limits: Partial<PacingSettings> = {}): Pacer {
  return new Pacer({ limits: { burst: 0.1, learn: true, ...limits }, clock });
}

/** A queue whose gate is a pacer. */
function pacedQueue(limits: Partial<PacingSettings> = {}): { bench: QueueBench; pacer: Pacer } {
  let pacer: Pacer | undefined;
  const bench = new QueueBench({
    concurrency: 10,
    gate: (clock) => {
      pacer = makePacer(clock, limits);
      return pacer;
    },
  });
  assert.ok(pacer);
  return { bench, pacer };
}

interface Sent {
  readonly at: number;
  readonly tokens: number;
}

/** The most that was sent in any window of a minute. */
function mostInWindow(sent: readonly Sent[], amount: (one: Sent) => number): number {
  const sums = sent.map(({ at: from }) =>
    sent.filter(({ at }) => at >= from && at < from + MINUTE_MS).reduce((sum, one) => sum + amount(one), 0),
  );
  return Math.max(0, ...sums);
}

const ARRIVAL = fc.record({ afterMs: fc.nat(3000), tokens: fc.nat(400) });

test('no window has more than the configured limit and its burst, whatever comes when', () => {
  const rate = fc.integer({ min: 5, max: 60 });
  fc.assert(
    fc.property(fc.array(ARRIVAL, { maxLength: 150, size: 'max' }), rate, (arrivals, count) => {
      const clock = new FakeClock();
      const tokens = { count: 2000, windowMs: MINUTE_MS };
      const pacer = makePacer(clock, { requests: { count, windowMs: MINUTE_MS }, tokens });
      const sent: Sent[] = [];
      for (const arrival of arrivals) {
        clock.advance(arrival.afterMs);
        const demand = { inputTokens: arrival.tokens, outputTokens: 0 };
        clock.advance(pacer.delayMs(demand));
        assert.equal(pacer.delayMs(demand), 0, 'who has waited goes');
        pacer.take(demand);
        sent.push({ at: clock.monotonic(), tokens: arrival.tokens });
      }
      assert.ok(mostInWindow(sent, () => 1) <= count + Math.max(1, count * 0.1));
      // 200 at once, and the last one up to 200 beyond that.
      assert.ok(mostInWindow(sent, (one) => one.tokens) <= 2000 + 200 + 200);
    }),
  );
});

test('a limit is used to its end: who always has more to send sends as much as is allowed', () => {
  const clock = new FakeClock();
  const pacer = makePacer(clock, { requests: { count: 500, windowMs: MINUTE_MS } });
  let sent = 0;
  while (clock.monotonic() < 10 * MINUTE_MS) {
    clock.advance(pacer.delayMs(NOTHING));
    pacer.take(NOTHING);
    sent += 1;
  }
  assert.ok(sent >= 5000 && sent <= 5051, `${sent}`);
});

test('tokens that were not used after all are given back, and those that were used beyond are taken', () => {
  const clock = new FakeClock();
  const pacer = makePacer(clock, { tokens: { count: 60_000, windowMs: MINUTE_MS } });
  const thought = { inputTokens: 1000, outputTokens: 5000 };
  pacer.take(thought);
  assert.equal(pacer.delayMs(thought), 6000);
  pacer.settle(thought, { inputTokens: 1000, outputTokens: 1000 });
  assert.equal(pacer.delayMs(thought), 2000);
  pacer.settle(thought, { inputTokens: 1000, outputTokens: 7000 });
  assert.equal(pacer.delayMs(thought), 4000);
  pacer.giveBack({ inputTokens: 4000, outputTokens: 0 });
  assert.equal(pacer.delayMs(thought), 0);
});

test('tokens of prompts and of answers have limits of their own', () => {
  const clock = new FakeClock();
  const pacer = makePacer(clock, {
    inputTokens: { count: 60_000, windowMs: MINUTE_MS },
    outputTokens: { count: 6000, windowMs: MINUTE_MS },
  });
  pacer.take({ inputTokens: 6000, outputTokens: 0 });
  assert.equal(pacer.delayMs({ inputTokens: 0, outputTokens: 600 }), 0);
  assert.equal(pacer.delayMs({ inputTokens: 2000, outputTokens: 0 }), 2000);
});

test("a provider's pause stops everything until its end, and then the highest priority goes first", async () => {
  const { bench, pacer } = pacedQueue();
  pacer.block(5000);
  pacer.block(1000);
  bench.ask('low', { priority: 1 });
  bench.ask('high', { priority: 9 });
  bench.ask('middle');
  await bench.advance(4999);
  assert.deepEqual(bench.granted, []);
  await bench.advance(1);
  assert.deepEqual(bench.granted, ['high', 'middle', 'low']);
});

test('with nothing remaining and a reset in 5 s the next goes after it, in order of priority', async () => {
  const { bench, pacer } = pacedQueue();
  bench.ask('first');
  pacer.learn(
    {
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '5s',
    },
    pacer.sent(),
  );
  for (const [name, priority] of [
    ['low', 1],
    ['high', 9],
    ['middle', 5],
  ] as const)
    bench.ask(name, { priority });
  await bench.advance(4999);
  assert.deepEqual(bench.granted, ['first']);
  await bench.advance(2);
  assert.deepEqual(bench.granted, ['first', 'high', 'middle'], 'two in a window');
  await bench.advance(5000);
  assert.deepEqual(bench.granted, ['first', 'high', 'middle', 'low']);
});

test('one that would wait for the limit beyond its deadline is refused at once', async () => {
  const { bench, pacer } = pacedQueue({ requests: { count: 60, windowMs: MINUTE_MS } });
  for (let at = 0; at < 6; at += 1) bench.ask(`burst ${at}`);
  bench.ask('in 1 s', { deadline: 1500 });
  bench.ask('in 2 s', { deadline: 1500 });
  assert.equal(bench.granted.length, 6);
  assert.equal(bench.refused.get('in 2 s')?.retryAfterMs, 500);
  pacer.block(60_000);
  bench.ask('blocked');
  assert.equal(bench.refused.get('blocked')?.retryAfterMs, 30_000);
  await bench.advance(1500);
  assert.equal(bench.refused.get('in 1 s')?.code, 'queue_full');
});

test('a newcomer that fits goes before a big one of a lower priority, and not before one of its own', async () => {
  const { bench, pacer } = pacedQueue({ tokens: { count: 60_000, windowMs: MINUTE_MS } });
  pacer.take({ inputTokens: 5000, outputTokens: 0 });
  bench.ask('big', { demand: { inputTokens: 4000, outputTokens: 0 } });
  bench.ask('small', { demand: { inputTokens: 10, outputTokens: 0 } });
  bench.ask('small and urgent', { priority: 9, demand: { inputTokens: 10, outputTokens: 0 } });
  await bench.advance(0);
  assert.deepEqual(bench.granted, ['small and urgent']);
  await bench.advance(10_000);
  assert.deepEqual(bench.granted, ['small and urgent', 'big', 'small']);
});

test('headers say nothing where they are not to be listened to', () => {
  const clock = new FakeClock();
  const pacer = makePacer(clock, { learn: false });
  pacer.learn({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '5s' }, pacer.sent());
  assert.equal(pacer.delayMs(NOTHING), 0);
});
