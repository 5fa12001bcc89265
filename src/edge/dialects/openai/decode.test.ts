import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';

import { parseExact } from '../../../core/inference/exact-json.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { decode } from './decode.ts';

const HELLO: JsonObject = { role: 'user', content: 'hi' };
const FUNCTION: JsonObject = { name: 'f', parameters: { type: 'object' } };
const TOOL: JsonObject = { type: 'function', function: FUNCTION };

function decoded(fields: JsonObject): InferenceRequest {
  return decode({ model: 'm', messages: [HELLO], ...fields });
}

function messagesOf(...messages: Json[]): InferenceRequest['messages'] {
  return decoded({ messages }).messages;
}

function call(id: string, name: string, args: string): JsonObject {
  return { id, type: 'function', function: { name, arguments: args } };
}

function partOf(part: JsonObject): unknown {
  return messagesOf({ role: 'user', content: [part] })[0]?.content[0];
}

function notesOf(fields: JsonObject): string[] {
  return decoded(fields).notes.map(({ field }) => field);
}

describe('messages', () => {
  it('have their roles, names and texts', () => {
    assert.deepEqual(
      messagesOf(
        { role: 'developer', content: 'brief' },
        { role: 'system', content: [{ type: 'text', text: 'polite' }], name: 'boss' },
        { role: 'user', content: 'hi', name: 'ann' },
        { role: 'assistant', content: 'hello' },
      ),
      [
        { role: 'system', content: [{ type: 'text', text: 'brief' }] },
        { role: 'system', content: [{ type: 'text', text: 'polite' }], name: 'boss' },
        { role: 'user', content: [{ type: 'text', text: 'hi' }], name: 'ann' },
        { role: 'assistant', content: [{ type: 'text', text: 'hello' }] },
      ],
    );
  });

  it('promise 2: a turn of calls keeps ids, order and arguments, and its results are one message', () => {
    assert.deepEqual(
      messagesOf(
        HELLO,
        {
          role: 'assistant',
          content: '',
          tool_calls: [call('a', 'f', ''), call('b', 'g', '{"id":12345678901234567890}')],
        },
        { role: 'tool', tool_call_id: 'b', content: 'two' },
        { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'one' }] },
        { role: 'user', content: 'and?' },
        { role: 'tool', tool_call_id: 'c', content: '' },
      ).slice(1),
      [
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', id: 'a', name: 'f', argumentsText: '' },
            { type: 'tool-call', id: 'b', name: 'g', argumentsText: '{"id":12345678901234567890}' },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool-result', toolCallId: 'b', content: [{ type: 'text', text: 'two' }] },
            { type: 'tool-result', toolCallId: 'a', content: [{ type: 'text', text: 'one' }] },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'and?' }] },
        { role: 'user', content: [{ type: 'tool-result', toolCallId: 'c', content: [] }] },
      ],
    );
  });

  it('are the same where a client sends back what an SDK made of an answer', () => {
    const message = {
      role: 'assistant',
      content: null,
      refusal: null,
      annotations: [],
      audio: null,
      function_call: null,
      parsed: null,
      tool_calls: [
        { index: 0, ...call('a', 'f', '{}'), function: { name: 'f', arguments: '{}', parsed_arguments: {} } },
      ],
    };
    const { messages, notes } = decoded({
      messages: [HELLO, message, { role: 'tool', tool_call_id: 'a', content: 'x' }],
    });
    assert.deepEqual(messages[1]?.content, [{ type: 'tool-call', id: 'a', name: 'f', argumentsText: '{}' }]);
    assert.deepEqual(notes, []);
  });

  it('carry reasoning ahead of what was said, with its proofs where they came back', () => {
    const proofs = [
      { type: 'text', text: 'hm', signature: 'sig' },
      { type: 'redacted', data: 'sealed' },
      { type: 'text', text: 'aha' },
    ];
    const [, withProofs, bare, other] = messagesOf(
      HELLO,
      { role: 'assistant', content: 'a', reasoning_content: 'last piece', causeway_reasoning: proofs },
      { role: 'assistant', content: 'b', reasoning_content: 'hm' },
      { role: 'assistant', content: 'c', reasoning: 'hm' },
    );
    assert.deepEqual(withProofs?.content, [
      { type: 'reasoning', text: 'hm', signature: 'sig' },
      { type: 'reasoning', text: '', redacted: 'sealed' },
      { type: 'reasoning', text: 'aha' },
      { type: 'text', text: 'a' },
    ]);
    assert.deepEqual(bare?.content[0], { type: 'reasoning', text: 'hm' });
    assert.deepEqual(other?.content[0], { type: 'reasoning', text: 'hm' });
  });

  it('of the form before tools get ids that are the same every time', () => {
    const messages = [
      HELLO,
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'x' },
    ];
    const [, turn, answer] = messagesOf(...messages);
    assert.deepEqual(turn?.content, [{ type: 'tool-call', id: 'call_function_1', name: 'f', argumentsText: '{}' }]);
    assert.deepEqual(answer?.content, [
      { type: 'tool-result', toolCallId: 'call_function_1', content: [{ type: 'text', text: 'x' }] },
    ]);
    assert.deepEqual(messagesOf(...messages), messagesOf(...messages));
  });

  it('end in a prefill only where the assistant is to go on', () => {
    const waiting = { role: 'assistant', content: null, tool_calls: [call('a', 'f', '{}')] };
    assert.equal(decoded({ messages: [HELLO, waiting] }).fields.prefill, undefined);
    assert.equal(decoded({ messages: [HELLO, { role: 'assistant', content: '{' }] }).fields.prefill, 'messages[1]');
  });
});

