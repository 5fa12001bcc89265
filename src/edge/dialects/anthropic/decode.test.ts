import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GatewayError } from '../../../core/errors.ts';
import type { Message } from '../../../core/inference/content.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { decode } from './decode.ts';

const HI: JsonObject = { role: 'user', content: 'hi' };

function decodeWith(more: JsonObject): InferenceRequest {
  return decode({ model: 'm', max_tokens: 9, messages: [HI], ...more });
}

function messagesOf(...messages: Json[]): readonly Message[] {
  return decodeWith({ messages }).messages;
}

function notesOf(more: JsonObject): string[] {
  return decodeWith(more).notes.map(({ field, says }) => `${field} ${says}`);
}

function result(id: string): JsonObject {
  return { type: 'tool_result', tool_use_id: id };
}

function thinking(signature: string): JsonObject {
  return { type: 'thinking', thinking: 'hm', signature };
}

function document(source: JsonObject): JsonObject {
  const cache = { type: 'ephemeral' };
  return { type: 'document', source, title: 't', context: 'c', citations: { enabled: true }, cache_control: cache };
}

test('a plain request', () => {
  assert.deepEqual(decodeWith({}), {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    tools: [],
    maxOutputTokens: 9,
    stream: false,
    includeUsage: false,
    fields: { 'max-output-tokens': 'max_tokens' },
    notes: [],
  });
});

test('all options at once', () => {
  const { fields, notes, messages, ...rest } = decodeWith({
    system: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ],
    tools: [
      { name: 'f', description: 'd', input_schema: { type: 'object' }, strict: true },
      { type: 'custom', name: 'g', input_schema: {}, cache_control: { type: 'ephemeral' } },
    ],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    temperature: 0.1,
    top_p: 0.2,
    top_k: 3,
    stop_sequences: ['.', '!'],
    metadata: { user_id: 'u' },
    service_tier: 'auto',
    cache_control: { type: 'ephemeral', ttl: '5m' },
    thinking: { type: 'enabled', budget_tokens: 2000, display: 'summarized' },
    output_config: { effort: 'max', format: { type: 'json_schema', schema: { type: 'object' } } },
    stream: true,
  });
  assert.deepEqual(rest, {
    tools: [
      { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
      { name: 'g', parameters: {}, cache: { ttl: undefined } },
    ],
    toolChoice: { type: 'required' },
    parallelToolCalls: false,
    maxOutputTokens: 9,
    temperature: 0.1,
    topP: 0.2,
    topK: 3,
    stop: ['.', '!'],
    user: 'u',
    serviceTier: 'auto',
    autoCache: { ttl: '5m' },
    reasoning: { enabled: true, budgetTokens: 2000, display: 'summarized', effort: 'max' },
    responseFormat: { type: 'json-schema', schema: { type: 'object' } },
    stream: true,
    includeUsage: true,
  });
  assert.deepEqual(messages[0], {
    role: 'system',
    content: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', cache: { ttl: '1h' } },
    ],
  });
  assert.deepEqual(notes, []);
  assert.equal(fields['cache-breakpoint'], 'system[1].cache_control');
  assert.equal(fields['reasoning-budget'], 'thinking.budget_tokens');
  assert.equal(fields['json-schema'], 'output_config.format');
});

test('null is not set', () => {
  const { fields, notes } = decodeWith({
    system: null,
    container: null,
    inference_geo: null,
    mcp_servers: [],
    tools: [],
    stop_sequences: [],
    thinking: null,
    output_config: { effort: null, format: null },
    metadata: { user_id: null },
    cache_control: null,
    shoe_size: null,
  });
  assert.deepEqual(fields, { 'max-output-tokens': 'max_tokens' });
  assert.deepEqual(notes, []);
});

