import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type On, bodyOf, build, messagesOf, notesOf } from '../../../../test/support/openai-build.ts';
import type { AssistantPart, Message, UserPart } from '../../../core/inference/content.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ServerQuirks } from './quirks.ts';

const text = (words: string): { type: 'text'; text: string } => ({ type: 'text', text: words });
const user = (...parts: (string | UserPart)[]): Message => ({
  role: 'user',
  content: parts.map((part) => (typeof part === 'string' ? text(part) : part)),
});
const assistant = (...parts: (string | AssistantPart)[]): Message => ({
  role: 'assistant',
  content: parts.map((part) => (typeof part === 'string' ? text(part) : part)),
});
const system = (...parts: string[]): Message => ({ role: 'system', content: parts.map(text) });
const call = (id: string, argumentsText = '{}', name = 'f'): AssistantPart => {
  return { type: 'tool-call', id, name, argumentsText };
};
const result = (id: string, words = 'ok'): UserPart => ({
  type: 'tool-result',
  toolCallId: id,
  content: [text(words)],
});

function functionsIn({ tools }: JsonObject): { readonly name: string; readonly strict?: boolean }[] {
  return ((tools ?? []) as { function: { name: string } }[]).map((each) => each.function);
}

function isStrict(parameters: JsonObject): unknown {
  return functionsIn(bodyOf({ tools: [{ name: 'f', parameters, strict: true }] }))[0]?.strict;
}

