import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { type JsonObject, isJsonObject } from '../../core/json.ts';
import { objectsIn } from './prompt.ts';
import { Simulator } from './simulator.ts';

const frozen = { now: () => 1_770_000_000_000, monotonic: () => 0 };
const AT_ONCE = { ttft: 0, tokensPerSecond: 0 };

/** Asks a simulator that answers at once. */
function ask(path: string, body: object, simulator = new Simulator(AT_ONCE, frozen)): { status: number; text: string } {
  const answer = { status: 0, text: '' };
  simulator.serve(
    { method: 'POST', path, headers: {}, body: JSON.stringify(body) },
    {
      head: (status) => (answer.status = status),
      write: (more) => (answer.text += more) !== '',
      end: (more) => (answer.text += more),
      cut: () => assert.fail('cut'),
    },
  );
  return answer;
}

function json(source: string): JsonObject {
  const value: unknown = JSON.parse(source);
  assert.ok(isJsonObject(value));
  return value;
}

function object(value: unknown): JsonObject {
  assert.ok(isJsonObject(value), JSON.stringify(value));
  return value;
}

function text(value: unknown): string {
  assert.ok(typeof value === 'string');
  return value;
}

function framesOf(stream: string): JsonObject[] {
  const data = stream.split('\n').filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]');
  return data.map((line) => json(line.slice('data: '.length)));
}

/** What a stream's chunks amount to, in the shape of the whole answer's message. */
function openAiMessage(
  frames: JsonObject[],
  choice: number,
): { content: string; calls: JsonObject[]; finish: unknown } {
  const message = { content: '', calls: [] as JsonObject[], finish: undefined as unknown };
  for (const frame of frames) {
    const own = objectsIn(frame['choices']).find(({ index }) => index === choice);
    if (!own) continue;
    const delta = object(own['delta']);
    if (typeof delta['content'] === 'string') message.content += delta['content'];
    message.finish = own['finish_reason'] ?? message.finish;
    for (const { index, id, function: said } of objectsIn(delta['tool_calls'])) {
      const call = (message.calls[Number(index)] ??= { id, name: object(said)['name'], arguments: '' });
      call['arguments'] = text(call['arguments']) + text(object(said)['arguments']);
    }
  }
  return message;
}

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('call get_weather', 'get_weather and find_city please', '今天天气怎么样', 'x '.repeat(2000)),
);

const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 7 } },
  required: ['city', 'days'],
};
const toolNames = ['get_weather', 'find_city'];
const someTools = fc.subarray(toolNames);
const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };

const openAiRequests = fc.record(
  {
    model: fc.constantFrom('echo', 'small', 'large', 'gpt-5-mini'),
    messages: fc
      .array(texts, { minLength: 1, maxLength: 3 })
      .map((all) => all.map((content) => ({ role: 'user', content }))),
    n: fc.integer({ min: 1, max: 3 }),
    max_completion_tokens: fc.integer({ min: 1, max: 60 }),
    stop: fc.constantFrom('the', ['is', 'a']),
    tools: someTools.map((names) => names.map((name) => ({ type: 'function', function: { name, parameters } }))),
    response_format: fc.constantFrom(
      { type: 'json_object' },
      { type: 'json_schema', json_schema: { name: 'a', schema } },
    ),
    reasoning_effort: fc.constantFrom('low', 'minimal', 'high'),
  },
  { requiredKeys: ['model', 'messages'] },
);

test('an OpenAI stream says what the whole answer says, usage included', () => {
  fc.assert(
    fc.property(openAiRequests, (request) => {
      const whole = json(ask('/v1/chat/completions', request).text);
      const stream = { ...request, stream: true, stream_options: { include_usage: true } };
      const answer = ask('/v1/chat/completions', stream).text;
      const frames = framesOf(answer);
      assert.ok(answer.endsWith('data: [DONE]\n\n'));
      assert.deepEqual(frames.at(-1)?.['usage'], whole['usage']);
      for (const choice of objectsIn(whole['choices'])) {
        const said = openAiMessage(frames, Number(choice['index']));
        const message = object(choice['message']);
        assert.equal(said.content, message['content'] ?? '');
        assert.equal(said.finish, choice['finish_reason']);
        const calls = objectsIn(message['tool_calls']).map(({ id, function: fn }) => ({ id, ...object(fn) }));
        assert.deepEqual(said.calls, calls);
      }
    }),
  );
});

