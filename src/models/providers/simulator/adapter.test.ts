import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import type { Clock } from '../../../core/clock.ts';
import type { SimulatorOptions } from '../../simulator/behaviour.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamTimeouts } from '../../transport/transport.ts';
import type { Provider } from '../provider.ts';
import { createSimulatorProvider } from './adapter.ts';

/** The time of the test runner's mocked timers. */
const clock: Clock = { now: () => Date.now(), monotonic: () => Date.now() };

function provider(t: TestContext, settings: SimulatorOptions): Provider {
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate', 'Date'] });
  return createSimulatorProvider({ name: 'sim', settings, clock });
}

/** Millisecond by millisecond, since the mocked clock jumps to the end of a tick before its timers run. */
function pass(t: TestContext, ms: number): void {
  for (let passed = 0; passed < ms; passed += 1) t.mock.timers.tick(1);
}

interface Seen {
  readonly calls: string[];
  text: string;
}

interface Sent {
  readonly model?: string;
  readonly stream?: boolean;
  readonly headers?: Record<string, string>;
  readonly timeouts?: Partial<UpstreamTimeouts>;
  readonly onHead?: (exchange: UpstreamExchange) => void;
}

const TIMEOUTS = { connect: 1000, headers: 5000, idle: 2000 };

function send(t: TestContext, { transport }: Provider, sent: Sent = {}): { seen: Seen; exchange: UpstreamExchange } {
  const seen: Seen = { calls: [], text: '' };
  const { model = 'small', stream = true, headers = {}, timeouts } = sent;
  const handler: UpstreamHandler = {
    head: (status) => {
      seen.calls.push(`head ${status}`);
      sent.onHead?.(exchange);
    },
    data: (chunk) => {
      seen.calls.push('data');
      seen.text += chunk.toString();
    },
    end: () => seen.calls.push('end'),
    fail: ({ kind }) => seen.calls.push(`fail ${kind}`),
  };
  const request = {
    method: 'POST' as const,
    origin: 'simulator://in-process',
    path: '/v1/chat/completions',
    headers,
    body: Buffer.from(JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hello' }] })),
    timeouts: { ...TIMEOUTS, ...timeouts },
  };
  const exchange = transport.send(request, handler);
  assert.deepEqual(seen.calls, [], 'nothing is called back before send returns');
  t.mock.timers.tick(0);
  return { seen, exchange };
}

function tokensIn(text: string): number {
  return text.split('"delta":{"content":').length - 1;
}

test('an answer comes token by token, at the times that are set', (t) => {
  const sim = provider(t, { ttft: 100, tokensPerSecond: 10, outputTokens: 4 });
  const { seen } = send(t, sim);
  pass(t, 99);
  assert.deepEqual(seen.calls, []);
  pass(t, 1);
  assert.deepEqual(seen.calls, ['head 200', 'data']);
  assert.equal(tokensIn(seen.text), 1);
  pass(t, 250);
  assert.equal(tokensIn(seen.text), 3);
  pass(t, 50);
  assert.equal(tokensIn(seen.text), 4);
  assert.equal(seen.calls.at(-1), 'end');
  assert.match(seen.text, /\[DONE\]\n\n$/);
});

test('slow start stretches the times of the first seconds', (t) => {
  const sim = provider(t, { ttft: 100, tokensPerSecond: 0, slowStart: 10_000, slowStartFactor: 3 });
  const early = send(t, sim);
  pass(t, 299);
  assert.deepEqual(early.seen.calls, []);
  pass(t, 1);
  assert.equal(early.seen.calls.at(-1), 'end');
  pass(t, 10_000);
  const late = send(t, sim);
  pass(t, 100);
  assert.equal(late.seen.calls.at(-1), 'end');
});

test('promise 11: a paused exchange is silent, loses nothing, and goes on where it was', (t) => {
  const sim = provider(t, { ttft: 10, tokensPerSecond: 100, outputTokens: 20 });
  const { seen, exchange } = send(t, sim);
  pass(t, 50);
  const before = seen.text;
  assert.ok(tokensIn(before) > 1);
  exchange.pause();
  pass(t, 10_000);
  assert.equal(seen.text, before);
  exchange.resume();
  pass(t, 1000);
  assert.equal(tokensIn(seen.text), 20);
  assert.equal(seen.calls.at(-1), 'end');
});

test('after an abort nothing more is called, wherever it comes', (t) => {
  const sim = provider(t, { ttft: 10, tokensPerSecond: 100 });
  for (const ticks of [0, 5, 10, 50]) {
    const { seen, exchange } = send(t, sim);
    pass(t, ticks);
    const before = [...seen.calls];
    exchange.abort();
    exchange.abort();
    exchange.resume();
    pass(t, 10_000);
    assert.deepEqual(seen.calls, before);
  }
  const atHead = send(t, sim, { onHead: (exchange) => exchange.abort() });
  pass(t, 10_000);
  assert.deepEqual(atHead.seen.calls, ['head 200']);
});

test('silence ends in the timeouts of the request', (t) => {
  const sim = provider(t, { ttft: 10, tokensPerSecond: 0 });
  const hung = send(t, sim, { headers: { 'x-causeway-simulate': 'hang' } });
  pass(t, 4999);
  assert.deepEqual(hung.seen.calls, []);
  pass(t, 1);
  assert.deepEqual(hung.seen.calls, ['fail timeout']);
  const stalled = send(t, sim, { headers: { 'x-causeway-simulate': 'stall-after=2' } });
  pass(t, 2009);
  assert.deepEqual(stalled.seen.calls, ['head 200', 'data']);
  pass(t, 1);
  assert.deepEqual(stalled.seen.calls, ['head 200', 'data', 'fail timeout']);
  const slow = send(t, sim, { headers: { 'x-causeway-simulate': 'tokens-per-second=1, output-tokens=9' } });
  pass(t, 30_000);
  assert.equal(slow.seen.calls.at(-1), 'end', 'an answer that goes on does not time out');
});

test('a cut is a broken connection, a reset one without an answer', (t) => {
  const sim = provider(t, { ttft: 0, tokensPerSecond: 0 });
  const cut = send(t, sim, { headers: { 'x-causeway-simulate': 'cut-after=3' } });
  const reset = send(t, sim, { headers: { 'x-causeway-simulate': 'reset' } });
  const refused = send(t, sim, { headers: { 'x-causeway-simulate': 'error=429' } });
  pass(t, 10);
  assert.deepEqual(cut.seen.calls, ['head 200', 'data', 'fail broken']);
  assert.equal(tokensIn(cut.seen.text), 3);
  assert.deepEqual(reset.seen.calls, ['fail broken']);
  assert.deepEqual(refused.seen.calls, ['head 429', 'data', 'end']);
});

test('close waits for the exchanges that run', async (t) => {
  const sim = provider(t, { ttft: 50, tokensPerSecond: 0 });
  const { seen } = send(t, sim);
  let isClosed = false;
  const closed = sim.close().then(() => (isClosed = true));
  pass(t, 49);
  await Promise.resolve();
  assert.equal(isClosed, false);
  pass(t, 1);
  await closed;
  assert.equal(seen.calls.at(-1), 'end');
});