describe('the body for OpenAI', () => {
  it('is small for a small request', () => {
    assert.deepEqual(bodyOf({ stream: true, maxOutputTokens: 5 }), {
      model: 'm',
      messages: [{ role: 'user', content: 'Hello' }],
      max_completion_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('has texts as parts where the server takes them, and else as one', () => {
    const messages = [system('a', 'b'), user('c', 'd'), assistant('I a', 'm')];
    assert.deepEqual(
      messagesOf(messages).map(({ content }) => content),
      [['a', 'b'].map(text), ['c', 'd'].map(text), ['I a', 'm'].map(text)],
    );
    assert.deepEqual(
      messagesOf(messages, { quirks: {} }).map(({ content }) => content),
      ['a\n\nb', 'c\n\nd', 'I am'],
    );
  });

  it('promise 2: has every result behind its calls, and their media behind the results', () => {
    const image: UserPart = { type: 'image', source: { kind: 'data', mediaType: 'image/png', base64: 'AA' } };
    const seen: UserPart = { type: 'tool-result', toolCallId: 'b', content: [text('look'), image], isError: true };
    const messages = [
      user('u'),
      assistant('hm', call('a', ''), call('b', '{"x":1e400}')),
      user(result('a'), seen, 'go on'),
    ];
    assert.deepEqual(messagesOf(messages).slice(1), [
      {
        role: 'assistant',
        content: 'hm',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'f', arguments: '{"x":1e400}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'ok' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: look' },
      {
        role: 'user',
        content: [
          text('From the result of the tool call b:'),
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
          text('go on'),
        ],
      },
    ]);
  });

  it('promise 2: replaces ids that the server refuses, the same for a call and its result', () => {
    const messages = [user('u'), assistant(call('x'.repeat(60))), user(result('x'.repeat(60)))];
    for (const [quirks, pattern] of [
      [{}, /^call_[0-9a-f]{32}$/],
      [{ toolIds: 'nine' }, /^[0-9a-f]{9}$/],
    ] as const) {
      const [, calling, answer] = messagesOf(messages, { quirks });
      const [{ id } = { id: '' }] = (calling?.['tool_calls'] ?? []) as { id: string }[];
      assert.match(id, pattern);
      assert.equal(answer?.['tool_call_id'], id);
    }
  });

  it('takes tools by names that the server takes, and gives the answers their own again', () => {
    const long = 'n'.repeat(80);
    const { body, reshape } = build({ tools: [{ name: long }], toolChoice: { type: 'tool', name: long } });
    const [{ name: wire } = { name: '' }] = functionsIn(body);
    assert.match(wire, /^n{48}_[0-9a-f]{12}$/);
    assert.deepEqual(body['tool_choice'], { type: 'function', function: { name: wire } });
    const start = { type: 'tool-call-start', choice: 0, index: 0, id: 'a', name: wire } as const;
    assert.deepEqual(reshape()(start), [{ ...start, name: long }]);
    assert.deepEqual(reshape()({ ...start, name: 'other' }), [{ ...start, name: 'other' }]);
  });

  it('sends documents as files or as text, with what is said of them before', () => {
    const pdf = { kind: 'data', mediaType: 'application/pdf', base64: 'AA' } as const;
    const plain = { kind: 'data', mediaType: 'text/plain', base64: 'SGk=' } as const;
    const parts: UserPart[] = [
      { type: 'document', source: pdf, title: 'Report', context: 'of May' },
      { type: 'document', source: plain, title: 'Note' },
    ];
    assert.deepEqual(messagesOf([user(...parts)])[0]?.['content'], [
      text('of May'),
      { type: 'file', file: { filename: 'Report.pdf', file_data: 'data:application/pdf;base64,AA' } },
      text('Document: Note\n\nHi'),
    ]);
    const byUrl: UserPart = { type: 'document', source: { kind: 'url', url: 'https://a.example/b' } };
    assert.deepEqual(messagesOf([user(byUrl)], { quirks: { documents: 'document_url-or-url' } })[0]?.['content'], [
      { type: 'document_url', document_url: 'https://a.example/b' },
    ]);
    for (const [part, quirks] of [
      [byUrl, {}],
      [parts[0], { documents: undefined }],
      [{ type: 'document', source: { ...pdf, mediaType: 'image/tiff' } } as UserPart, {}],
      [{ type: 'image', source: { kind: 'url', url: 'https://a.example' } } as UserPart, { imageUrls: false }],
    ] as const) {
      assert.throws(() => build({ messages: [user(part ?? '')] }, { quirks }), { code: 'capability_unsupported' });
    }
  });

  it('gives reasoning back to whoever asks for it, and proofs to nobody', () => {
    const thought: AssistantPart[] = [
      { type: 'reasoning', text: 'I think.', signature: 'sig' },
      { type: 'reasoning', text: '', redacted: 'sealed' },
    ];
    const messages = [user('u'), assistant(...thought, 'a'), user('v')];
    assert.deepEqual(messagesOf(messages)[1], { role: 'assistant', content: 'a' });
    assert.deepEqual(messagesOf(messages, { quirks: { reasoningHistory: 'reasoning_content' } })[1], {
      role: 'assistant',
      content: 'a',
      reasoning_content: 'I think.',
    });
  });

  it('marks what the model shall go on with in the way of its server', () => {
    const messages = [user('u'), assistant('{')];
    assert.equal(messagesOf(messages, { quirks: { prefill: 'prefix' } })[1]?.['prefix'], true);
    assert.equal(messagesOf(messages, { quirks: { prefill: 'partial' } })[1]?.['partial'], true);
    const body = bodyOf({ messages }, { quirks: { prefill: 'continue_final_message' } });
    assert.deepEqual([body['continue_final_message'], body['add_generation_prompt']], [true, false]);
    assert.deepEqual(notesOf({ messages }, { quirks: { prefill: 'by-itself' } }), []);
    assert.equal(notesOf({ messages }).length, 1);
    assert.throws(() => build({ messages }, { quirks: { prefill: 'refused' } }), { code: 'capability_unsupported' });
  });

  it('puts turns in an order that the server takes, and says so', () => {
    const messages = [
      system('s'),
      user('u'),
      assistant(call('a')),
      user(result('a'), 'v'),
      user('w'),
      system('t'),
      user('x'),
    ];
    const roles = (quirks: Partial<ServerQuirks>): unknown[] =>
      messagesOf(messages, { quirks }).map(({ role }) => role);
    assert.deepEqual(roles({}), ['system', 'user', 'assistant', 'tool', 'user', 'user', 'system', 'user']);
    assert.deepEqual(roles({ turns: 'bridged' }).slice(2, 6), ['assistant', 'tool', 'assistant', 'user']);
    assert.deepEqual(roles({ turns: 'alternate' }), ['system', 'system', 'user', 'assistant', 'tool', 'user']);
    assert.equal(messagesOf(messages, { quirks: { turns: 'alternate' } }).at(-1)?.['content'], 'v\n\nw\n\nx');
    assert.equal(notesOf({ messages }, { quirks: { turns: 'bridged' } }).length, 1);
    assert.equal(notesOf({ messages }, { quirks: { turns: 'alternate' } }).length, 2);
  });

  it('keeps cache breakpoints where the server has them', () => {
    const marked: UserPart = { ...text('a'), cache: { ttl: '1h' } };
    const messages = [
      user(marked),
      assistant(call('a')),
      user({ ...result('a'), cache: { ttl: undefined } } as UserPart),
    ];
    const tools = [{ name: 'f', cache: { ttl: '1h' } }] as const;
    const body = bodyOf({ messages, tools }, { quirks: { cacheControl: 'with-ttl' } });
    const [first, , last] = body['messages'] as JsonObject[];
    assert.deepEqual(first?.['content'], [{ ...text('a'), cache_control: { type: 'ephemeral', ttl: '1h' } }]);
    assert.deepEqual(last?.['content'], [{ ...text('ok'), cache_control: { type: 'ephemeral' } }]);
    assert.deepEqual((body['tools'] as JsonObject[])[0]?.['cache_control'], { type: 'ephemeral', ttl: '1h' });
    assert.doesNotMatch(JSON.stringify(bodyOf({ messages, tools })), /cache_control/);
    assert.doesNotMatch(JSON.stringify(bodyOf({ messages, tools }, { quirks: { cacheControl: 'plain' } })), /ttl/);
  });
});

describe('tools for OpenAI', () => {
  const tools = [{ name: 'one' }, { name: 'two' }];

  it('are demanded in a way that the server has', () => {
    const named = { type: 'function', function: { name: 'two' } };
    const cases: [InferenceRequest['toolChoice'], Partial<ServerQuirks>, unknown, number, number][] = [
      [{ type: 'auto' }, {}, 'auto', 2, 0],
      [{ type: 'auto' }, { untaken: ['tool-choice-auto'] }, undefined, 2, 0],
      [{ type: 'none' }, {}, 'none', 2, 0],
      [{ type: 'none' }, { untaken: ['tool-choice-none'] }, undefined, 0, 0],
      [{ type: 'required' }, {}, 'required', 2, 0],
      [{ type: 'required' }, { untaken: ['tool-choice-required'] }, undefined, 2, 1],
      [{ type: 'tool', name: 'two' }, {}, named, 2, 0],
      [{ type: 'tool', name: 'two' }, { untaken: ['tool-choice-named'] }, 'required', 1, 0],
      [{ type: 'tool', name: 'two' }, { untaken: ['tool-choice-named', 'tool-choice-required'] }, undefined, 1, 1],
      [{ type: 'allowed', names: ['two'], required: true }, { untaken: ['tool-choice-required'] }, named, 1, 0],
      [{ type: 'allowed', names: ['two'], required: false }, {}, 'auto', 1, 0],
    ];
    for (const [toolChoice, quirks, choice, offered, noted] of cases) {
      const parts = { tools, ...(toolChoice ? { toolChoice } : {}) };
      const { body, notes } = build(parts, { quirks });
      const name = JSON.stringify([toolChoice, quirks]);
      assert.deepEqual(body['tool_choice'], choice, name);
      assert.equal(((body['tools'] ?? []) as unknown[]).length, offered, name);
      assert.equal(notes.length, noted, name);
    }
    assert.throws(() => build({ toolChoice: { type: 'required' } }), { code: 'request_invalid' });
    assert.throws(() => build({ tools, toolChoice: { type: 'required' } }, { capabilities: { forcedTools: false } }), {
      code: 'capability_unsupported',
    });
  });

  it('are called one at a time, or several, as the client expects', () => {
    const parallel = (parts: Partial<InferenceRequest>, on?: On): unknown =>
      bodyOf({ tools, ...parts }, on)['parallel_tool_calls'];
    assert.equal(parallel({}), undefined);
    assert.equal(parallel({ parallelToolCalls: false }), false);
    assert.equal(parallel({}, { quirks: { oneCallByDefault: true } }), true);
    assert.equal(parallel({ parallelToolCalls: false }, { quirks: { oneCallByDefault: true } }), false);
    assert.equal(parallel({ parallelToolCalls: false }, { model: 'o4-mini' }), undefined);
    assert.deepEqual(notesOf({ tools, parallelToolCalls: false }, { capabilities: { parallelTools: false } }), []);
  });

  it('are strict where OpenAI can hold the model to their schema', () => {
    const closed = {
      type: 'object',
      properties: { a: { type: 'integer' } },
      required: ['a'],
      additionalProperties: false,
    };
    assert.equal(isStrict(closed), true);
    for (const open of [
      { ...closed, additionalProperties: true },
      { ...closed, required: [] },
      { ...closed, properties: { a: {} } },
      { ...closed, properties: { a: { type: 'string', minLength: 1 } } },
      { ...closed, properties: { a: { type: 'string', format: 'uri' } } },
      { ...closed, properties: { a: { type: 'object' } } },
      { ...closed, properties: { a: { type: 'array' } } },
      { anyOf: [closed] },
    ]) {
      assert.equal(isStrict(open), undefined, JSON.stringify(open));
    }
  });
});