const anthropicRequests = fc.record(
  {
    model: fc.constantFrom('echo', 'small', 'claude-sonnet-4-6'),
    max_tokens: fc.integer({ min: 1, max: 300 }),
    messages: fc
      .array(texts, { minLength: 1, maxLength: 3 })
      .map((all) => all.map((content) => ({ role: 'user', content }))),
    stop_sequences: fc.constantFrom(['the'], ['is', 'a']),
    tools: someTools.map((names) => names.map((name) => ({ name, input_schema: parameters }))),
    thinking: fc.constant({ type: 'enabled', budget_tokens: 40 }),
    output_config: fc.constant({ format: { type: 'json_schema', schema } }),
    cache_control: fc.constant({ type: 'ephemeral' }),
  },
  { requiredKeys: ['model', 'max_tokens', 'messages'] },
);

/** The content blocks that a stream's events amount to. */
function anthropicBlocks(frames: JsonObject[]): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const frame of frames) {
    const at = Number(frame['index']);
    if (frame['type'] === 'content_block_start') blocks[at] = { ...object(frame['content_block']), json: '' };
    if (frame['type'] !== 'content_block_delta') continue;
    const { type: _type, ...said } = object(frame['delta']);
    const block = object(blocks[at]);
    for (const [field, more] of Object.entries(said)) {
      const name = field === 'partial_json' ? 'json' : field;
      block[name] = text(block[name]) + text(more);
    }
  }
  return blocks.map(({ json: said, ...block }) => (said === '' ? block : { ...block, input: parsed(text(said)) }));
}

function parsed(source: string): JsonObject {
  try {
    return json(source);
  } catch {
    return {};
  }
}

test('an Anthropic stream says what the whole answer says, usage included', () => {
  fc.assert(
    fc.property(anthropicRequests, (request) => {
      const whole = json(ask('/v1/messages', request).text);
      const frames = framesOf(ask('/v1/messages', { ...request, stream: true }).text);
      assert.deepEqual(anthropicBlocks(frames), whole['content']);
      const end = object(frames.find(({ type }) => type === 'message_delta'));
      assert.deepEqual(end['delta'], { stop_reason: whole['stop_reason'], stop_sequence: whole['stop_sequence'] });
      const { service_tier: _tier, cache_creation: _lifetimes, ...usage } = object(whole['usage']);
      assert.deepEqual(end['usage'], usage);
      const start = object(object(frames[0])['message']);
      const { output_tokens: _now, ...opening } = object(start['usage']);
      const { output_tokens: _then, output_tokens_details: _details, ...closing } = object(whole['usage']);
      assert.deepEqual(opening, closing);
      assert.equal(frames.at(-1)?.['type'], 'message_stop');
    }),
  );
});

function withoutIds(choices: unknown): string {
  return JSON.stringify(choices).replaceAll(/call_\w+/g, 'call');
}

test('the same request gets the same answer, the first time and every time', () => {
  fc.assert(
    fc.property(openAiRequests, (request) => {
      const simulator = new Simulator(AT_ONCE, frozen);
      const first = ask('/v1/chat/completions', request, simulator);
      const again = json(ask('/v1/chat/completions', request, simulator).text);
      assert.deepEqual(ask('/v1/chat/completions', request), first);
      assert.equal(withoutIds(again['choices']), withoutIds(json(first.text)['choices']));
    }),
  );
});

test('a token limit is kept, and said only where it cut something off', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 80 }), (limit, length) => {
      const simulator = new Simulator({ ...AT_ONCE, outputTokens: length }, frozen);
      const body = { model: 'small', max_completion_tokens: limit, messages: [{ role: 'user', content: 'tell me' }] };
      const answer = json(ask('/v1/chat/completions', body, simulator).text);
      assert.equal(object(answer['usage'])['completion_tokens'], Math.min(limit, length));
      assert.equal(objectsIn(answer['choices'])[0]?.['finish_reason'], length > limit ? 'length' : 'stop');
    }),
  );
});