test('promise 2: calls and results keep ids, order and long numbers', () => {
  const body = parseExact(`{ "temperature": 1.0, "max_tokens": 1e1, "messages": [
    { "role": "assistant", "content": [
      { "type": "text", "text": "wait" },
      { "type": "tool_use", "id": "b", "name": "f", "input": { "id": 12345678901234567890, "x": 1.50 } },
      { "type": "tool_use", "id": "a", "name": "g", "input": {} }
    ] },
    { "role": "user", "content": [
      { "type": "text", "text": "and?" },
      { "type": "tool_result", "tool_use_id": "b", "content": "yes" },
      { "type": "tool_result", "tool_use_id": "a", "is_error": true, "content": [{ "type": "text", "text": "no" }] }
    ] }
  ] }`) as JsonObject;
  const { messages, temperature, maxOutputTokens } = decode(body);
  assert.deepEqual([temperature, maxOutputTokens], [1, 10]);
  assert.deepEqual(messages, [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'wait' },
        { type: 'tool-call', id: 'b', name: 'f', argumentsText: '{"id":12345678901234567890,"x":1.5}' },
        { type: 'tool-call', id: 'a', name: 'g', argumentsText: '{}' },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool-result', toolCallId: 'b', content: [{ type: 'text', text: 'yes' }] },
        { type: 'tool-result', toolCallId: 'a', isError: true, content: [{ type: 'text', text: 'no' }] },
        { type: 'text', text: 'and?' },
      ],
    },
  ]);
});

