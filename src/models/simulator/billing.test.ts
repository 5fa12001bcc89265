import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { type JsonObject, isJsonObject } from '../../core/json.ts';
import type { SimulatorOptions } from './behaviour.ts';
import { BillingCounter, type ModelBill } from './billing.ts';
import { Simulator } from './simulator.ts';
import { startSimulator } from './start.ts';

const AT_ONCE = { ttft: 0, tokensPerSecond: 0 };
const CHAT = '/v1/chat/completions';

interface Seen {
  text: string;
  isOver: boolean;
}

/** A simulator in a time that stands still until it is moved. */
function simulatorAt(settings: SimulatorOptions) {
  let now = 0;
  const simulator = new Simulator(settings, { now: () => 1_770_000_000_000 + now, monotonic: () => now });
  return {
    simulator,
    pass: (ms: number) => (now += ms),
    ask: (path: string, body: object, simulate?: string) => {
      const seen: Seen = { text: '', isOver: false };
      const headers = simulate === undefined ? {} : { 'x-causeway-simulate': simulate };
      const exchange = simulator.serve(
        { method: 'POST', path, headers, body: JSON.stringify(body) },
        {
          head: () => {},
          write: (more) => (seen.text += more) !== '',
          end: (more) => {
            seen.text += more;
            seen.isOver = true;
          },
          cut: (more) => {
            seen.text += more;
            seen.isOver = true;
          },
        },
      );
      return { exchange, seen };
    },
    bill: (model = 'small') => simulator.billing.models[model],
  };
}

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const questions = fc.constantFrom('What do you know about rivers?', 'call get_weather', '今天天气怎么样', 'x');
const messages = questions.map((content) => [{ role: 'user', content }]);

const openAiRequests = fc.record(
  {
    model: fc.constant('small'),
    messages,
    stream: fc.boolean(),
    stream_options: fc.constant({ include_usage: true }),
    n: fc.integer({ min: 1, max: 3 }),
    max_completion_tokens: fc.integer({ min: 1, max: 60 }),
    tools: fc.constant([{ type: 'function', function: { name: 'get_weather', parameters } }]),
    reasoning_effort: fc.constantFrom('low', 'high'),
  },
  { requiredKeys: ['model', 'messages', 'stream_options'] },
);

const anthropicRequests = fc.record(
  {
    model: fc.constant('small'),
    messages,
    stream: fc.boolean(),
    max_tokens: fc.integer({ min: 1, max: 300 }),
    tools: fc.constant([{ name: 'get_weather', input_schema: parameters }]),
    thinking: fc.constant({ type: 'enabled', budget_tokens: 40 }),
  },
  { requiredKeys: ['model', 'messages', 'max_tokens'] },
);

/** The last usage that an answer tells, as its client would read it. */
function usageIn(text: string): JsonObject {
  const bodies = text.startsWith('{')
    ? [text]
    : text.split('\n').flatMap((line) => (line.startsWith('data: {') ? [line.slice('data: '.length)] : []));
  const usages = bodies.map((body) => (JSON.parse(body) as JsonObject)['usage']).filter(isJsonObject);
  return usages.at(-1) ?? {};
}

test('a whole bill is the usage that the client was told, whatever was asked', () => {
  const requests = fc.oneof(
    openAiRequests.map((body) => [CHAT, body] as const),
    anthropicRequests.map((body) => ['/v1/messages', body] as const),
  );
  fc.assert(
    fc.property(requests, ([path, body]) => {
      const { ask, bill } = simulatorAt(AT_ONCE);
      const usage = usageIn(ask(path, body).seen.text);
      assert.deepEqual(bill(), {
        requests: 1,
        inputTokens: usage['prompt_tokens'] ?? usage['input_tokens'],
        outputTokens: usage['completion_tokens'] ?? usage['output_tokens'],
      });
    }),
  );
});

test('embeddings are billed their input, counting tokens and lists of models nothing', () => {
  const { simulator, ask, bill } = simulatorAt(AT_ONCE);
  const usage = usageIn(ask('/v1/embeddings', { model: 'embed', input: ['one text', 'another'] }).seen.text);
  assert.deepEqual(bill('embed'), { requests: 1, inputTokens: usage['prompt_tokens'], outputTokens: 0 });
  ask('/v1/messages/count_tokens', { model: 'small', messages: [{ role: 'user', content: 'hello' }] });
  simulator.serve(
    { method: 'GET', path: '/v1/models', headers: {}, body: '' },
    { head() {}, write: () => true, end() {}, cut() {} },
  );
  assert.deepEqual(Object.keys(simulator.billing.models), ['embed']);
});