test('OpenAI counts a repeated prefix of 1024 tokens and more as cached, in steps of 128', () => {
  const simulator = new Simulator(AT_ONCE, frozen);
  const long = { role: 'system', content: 'word '.repeat(1500) };
  const usage = (content: string, system = long): JsonObject => {
    const messages = [system, { role: 'user', content }];
    return object(json(ask('/v1/chat/completions', { model: 'small', messages }, simulator).text)['usage']);
  };
  const cached = (content: string, system = long): unknown =>
    object(usage(content, system)['prompt_tokens_details'])['cached_tokens'];
  assert.equal(cached('first'), 0);
  assert.equal(cached('second'), 1408);
  assert.ok(Number(usage('third')['prompt_tokens']) > 1500, 'prompt_tokens includes what was cached');
  assert.equal(cached('fourth', { role: 'system', content: `other ${long.content}` }), 0);
  assert.equal(cached('short', { role: 'system', content: 'word '.repeat(500) }), 0);
  assert.equal(cached('short again', { role: 'system', content: 'word '.repeat(500) }), 0);
  const shared = 'same '.repeat(900);
  assert.equal(cached('a '.repeat(900), { role: 'system', content: shared }), 0);
  assert.equal(cached('b '.repeat(900), { role: 'system', content: shared }), 0, 'what is shared is under 1024');
});

test('Anthropic caches up to the breakpoints only, and counts what is cached beside the input', () => {
  const simulator = new Simulator(AT_ONCE, frozen);
  const usage = (marks: { ttl?: string } | undefined, content: string): JsonObject => {
    const system = [
      {
        type: 'text',
        text: 'rule '.repeat(1200),
        ...(marks ? { cache_control: { type: 'ephemeral', ...marks } } : {}),
      },
    ];
    const body = { model: 'small', max_tokens: 10, system, messages: [{ role: 'user', content }] };
    return object(json(ask('/v1/messages', body, simulator).text)['usage']);
  };
  const unmarked = usage(undefined, 'hello');
  assert.equal(unmarked['cache_read_input_tokens'], 0);
  assert.equal(unmarked['cache_creation_input_tokens'], 0);
  const total = Number(unmarked['input_tokens']);
  const first = usage({ ttl: '1h' }, 'hello');
  const written = Number(first['cache_creation_input_tokens']);
  assert.ok(written > 1200);
  assert.deepEqual(first['cache_creation'], { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: written });
  assert.equal(Number(first['input_tokens']) + written, total);
  const second = usage({}, 'hello');
  assert.equal(second['cache_read_input_tokens'], written);
  assert.equal(second['cache_creation_input_tokens'], 0);
  assert.equal(Number(second['input_tokens']) + written, total);
});

test('whatever the body, the answer is one of the dialect', () => {
  const paths = fc.constantFrom('/v1/chat/completions', '/v1/messages', '/v1/embeddings', '/v1/messages/count_tokens');
  const bodies = fc.oneof(
    fc.jsonValue().filter((value) => value !== null && typeof value === 'object'),
    fc.record({ model: fc.jsonValue(), messages: fc.jsonValue(), input: fc.jsonValue(), tools: fc.jsonValue() }),
    fc.record({
      model: fc.constant('small'),
      max_tokens: fc.constant(9),
      messages: fc.array(fc.record({ role: fc.constant('user'), content: fc.jsonValue() }), { minLength: 1 }),
      tools: fc.array(fc.record({ name: fc.string(), input_schema: fc.jsonValue(), function: fc.jsonValue() })),
      tool_choice: fc.constantFrom('required', { type: 'any' }),
      response_format: fc.record({ type: fc.constant('json_schema'), json_schema: fc.jsonValue() }),
    }),
  );
  fc.assert(
    fc.property(paths, bodies, (path, body) => {
      const { status, text: answer } = ask(path, body);
      assert.ok(status === 200 || status === 400, `${status} ${answer}`);
      assert.equal(isJsonObject(json(answer)['error']), status === 400);
    }),
    { numRuns: 500 },
  );
});