describe('content parts', () => {
  it('are images by URL or by data', () => {
    assert.deepEqual(partOf({ type: 'image_url', image_url: { url: 'HTTPS://x.example/a', detail: 'high' } }), {
      type: 'image',
      source: { kind: 'url', url: 'HTTPS://x.example/a' },
      detail: 'high',
    });
    assert.deepEqual(partOf({ type: 'image_url', image_url: { url: 'data:image/PNG;charset=x;base64,AA==' } }), {
      type: 'image',
      source: { kind: 'data', mediaType: 'image/png', base64: 'AA==' },
    });
  });

  it('are files by data, URL or id', () => {
    const source = { kind: 'data', mediaType: 'application/pdf', base64: 'JVBERi0=' };
    const cases: [JsonObject, JsonObject][] = [
      [
        { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' },
        { source, title: 'a.pdf' },
      ],
      [
        { file_data: 'JVBERi0=', filename: 'A.PDF' },
        { source, title: 'A.PDF' },
      ],
      [{ file_data: 'data:text/markdown;base64,w6Q=' }, { source: { kind: 'text', text: 'ä' } }],
      [{ file_data: 'https://x.example/a.pdf' }, { source: { kind: 'url', url: 'https://x.example/a.pdf' } }],
      [{ file_id: 'file-1' }, { source: { kind: 'file', fileId: 'file-1' } }],
    ];
    for (const [file, expected] of cases)
      assert.deepEqual(partOf({ type: 'file', file }), { type: 'document', ...expected });
  });

  it('are cache breakpoints, of their own or of the whole message', () => {
    const control = { type: 'ephemeral', ttl: '1h' };
    const text = { type: 'text', text: 'a' };
    assert.deepEqual(partOf({ ...text, cache_control: control }), { ...text, cache: { ttl: '1h' } });
    assert.deepEqual(partOf({ ...text, prompt_cache_breakpoint: { mode: 'explicit' } }), {
      ...text,
      cache: { ttl: undefined },
    });
    const [turn, result] = messagesOf(
      { role: 'assistant', content: [text, text], refusal: 'no', cache_control: control },
      { role: 'tool', tool_call_id: 'a', content: 'x', cache_control: { type: 'ephemeral' } },
    );
    assert.deepEqual(turn?.content.slice(0, 2), [text, { ...text, cache: { ttl: '1h' } }]);
    assert.deepEqual(result?.content, [
      { type: 'tool-result', toolCallId: 'a', content: [{ type: 'text', text: 'x' }], cache: { ttl: undefined } },
    ]);
  });
});

function allowed(mode: string, tools: Json[]): JsonObject {
  return { type: 'allowed_tools', allowed_tools: { mode, tools } };
}

describe('tools', () => {
  const tools = [TOOL, { type: 'function', function: { name: 'g', strict: true, description: 'd' } }];

  it('are functions with what is said of them', () => {
    assert.deepEqual(decoded({ tools }).tools, [
      { name: 'f', parameters: { type: 'object' } },
      { name: 'g', strict: true, description: 'd' },
    ]);
  });

  it('are chosen in every form', () => {
    const named = { type: 'function', function: { name: 'g' } };
    const cases: [Json, InferenceRequest['toolChoice']][] = [
      ['auto', { type: 'auto' }],
      ['none', { type: 'none' }],
      ['required', { type: 'required' }],
      [named, { type: 'tool', name: 'g' }],
      [allowed('auto', tools), { type: 'allowed', names: ['f', 'g'], required: false }],
      [allowed('required', tools), { type: 'allowed', names: ['f', 'g'], required: true }],
      [null, undefined],
    ];
    for (const [tool_choice, expected] of cases) {
      const { toolChoice, notes } = decoded({ tools, tool_choice });
      assert.deepEqual(toolChoice, expected);
      assert.deepEqual(notes, []);
    }
  });

  it('of the older form are called one at a time', () => {
    const { toolChoice, parallelToolCalls, fields } = decoded({ functions: [FUNCTION], function_call: { name: 'f' } });
    assert.deepEqual(toolChoice, { type: 'tool', name: 'f' });
    assert.equal(parallelToolCalls, false);
    assert.equal(fields.tools, 'functions');
  });
});

test('options are read, and null is absent', () => {
  const fields = {
    max_tokens: 9,
    max_completion_tokens: 10,
    temperature: 0,
    top_p: 1,
    top_k: 40,
    n: 2,
    stop: ['a', 'b'],
    seed: -1,
    frequency_penalty: 0,
    presence_penalty: -2,
    logit_bias: { '50256': -100 },
    logprobs: true,
    top_logprobs: 2,
    reasoning_effort: 'minimal',
    verbosity: 'low',
    service_tier: 'auto',
    user: 'ann@example.com',
    safety_identifier: 'hash',
    prompt_cache_key: 'k',
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
  };
  const options = decoded(fields);
  const { messages: _messages, fields: _used, notes, ...rest } = options;
  assert.deepEqual(rest, {
    tools: [],
    temperature: 0,
    topP: 1,
    topK: 40,
    seed: -1,
    frequencyPenalty: 0,
    presencePenalty: -2,
    choices: 2,
    maxOutputTokens: 10,
    stop: ['a', 'b'],
    logitBias: { '50256': -100 },
    logprobs: { top: 2 },
    user: 'hash',
    serviceTier: 'auto',
    promptCacheKey: 'k',
    verbosity: 'low',
    reasoning: { effort: 'minimal' },
    stream: true,
    includeUsage: true,
  });
  assert.deepEqual(
    notes.map(({ field }) => field),
    ['max_tokens'],
  );
  const nothing = Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
  const bare = { tools: [], stream: false, includeUsage: false, notes: [], fields: {} };
  const { messages: _none, ...unset } = decoded(nothing);
  assert.deepEqual(unset, bare);
  const { messages: _neither, ...empty } = decoded({ tools: [], stop: [], top_k: -1, logit_bias: {}, metadata: {} });
  assert.deepEqual(empty, bare);
});

test('promise 2: a field that is not known is said, the same one once, and null is nothing', () => {
  const part = { type: 'text', text: 'a', shoe_size: 42 };
  const fields = {
    messages: [{ role: 'user', content: [part, part], mood: 'good' }, HELLO],
    min_p: 0.1,
    best_of: null,
  };
  assert.deepEqual(notesOf(fields), ['messages[0].content[0].shoe_size', 'messages[0].mood', 'min_p']);
});

test('numbers of an exactly parsed body are numbers, and schemas keep theirs', () => {
  const body = parseExact(
    '{"model":"m","messages":[{"role":"user","content":"12345678901234567890"}],"temperature":1.0,"seed":12345678901234567890,' +
      '"logit_bias":{"1":5.0},"tools":[{"type":"function","function":{"name":"f","parameters":{"maximum":12345678901234567890}}}]}',
  ) as JsonObject;
  const { temperature, seed, tools, notes } = decode(body);
  assert.deepEqual([temperature, seed, notes], [1, 12345678901234567000, []]);
  assert.equal(JSON.stringify(tools[0]?.parameters), '{"maximum":12345678901234567890}');
});
