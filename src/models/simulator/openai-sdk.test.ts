import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import OpenAI, { BadRequestError, NotFoundError } from 'openai';
import { Compile } from 'typebox/schema';

import { type RunningSimulator, startSimulator } from './start.ts';

let simulator: RunningSimulator;
let client: OpenAI;

before(async () => {
  simulator = await startSimulator({ settings: { ttft: 0, tokensPerSecond: 0 } });
  client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: 'any', maxRetries: 0 });
});
after(() => simulator.close());

const weather = {
  type: 'object',
  properties: { city: { type: 'string', minLength: 2 }, unit: { enum: ['celsius', 'fahrenheit'] } },
  required: ['city', 'unit'],
  additionalProperties: false,
};
const tools: OpenAI.ChatCompletionFunctionTool[] = [
  { type: 'function', function: { name: 'get_weather', parameters: weather } },
  { type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: {} } } },
];

function user(content: OpenAI.ChatCompletionUserMessageParam['content']): OpenAI.ChatCompletionUserMessageParam {
  return { role: 'user', content };
}

test('chat: echo says the last user message, and usage adds up', async () => {
  const answer = await client.chat.completions.create({
    model: 'echo',
    messages: [user('first'), { role: 'assistant', content: 'yes' }, user('the last one, 最后')],
  });
  assert.equal(answer.choices[0]?.message.content, 'the last one, 最后');
  assert.equal(answer.choices[0]?.finish_reason, 'stop');
  assert.equal(answer.model, 'echo');
  const { usage } = answer;
  assert.equal(usage?.total_tokens, (usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
});

const lengthOf = async (model: string): Promise<number> => {
  const { usage } = await client.chat.completions.create({ model, messages: [user('explain')] });
  return usage?.completion_tokens ?? 0;
};

test('chat: large says more than small, and a real model name is served as small', async () => {
  assert.equal(await lengthOf('small'), 40);
  assert.equal(await lengthOf('large'), 240);
  assert.equal(await lengthOf('gpt-5-mini'), 40);
});

test('stream: role first, one token a chunk, usage only where asked for', async () => {
  const request = { model: 'small', messages: [user('explain')] };
  const whole = await client.chat.completions.create(request);
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) chunks.push(chunk);
  assert.equal(chunks[0]?.choices[0]?.delta.role, 'assistant');
  assert.equal(
    chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
    whole.choices[0]?.message.content,
  );
  assert.equal(chunks.length, 1 + 40 + 1);
  assert.ok(chunks.every((chunk) => chunk.choices.length === 1 && chunk.usage === undefined));

  const counted = client.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
  assert.deepEqual((await counted.finalChatCompletion()).usage, whole.usage);
});

test('tools: named tools are called, in parallel, with valid arguments, streamed or not', async () => {
  const request = { model: 'small', tools, messages: [user('use get_time, then get_weather for Paris')] };
  const whole = await client.chat.completions.create(request);
  const streamed = await client.chat.completions.stream(request).finalChatCompletion();
  for (const { choices } of [whole, streamed]) {
    assert.equal(choices[0]?.finish_reason, 'tool_calls');
    const calls = (choices[0]?.message.tool_calls ?? []).filter((call) => call.type === 'function');
    assert.deepEqual(
      calls.map((call) => call.function.name),
      ['get_time', 'get_weather'],
    );
    assert.equal(new Set(calls.map(({ id }) => id)).size, 2);
    assert.ok(Compile(weather).Check(JSON.parse(calls[1]?.function.arguments ?? '')));
  }
});

test('tools: tool_choice and parallel_tool_calls are kept, and a result is answered in text', async () => {
  const called = async (request: object, content = 'hello'): Promise<string[]> => {
    const answer = await client.chat.completions.create({
      model: 'small',
      tools,
      messages: [user(content)],
      ...request,
    });
    const calls = answer.choices[0]?.message.tool_calls ?? [];
    return calls.map((call) => (call.type === 'function' ? call.function.name : ''));
  };
  assert.deepEqual(await called({}), []);
  assert.deepEqual(await called({}, 'call get weather'), ['get_weather']);
  assert.deepEqual(await called({}, 'my_get_time is something else'), []);
  assert.deepEqual(await called({ tool_choice: 'required' }), ['get_weather']);
  assert.deepEqual(await called({ tool_choice: { type: 'function', function: { name: 'get_time' } } }), ['get_time']);
  assert.deepEqual(await called({ tool_choice: 'none' }, 'call get_weather'), []);
  assert.deepEqual(await called({ parallel_tool_calls: false }, 'get_time and get_weather'), ['get_time']);
  const result = { role: 'tool', tool_call_id: 'call_1', content: 'get_weather says: rain' };
  const callOf = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } };
  const history = [user('call get_weather'), { role: 'assistant', content: null, tool_calls: [callOf] }, result];
  assert.deepEqual(await called({ messages: history }), []);
});

