import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import Anthropic, { BadRequestError } from '@anthropic-ai/sdk';
import { Compile } from 'typebox/schema';

import { type RunningSimulator, startSimulator } from './start.ts';

let simulator: RunningSimulator;
let client: Anthropic;

before(async () => {
  simulator = await startSimulator({ settings: { ttft: 0, tokensPerSecond: 0 } });
  client = new Anthropic({ baseURL: simulator.url, apiKey: 'any', maxRetries: 0 });
});
after(() => simulator.close());

const place = {
  type: 'object' as const,
  properties: { city: { type: 'string' }, country: { type: 'string', minLength: 2, maxLength: 2 } },
  required: ['city', 'country'],
  additionalProperties: false,
};
const tools: Anthropic.Tool[] = [
  { name: 'find_place', input_schema: place },
  { name: 'book', input_schema: { type: 'object', properties: {} } },
];

function ask(content: Anthropic.MessageParam['content']): Anthropic.MessageCreateParamsNonStreaming {
  return { model: 'small', max_tokens: 500, messages: [{ role: 'user', content }] };
}

test('messages: whole and streamed say the same', async () => {
  const whole = await client.messages.create({ ...ask('你好'), system: 'be brief' });
  const events: string[] = [];
  const stream = client.messages.stream({ ...ask('你好'), system: 'be brief' });
  stream.on('streamEvent', ({ type }) => events.push(type));
  const streamed = await stream.finalMessage();
  assert.deepEqual(streamed.content, whole.content);
  assert.equal(streamed.usage.output_tokens, whole.usage.output_tokens);
  assert.equal(streamed.usage.input_tokens, whole.usage.input_tokens);
  assert.equal(streamed.stop_reason, 'end_turn');
  assert.deepEqual(events.slice(0, 2), ['message_start', 'content_block_start']);
  assert.deepEqual(events.slice(-3), ['content_block_stop', 'message_delta', 'message_stop']);
  assert.equal(events.filter((type) => type === 'content_block_delta').length, whole.usage.output_tokens);
});

test('tools: named tools are called in parallel with valid input, and their results answered in text', async () => {
  const request = { ...ask('find_place and book'), tools };
  const whole = await client.messages.create(request);
  const streamed = await client.messages.stream(request).finalMessage();
  for (const message of [whole, streamed]) {
    assert.equal(message.stop_reason, 'tool_use');
    const calls = message.content.filter((block) => block.type === 'tool_use');
    assert.deepEqual(
      calls.map(({ name }) => name),
      ['find_place', 'book'],
    );
    assert.ok(Compile(place).Check(calls[0]?.input));
  }
  const results = whole.content
    .filter((block) => block.type === 'tool_use')
    .map(({ id }): Anthropic.ToolResultBlockParam => ({ type: 'tool_result', tool_use_id: id, content: 'Oslo' }));
  const messages: Anthropic.MessageParam[] = [
    ...request.messages,
    { role: 'assistant', content: whole.content },
    { role: 'user', content: results },
  ];
  const end = await client.messages.create({ ...request, model: 'echo', messages });
  assert.deepEqual(
    end.content.map((block) => (block.type === 'text' ? block.text : block.type)),
    ['Oslo\nOslo'],
  );
});

const called = async (tool_choice: Anthropic.ToolChoice, content = 'hello'): Promise<string[]> => {
  const message = await client.messages.create({ ...ask(content), tools, tool_choice });
  return message.content.filter((block) => block.type === 'tool_use').map(({ name }) => name);
};

test('tools: tool_choice is kept', async () => {
  assert.deepEqual(await called({ type: 'any' }), ['find_place']);
  assert.deepEqual(await called({ type: 'tool', name: 'book' }), ['book']);
  assert.deepEqual(await called({ type: 'none' }, 'call book'), []);
  assert.deepEqual(await called({ type: 'auto', disable_parallel_tool_use: true }, 'book and find_place'), ['book']);
});

test('structured output is valid for its schema', async () => {
  const request = { ...ask('where?'), output_config: { format: { type: 'json_schema' as const, schema: place } } };
  const { content } = await client.messages.create(request);
  assert.ok(content[0]?.type === 'text');
  assert.ok(Compile(place).Check(JSON.parse(content[0].text)), content[0].text);
});

test('thinking comes before the text, signed, and is counted', async () => {
  const request = { ...ask('think'), thinking: { type: 'enabled' as const, budget_tokens: 50 } };
  const whole = await client.messages.create(request);
  assert.deepEqual(
    whole.content.map(({ type }) => type),
    ['thinking', 'text'],
  );
  assert.equal(whole.usage.output_tokens, 50 + 40);
  const streamed = await client.messages.stream(request).finalMessage();
  assert.ok(streamed.content[0]?.type === 'thinking');
  assert.ok(whole.content[0]?.type === 'thinking');
  assert.equal(streamed.content[0].thinking, whole.content[0].thinking);
  assert.notEqual(streamed.content[0].signature, '');
});

test('limits and stop sequences are kept and named', async () => {
  const short = await client.messages.create({ ...ask('tell me'), max_tokens: 7 });
  assert.equal(short.stop_reason, 'max_tokens');
  assert.equal(short.usage.output_tokens, 7);
  const stopped = await client.messages.create({ ...ask('A B C D'), model: 'echo', stop_sequences: ['D', 'C'] });
  assert.equal(stopped.stop_reason, 'stop_sequence');
  assert.equal(stopped.stop_sequence, 'C');
  assert.ok(stopped.content[0]?.type === 'text');
  assert.equal(stopped.content[0].text, 'A B ');
});

test('tokens are counted as they are billed, images too', async () => {
  const source = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
  const { model, messages } = ask([
    { type: 'image', source },
    { type: 'text', text: 'what is this?' },
  ]);
  const { input_tokens: counted } = await client.messages.countTokens({ model, messages });
  const { usage } = await client.messages.create({ model, messages, max_tokens: 5 });
  assert.equal(counted, usage.input_tokens);
  assert.ok(counted > 1600);
});

test('models are listed in the shape of the one who asks', async () => {
  const { data } = await client.models.list();
  assert.deepEqual(
    data.map(({ id, type }) => [id, type]),
    ['echo', 'small', 'large', 'embed'].map((id) => [id, 'model']),
  );
});

test('what Anthropic would refuse is refused in its shape', async () => {
  const marked = { type: 'text' as const, text: 'x', cache_control: { type: 'ephemeral' as const } };
  const crowded = client.messages.create(ask(Array.from({ length: 5 }, () => marked)));
  await assert.rejects(crowded, (error) => {
    assert.ok(error instanceof BadRequestError);
    assert.match(error.message, /maximum of 4 blocks/);
    assert.ok(error.requestID?.startsWith('req_'));
    return true;
  });
  await assert.rejects(client.post('/v1/messages', { body: { model: 'small', messages: [] } }), BadRequestError);
});
