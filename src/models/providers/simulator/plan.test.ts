import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import type { Call } from '../../../core/call.ts';
import { systemClock } from '../../../core/clock.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { isJsonObject, parseJson } from '../../../core/json.ts';
import { SseSplitter } from '../../transport/sse.ts';
import type { Provider } from '../provider.ts';
import { createSimulatorProvider } from './adapter.ts';

const sim = createSimulatorProvider({
  name: 'sim',
  settings: { ttft: 0, tokensPerSecond: 0, models: new Map([['mine', {}]]) },
  clock: systemClock,
});

const messages = [{ role: 'user', content: 'hello' }];

test("the request is the dialect's own, with the one header that a simulator reads", () => {
  const headers = {
    'x-causeway-simulate': 'ttft=1ms',
    authorization: 'Bearer cw-secret',
    'openai-beta': 'x',
    cookie: 'y',
  };
  const json = { model: 'chat', messages, stream: true };
  const { request, patches, hideUsageFrame } = sim.plan(makeCall({ json, headers }), 'small');
  assert.equal(request.path, '/v1/chat/completions');
  assert.deepEqual(request.headers, { 'x-causeway-simulate': 'ttft=1ms' });
  assert.deepEqual(patches, [
    { op: 'set', path: '/model', value: 'small' },
    { op: 'set', path: '/stream_options', value: { include_usage: true } },
  ]);
  assert.equal(hideUsageFrame, true);
  assert.deepEqual(JSON.parse(String(request.body)), {
    ...json,
    model: 'small',
    stream_options: { include_usage: true },
  });
  const asked = sim.plan(makeCall({ json: { model: 'small', messages }, dialect: 'anthropic' }), 'small');
  assert.equal(asked.request.path, '/v1/messages');
  assert.deepEqual(asked.patches, []);
  const embeddings = sim.plan(makeCall({ json: { model: 'embed', input: 'x' }, operation: 'embeddings' }), 'embed');
  assert.equal(embeddings.request.path, '/v1/embeddings');
});

test('responses are asked for as chat, since it keeps none: the gateway does', () => {
  const call = makeCall({ json: { model: 'small', input: 'hello' }, dialect: 'responses' });
  assert.equal(sim.wire('responses', 'chat')?.dialect, 'openai');
  const { request, translation } = sim.plan(call, 'small');
  assert.equal(request.path, '/v1/chat/completions');
  assert.ok(translation);
});

test('timeouts are those of the call, or else usual', () => {
  const assignment = { virtualModel: 'chat', targets: [], passThroughCredentials: false, timeouts: { idle: 7 } };
  assert.equal(sim.plan(makeCall({ assignment }), 'small').request.timeouts.idle, 7);
  assert.deepEqual(sim.plan(makeCall(), 'small').request.timeouts, { connect: 10_000, headers: 120_000, idle: 60_000 });
});

test('it says that it is simulated, which models it has, and which wires it speaks', () => {
  assert.equal(sim.simulated, true);
  assert.deepEqual(sim.models, ['echo', 'small', 'large', 'embed', 'mine']);
  assert.equal(sim.ownsModel('mine'), true);
  assert.equal(sim.ownsModel('gpt-5-mini'), false);
  assert.equal(sim.wire('openai', 'embeddings')?.dialect, 'openai');
  assert.equal(sim.wire('anthropic', 'chat')?.dialect, 'anthropic');
  assert.equal(sim.wire('anthropic', 'embeddings'), undefined);
});

/** Sends a call through the provider's transport; resolves to the whole body. */
function bodyOf(provider: Provider, call: Call): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    provider.transport.send(provider.plan(call, call.facts.model).request, {
      head: (status) => assert.equal(status, 200),
      data: (chunk) => chunks.push(chunk),
      end: () => resolve(Buffer.concat(chunks)),
      fail: ({ cause }) => reject(cause),
    });
  });
}

for (const dialect of ['openai', 'anthropic'] as const) {
  test(`what the gateway reads of a stream is what it reads of the whole answer: ${dialect}`, async () => {
    const call = (stream: boolean): Call =>
      makeCall({ dialect, json: { model: 'small', messages, stream, max_tokens: 30 } });
    const wire = sim.wire(dialect, 'chat');
    assert.ok(wire);
    const body = parseJson(String(await bodyOf(sim, call(false))));
    assert.ok(isJsonObject(body));
    const whole = wire.readWhole('chat', body);
    assert.equal(whole.error, undefined);
    assert.equal(whole.finishReason, 'length');
    const reader = wire.streamReader({ hideUsageFrame: true });
    const events: StreamEvent[] = [];
    for (const { event, data } of new SseSplitter().push(await bodyOf(sim, call(true))).frames) {
      if (data !== undefined) events.push(...reader.step({ event, data }).events);
    }
    assert.equal(reader.complete, true);
    assert.deepEqual(
      events.findLast(({ type }) => type === 'usage'),
      { type: 'usage', usage: whole.usage },
    );
    assert.equal(whole.usage?.outputTokens, 30);
    assert.equal(events.filter(({ type }) => type === 'text-delta').length, 30);
    assert.equal(events.find((event) => event.type === 'finish')?.reason, 'length');
  });
}