const structured = async (response_format: OpenAI.ChatCompletionCreateParams['response_format']): Promise<unknown> => {
  const request = { model: 'small', messages: [user('plan')], ...(response_format ? { response_format } : {}) };
  return JSON.parse((await client.chat.completions.create(request)).choices[0]?.message.content ?? '');
};

test('structured output is valid for its schema', async () => {
  const schema = {
    type: 'object',
    properties: {
      steps: { type: 'array', items: { $ref: '#/$defs/step' }, minItems: 1 },
      score: { type: 'number', minimum: 0, maximum: 1 },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
    required: ['steps', 'score', 'note'],
    additionalProperties: false,
    $defs: { step: { type: 'object', properties: { at: { type: 'string', format: 'date-time' } }, required: ['at'] } },
  };
  const planned = await structured({ type: 'json_schema', json_schema: { name: 'plan', strict: true, schema } });
  assert.ok(Compile(schema).Check(planned), JSON.stringify(planned));
  assert.equal(typeof (await structured({ type: 'json_object' })), 'object');
});

const image = (detail: 'low' | 'high'): OpenAI.ChatCompletionContentPart => ({
  type: 'image_url',
  image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail },
});

const tokensWith = async (detail: 'low' | 'high'): Promise<number> => {
  const content: OpenAI.ChatCompletionContentPart[] = [{ type: 'text', text: 'what is this?' }, image(detail)];
  const answer = await client.chat.completions.create({ model: 'echo', messages: [user(content)] });
  assert.equal(answer.choices[0]?.message.content, 'what is this?');
  return answer.usage?.prompt_tokens ?? 0;
};

test('images are taken and counted', async () => {
  assert.equal((await tokensWith('high')) - (await tokensWith('low')), 765 - 85);
});

test('reasoning is counted, not shown', async () => {
  const messages = [user('think')];
  const { usage, choices } = await client.chat.completions.create({
    model: 'small',
    messages,
    reasoning_effort: 'high',
  });
  assert.equal(usage?.completion_tokens_details?.reasoning_tokens, 128);
  assert.equal(usage?.completion_tokens, 128 + 40);
  assert.match(choices[0]?.message.content ?? '', /^This is a simulated answer/);
});

test('stop sequences and n', async () => {
  const answer = await client.chat.completions.create({ model: 'echo', n: 2, stop: 'C', messages: [user('A B C D')] });
  assert.deepEqual(
    answer.choices.map(({ message, finish_reason: reason }) => [message.content, reason]),
    [
      ['A B ', 'stop'],
      ['A B ', 'stop'],
    ],
  );
});

test('embeddings: floats and base64 say the same, dimensions are kept', async () => {
  const input = ['one text', 'another text'];
  const request = { model: 'text-embedding-3-small', input, dimensions: 256 };
  const floats = await client.embeddings.create({ ...request, encoding_format: 'float' });
  const decoded = await client.embeddings.create(request);
  assert.equal(floats.data[1]?.embedding.length, 256);
  assert.deepEqual(
    decoded.data.map(({ embedding }) => embedding),
    floats.data.map(({ embedding }) => embedding.map(Math.fround)),
  );
  assert.equal(floats.usage.prompt_tokens, floats.usage.total_tokens);
  const usual = await client.embeddings.create({ model: 'embed', input: 'x' });
  assert.equal(usual.data[0]?.embedding.length, 1536);
});

test('models are listed, with and without /v1', async () => {
  const bare = new OpenAI({ baseURL: simulator.url, apiKey: 'any' });
  for (const each of [client, bare]) {
    const names = (await each.models.list()).data.map(({ id }) => id);
    assert.deepEqual(names, ['echo', 'small', 'large', 'embed']);
  }
  assert.equal((await client.models.retrieve('large')).id, 'large');
  await assert.rejects(client.models.retrieve('nothing'), NotFoundError);
});

const refused = async (body: object): Promise<BadRequestError> => {
  const error = await client.post('/chat/completions', { body }).then(
    () => assert.fail('was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BadRequestError);
  assert.equal(error.type, 'invalid_request_error');
  return error;
};

test('what OpenAI would refuse is refused in its shape', async () => {
  assert.equal((await refused({ messages: [user('x')] })).param, 'model');
  assert.equal((await refused({ model: 'small', messages: [] })).param, 'messages');
  assert.equal((await refused({ model: 'small', messages: [{ role: 'robot' }] })).param, 'messages[0].role');
  assert.equal((await refused({ model: 'small', messages: [user('x')], n: 0 })).param, 'n');
});