const QUESTION = { model: 'small', messages: [{ role: 'user', content: 'What do you know about rivers?' }] };
const INPUT_TOKENS = 14;
const billOf = (outputTokens: number): ModelBill => ({ requests: 1, inputTokens: INPUT_TOKENS, outputTokens });

test('a request that was refused, or met silence, a page or an error in place of an answer, is billed nothing', () => {
  for (const fault of ['error=503', 'error=429', 'hang', 'reset', 'html', 'error-in-200', 'ttft=x']) {
    for (const stream of [false, true]) {
      const { simulator, ask } = simulatorAt(AT_ONCE);
      ask(CHAT, { ...QUESTION, stream }, fault).exchange.abort();
      assert.deepEqual(simulator.billing.models, {}, fault);
    }
  }
  const { simulator, ask } = simulatorAt({ ...AT_ONCE, rateLimit: 1 });
  ask(CHAT, QUESTION);
  ask(CHAT, QUESTION);
  assert.equal(simulator.billing.models['small']?.requests, 1);
});

test('a request that waits for a slot is billed when it gets one', () => {
  const { ask, bill } = simulatorAt({ ttft: 1000, concurrency: 1 });
  const first = ask(CHAT, QUESTION);
  const second = ask(CHAT, QUESTION);
  assert.equal(bill()?.requests, 1);
  second.exchange.abort();
  first.exchange.abort();
  assert.deepEqual(bill(), billOf(0));
});

function outputUnder(fault: string, stream: boolean): number | undefined {
  const { ask, bill } = simulatorAt({ ...AT_ONCE, outputTokens: 40 });
  ask(CHAT, { ...QUESTION, stream }, fault).exchange.abort();
  return bill()?.outputTokens;
}

test('what breaks off is billed what was generated until then', () => {
  for (const fault of ['cut-after=5', 'stall-after=5', 'error-after=5'])
    assert.equal(outputUnder(fault, true), 5, fault);
  assert.equal(outputUnder('malformed-after=5', true), 40);
  // A whole answer was generated before any of it was lost.
  for (const fault of ['cut-after=5', 'stall-after=5', 'half-json', 'malformed-after=5']) {
    assert.equal(outputUnder(fault, false), 40, fault);
  }
});

test('a stream that is aborted is billed what was written', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }), (steps) => {
      const { ask, bill, pass } = simulatorAt({ ttft: 20, tokensPerSecond: 100, outputTokens: 40 });
      const { exchange, seen } = ask(CHAT, { ...QUESTION, stream: true });
      assert.deepEqual(bill(), billOf(0));
      for (const ms of steps) {
        pass(ms);
        t.mock.timers.tick(ms);
        assert.deepEqual(bill(), billOf(seen.text.split('"delta":{"content"').length - 1));
      }
      const { text } = seen;
      exchange.abort();
      assert.deepEqual(bill(), billOf(text.split('"delta":{"content"').length - 1));
      pass(10_000);
      t.mock.timers.tick(10_000);
      assert.equal(seen.text, text);
    }),
  );
});

function outputOfWholeAfter(ms: number): number | undefined {
  const { ask, bill, pass } = simulatorAt({ ttft: 20, tokensPerSecond: 100, outputTokens: 40 });
  const { exchange } = ask(CHAT, QUESTION);
  pass(ms);
  exchange.abort();
  return bill()?.outputTokens;
}

test('a whole answer that is aborted is billed what its stream would have said by then', () => {
  assert.deepEqual([0, 19, 20, 29, 30, 200, 410, 9999].map(outputOfWholeAfter), [0, 0, 1, 1, 2, 19, 40, 40]);
});

test('beyond a thousand models the bills are one', () => {
  const billing = new BillingCounter();
  for (let at = 0; at < 1010; at += 1) billing.begin(`model-${at}`, 2).reach(3);
  const { models } = billing.snapshot();
  assert.equal(Object.keys(models).length, 1001);
  assert.deepEqual(models['others'], { requests: 10, inputTokens: 20, outputTokens: 30 });
});

test('the bill is read over the socket', async () => {
  const simulator = await startSimulator({ settings: AT_ONCE });
  try {
    await (await fetch(simulator.url + CHAT, { method: 'POST', body: JSON.stringify(QUESTION) })).arrayBuffer();
    const response = await fetch(`${simulator.url}/simulator/billing`);
    assert.deepEqual(await response.json(), { models: { small: billOf(40) } });
    assert.deepEqual(simulator.billing(), { models: { small: billOf(40) } });
  } finally {
    await simulator.close();
  }
});