test('results in messages of their own join the turn that they answer', () => {
  const messages = messagesOf(
    { role: 'user', content: [result('a')] },
    { role: 'user', content: [{ type: 'text', text: 'x' }, result('b')] },
    HI,
  );
  assert.deepEqual(messages, [
    {
      role: 'user',
      content: [
        { type: 'tool-result', toolCallId: 'a', content: [] },
        { type: 'tool-result', toolCallId: 'b', content: [] },
        { type: 'text', text: 'x' },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
  ]);
});

test('thinking: signed, unsigned, of our own making, and sealed', () => {
  const content = [thinking('sig'), thinking(''), thinking(UNSIGNED), { type: 'redacted_thinking', data: 'x' }];
  const { messages, fields } = decodeWith({ messages: [{ role: 'assistant', content }, HI] });
  assert.deepEqual(messages[0]?.content, [
    { type: 'reasoning', text: 'hm', signature: 'sig' },
    { type: 'reasoning', text: 'hm' },
    { type: 'reasoning', text: 'hm' },
    { type: 'reasoning', text: '', redacted: 'x' },
  ]);
  assert.equal(fields['reasoning-signature'], 'messages[0].content[0].signature');
  assert.equal(fields['redacted-reasoning'], 'messages[0].content[3]');
});

test('documents with all that belongs to them', () => {
  const blocks = [
    { type: 'text', text: 'a' },
    { type: 'image', source: { type: 'url', url: 'u' } },
    { type: 'text', text: 'b' },
  ];
  const rest = { title: 't', context: 'c', citations: true, cache: { ttl: undefined } };
  const content = [
    document({ type: 'base64', media_type: 'application/pdf', data: 'AA==' }),
    document({ type: 'content', content: blocks }),
    document({ type: 'content', content: 'whole' }),
  ];
  assert.deepEqual(messagesOf({ role: 'user', content })[0]?.content, [
    { type: 'document', source: { kind: 'data', mediaType: 'application/pdf', base64: 'AA==' }, ...rest },
    { type: 'document', source: { kind: 'text', text: 'a\nb' }, ...rest },
    { type: 'image', source: { kind: 'url', url: 'u' } },
    { type: 'document', source: { kind: 'text', text: 'whole' }, ...rest },
  ]);
});

test('what stands inside of what is a feature too, so that its loss has a place', () => {
  const image = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
  const inside = { type: 'document', source: { type: 'content', content: [image] } };
  const content = [{ ...result('toolu_1'), content: [inside] }];
  const { fields } = decodeWith({ messages: [HI, { role: 'user', content }] });
  assert.equal(fields['tool-result-image'], 'messages[1].content[0].content[0]');
  const sealed = { role: 'assistant', content: [{ type: 'redacted_thinking', data: 'x' }] };
  assert.equal(decodeWith({ messages: [HI, sealed, HI] }).fields['reasoning-history'], 'messages[1].content[0]');
});

test('what ran at Anthropic is told as text, without what only Anthropic can read', () => {
  const content = [
    { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
    {
      type: 'web_search_tool_result',
      tool_use_id: 's',
      content: [{ type: 'web_search_result', title: 't', url: 'u', encrypted_content: 'x' }],
    },
    {
      type: 'web_fetch_tool_result',
      tool_use_id: 's',
      content: { source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
    },
  ];
  assert.deepEqual(messagesOf({ role: 'assistant', content }, HI)[0]?.content, [
    { type: 'text', text: '[Called web_search with {"query":"q"}]' },
    { type: 'text', text: '[web_search_tool_result: [{"type":"web_search_result","title":"t","url":"u"}]]' },
    {
      type: 'text',
      text: '[web_fetch_tool_result: {"source":{"type":"base64","media_type":"application/pdf","data":"(left out)"}}]',
    },
  ]);
});

test('promise 2: unknown fields are noted wherever they are, each kind once', () => {
  const block = { type: 'text', text: 'a', mood: 'good' };
  const says = 'is left out: the gateway does not know this field, so it cannot translate it';
  assert.deepEqual(notesOf({ messages: [{ role: 'user', content: [block, block], weather: 1 }, HI], shoe_size: 42 }), [
    `messages[0].content[0].mood ${says}`,
    `messages[0].weather ${says}`,
    `shoe_size ${says}`,
  ]);
});

test('defaults that are said in so many words are no loss', () => {
  const tool = {
    name: 'f',
    input_schema: {},
    allowed_callers: ['direct'],
    defer_loading: false,
    input_examples: [],
    eager_input_streaming: false,
  };
  const content = [{ type: 'tool_use', id: 'a', name: 'f', input: {}, caller: { type: 'direct' } }];
  assert.deepEqual(notesOf({ tools: [tool], speed: 'standard', context_management: { edits: [] } }), []);
  assert.deepEqual(notesOf({ messages: [{ role: 'assistant', content }, HI] }), []);
});

test('a last message of the assistant is a prefill', () => {
  assert.equal(decodeWith({ messages: [HI, { role: 'assistant', content: '{' }] }).fields['prefill'], 'messages[1]');
  assert.equal(decodeWith({}).fields['prefill'], undefined);
});

const INVALID: readonly (readonly [string, JsonObject])[] = [
  ['messages[0].role', { messages: [{ role: 'narrator', content: 'x' }] }],
  ['messages[0].content', { messages: [{ role: 'user' }] }],
  ['messages[0].content', { messages: [{ role: 'user', content: 5 }] }],
  ['messages[0]', { messages: ['hi'] }],
  ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{}] }] }],
  ['messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
  ['messages[0].content[0]', { messages: [{ role: 'user', content: [{ type: 'thinking' }] }] }],
  ['messages[0].content[0]', { messages: [{ role: 'assistant', content: [{ type: 'tool_result' }] }] }],
  ['messages[0].content[0].source', { messages: [{ role: 'user', content: [{ type: 'image' }] }] }],
  ['system', { system: 5 }],
  ['system[0].type', { system: [{ type: 'image' }] }],
  ['temperature', { temperature: 'hot' }],
  ['max_tokens', { max_tokens: 1.5 }],
  ['stop_sequences[1]', { stop_sequences: ['a', 1] }],
  ['tools', { tools: {} }],
  ['tools[0].name', { tools: [{ input_schema: {} }] }],
  ['tools[0].input_schema', { tools: [{ name: 'f' }] }],
  ['tool_choice.type', { tool_choice: { type: 'some' } }],
  ['tool_choice.name', { tool_choice: { type: 'tool' } }],
  ['thinking.budget_tokens', { thinking: { type: 'enabled' } }],
  ['output_config.effort', { output_config: { effort: 'heroic' } }],
  ['output_config.format.schema', { output_config: { format: { type: 'json_schema' } } }],
  ['cache_control.ttl', { cache_control: { type: 'ephemeral', ttl: '2h' } }],
  ['metadata.user_id', { metadata: { user_id: 5 } }],
  ['stream', { stream: 'yes' }],
];

test('a field of another type is named', () => {
  for (const [param, body] of INVALID) {
    assert.throws(
      () => decodeWith(body),
      (error) => {
        assert.ok(error instanceof GatewayError, String(error));
        assert.deepEqual([error.code, error.param], ['request_invalid', param]);
        return error.message.includes(`\`${param}\``);
      },
    );
  }
});
