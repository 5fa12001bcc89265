import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { AssistantPart, Message, UserPart } from '../../../core/inference/content.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { type BuiltBody, buildBody } from './build-body.ts';

function build(parts: Partial<InferenceRequest>, capabilities?: Capabilities): BuiltBody {
  return buildBody(makeInference(parts), 'claude-x', capabilities);
}

function bodyOf(parts: Partial<InferenceRequest>, capabilities?: Capabilities): JsonObject {
  return build(parts, capabilities).body;
}

function user(...content: (UserPart | string)[]): Message {
  return { role: 'user', content: content.map((part) => (typeof part === 'string' ? text(part) : part)) };
}

function assistant(...content: (AssistantPart | string)[]): Message {
  return { role: 'assistant', content: content.map((part) => (typeof part === 'string' ? text(part) : part)) };
}

function system(...texts: string[]): Message {
  return { role: 'system', content: texts.map(text) };
}

function text(words: string): { readonly type: 'text'; readonly text: string } {
  return { type: 'text', text: words };
}

function call(id: string, argumentsText = '{}', name = 'f'): AssistantPart {
  return { type: 'tool-call', id, name, argumentsText };
}

function result(toolCallId: string, words = 'ok'): UserPart {
  return { type: 'tool-result', toolCallId, content: [text(words)] };
}

/** Messages as `role: block block`, each block by its type and what tells it apart. */
function sketch({ messages }: JsonObject): string[] {
  return (messages as { role: string; content: JsonObject[] }[]).map(({ role, content }) => {
    const blocks = content.map((block) => block['text'] ?? block['tool_use_id'] ?? block['id'] ?? block['type']);
    return `${role}: ${(blocks as string[]).join(' | ')}`;
  });
}

const WEATHER = { name: 'weather', description: 'd', parameters: { type: 'object', properties: { city: {} } } };

const marked = (words: string): UserPart => ({ type: 'text', text: words, cache: { ttl: undefined } });

const strictOf = (parameters: JsonObject, capabilities?: Capabilities): unknown[] => {
  const { body, notes } = build({ tools: [{ name: 'f', strict: true, parameters }] }, capabilities);
  const [tool] = body['tools'] as JsonObject[];
  return [tool?.['strict'], tool?.['input_schema'], notes.length];
};

describe('the body for Anthropic', () => {
  it('is small for a small request', () => {
    assert.deepEqual(bodyOf({ stream: true }), {
      model: 'claude-x',
      max_tokens: 4096,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      stream: true,
    });
  });

  it('has one system prompt: a text, or blocks where there are several or breakpoints', () => {
    assert.equal(bodyOf({ messages: [system('s'), user('u')] })['system'], 's');
    assert.deepEqual(bodyOf({ messages: [system('s', ' ', 't'), user('u')] })['system'], [
      { type: 'text', text: 's' },
      { type: 'text', text: 't' },
    ]);
    const cached: Message = { role: 'system', content: [{ ...text('s'), cache: { ttl: '1h' } }] };
    assert.deepEqual(bodyOf({ messages: [cached, user('u')] })['system'], [
      { type: 'text', text: 's', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]);
  });

  it('makes any conversation one that Anthropic takes', () => {
    const cases: [string, Message[], string[], string | undefined][] = [
      ['empty blocks', [user('u', ''), assistant(' '), user('v')], ['user: u', 'user: v'], undefined],
      [
        'an opening by the assistant',
        [assistant('a'), user('u')],
        ['user: Begin.', 'assistant: a', 'user: u'],
        'begins with',
      ],
      ['instructions alone', [system('s')], ['user: s'], 'has instructions alone'],
      [
        'an empty last message',
        [user('u'), assistant('a'), user('')],
        ['user: u', 'assistant: a', 'user: Continue.'],
        'ends with',
      ],
      [
        'a last instruction',
        [user('u'), assistant('a'), system('s')],
        ['user: u', 'assistant: a', 'user: s'],
        "is sent as the user's",
      ],
      [
        'an instruction amid',
        [user('u'), assistant('a'), system('s'), user('v')],
        ['user: u', 'assistant: a', 'user: v'],
        'is moved to',
      ],
      ['a prefill', [user('u'), assistant('a: \n')], ['user: u', 'assistant: a:'], 'loses the whitespace'],
      [
        'calls before words',
        [user('u'), assistant(call('c'), 'a'), user(result('c'))],
        ['user: u', 'assistant: a | c', 'user: c'],
        undefined,
      ],
      [
        'words before results',
        [user('u'), assistant(call('c')), user('v', result('c'))],
        ['user: u', 'assistant: c', 'user: c | v'],
        undefined,
      ],
      [
        'results in pieces',
        [user('u'), assistant(call('c'), call('d')), user(result('d')), system('s'), user('v', result('c'))],
        ['user: u', 'assistant: c | d', 'user: d | c | v'],
        'is moved to',
      ],
    ];
    for (const [name, messages, expected, noted] of cases) {
      const { body, notes } = build({ messages });
      assert.deepEqual(sketch(body), expected, name);
      assert.equal(notes.length, noted === undefined ? 0 : 1, name);
      if (noted !== undefined) assert.ok((notes[0]?.says ?? '').startsWith(noted), name);
    }
  });

  it('refuses a conversation in which nothing is said', () => {
    assert.throws(() => build({ messages: [user(' ')] }), { code: 'request_invalid', param: 'messages' });
  });

  it('promise 2: keeps tool calls and results together, with ids that Anthropic takes', () => {
    const messages = [
      user('u'),
      assistant(call('call_0', '{"id":12345678901234567890}'), call('a b', '')),
      user(result('a b', 'second'), result('call_0', 'first')),
      assistant(call('call_0')),
      user({ ...result('call_0'), isError: true } as UserPart),
    ];
    const [, calls, results, again, last] = bodyOf({ messages })['messages'] as { content: JsonObject[] }[];
    const [first, second] = calls?.content ?? [];
    assert.equal(
      JSON.stringify(first),
      '{"type":"tool_use","id":"call_0","name":"f","input":{"id":12345678901234567890}}',
    );
    assert.deepEqual(second?.['input'], {});
    assert.match(second?.['id'] as string, /^call_[0-9a-f]{32}$/);
    assert.deepEqual(results?.content, [
      { type: 'tool_result', tool_use_id: second?.['id'], content: 'second' },
      { type: 'tool_result', tool_use_id: 'call_0', content: 'first' },
    ]);
    const newId = again?.content[0]?.['id'];
    assert.notEqual(newId, 'call_0');
    assert.deepEqual(last?.content, [{ type: 'tool_result', tool_use_id: newId, content: 'ok', is_error: true }]);
  });

  it('sends the thinking that Anthropic can check, and no other', () => {
    const thought: AssistantPart[] = [
      { type: 'reasoning', text: 'mine', signature: 's' },
      { type: 'reasoning', text: '', redacted: 'r' },
      { type: 'reasoning', text: 'foreign' },
      { type: 'reasoning', text: 'ours', signature: 'causeway-unsigned' },
      { type: 'reasoning', text: '', signature: 'gemini:s' },
      { type: 'reasoning', text: '', redacted: 'responses:r' },
    ];
    const { body, notes } = build({ messages: [user('u'), assistant(...thought, 'a'), user('v')] });
    assert.deepEqual((body['messages'] as JsonObject[])[1]?.['content'], [
      { type: 'thinking', thinking: 'mine', signature: 's' },
      { type: 'redacted_thinking', data: 'r' },
      { type: 'text', text: 'a' },
    ]);
    assert.deepEqual(
      notes.map(({ field }) => field),
      ['reasoning-history'],
    );
  });

  it('takes images and documents in every form', () => {
    const pdf = { kind: 'data', mediaType: 'application/pdf', base64: 'AA' } as const;
    const plain = { kind: 'data', mediaType: 'text/plain; charset=utf-8', base64: 'SGk=' } as const;
    const content: UserPart[] = [
      { type: 'image', source: { kind: 'data', mediaType: 'image/jpg', base64: 'AA' } },
      { type: 'image', source: { kind: 'url', url: 'https://a.example/b' }, cache: { ttl: undefined } },
      { type: 'document', source: pdf, title: 't', context: 'c', citations: true },
      { type: 'document', source: plain },
    ];
    assert.deepEqual((bodyOf({ messages: [user(...content)] })['messages'] as JsonObject[])[0]?.['content'], [
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AA' } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/b' }, cache_control: { type: 'ephemeral' } },
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'AA' },
        title: 't',
        context: 'c',
        citations: { enabled: true },
      },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Hi' } },
    ]);
    for (const mediaType of ['image/svg+xml', '']) {
      const image: UserPart = { type: 'image', source: { kind: 'data', mediaType, base64: 'AA' } };
      assert.throws(() => build({ messages: [user(image)] }), {
        code: 'capability_unsupported',
        message: /reads JPEG/,
      });
    }
  });

  it('keeps the first and the last breakpoints where there are too many', () => {
    const messages = [user(marked('a'), marked('b'), marked('c')), user(marked('d'))];
    const kept = (parts: Partial<InferenceRequest>): unknown[] =>
      (bodyOf({ messages, ...parts })['messages'] as { content: JsonObject[] }[])
        .flatMap(({ content }) => content)
        .flatMap((block) => (block['cache_control'] ? [block['text']] : []));
    assert.deepEqual(kept({}), ['a', 'b', 'c', 'd']);
    assert.deepEqual(kept({ tools: [{ name: 'f', cache: { ttl: '1h' } }] }), ['b', 'c', 'd']);
    assert.deepEqual(kept({ autoCache: { ttl: undefined } }), ['a', 'c', 'd']);
  });
});

describe('tools for Anthropic', () => {
  it('have a schema, and a choice that says the same', () => {
    const tools = [WEATHER, { name: 'now' }];
    const wire = [
      { name: 'weather', description: 'd', input_schema: WEATHER.parameters },
      { name: 'now', input_schema: { type: 'object', properties: {} } },
    ];
    const cases: [Partial<InferenceRequest>, unknown, number][] = [
      [{}, undefined, 2],
      [{ toolChoice: { type: 'auto' } }, { type: 'auto' }, 2],
      [{ toolChoice: { type: 'none' }, parallelToolCalls: false }, { type: 'none' }, 2],
      [{ toolChoice: { type: 'required' } }, { type: 'any' }, 2],
      [{ toolChoice: { type: 'tool', name: 'now' } }, { type: 'tool', name: 'now' }, 2],
      [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }, 2],
      [{ parallelToolCalls: true }, undefined, 2],
      [{ toolChoice: { type: 'allowed', names: ['weather'], required: true } }, { type: 'any' }, 1],
    ];
    for (const [parts, choice, count] of cases) {
      const body = bodyOf({ tools, ...parts });
      assert.deepEqual(body['tool_choice'], choice);
      assert.deepEqual(body['tools'], wire.slice(0, count));
    }
  });

  it('are named in a way that Anthropic takes, in calls too, and by their own names in answers', () => {
    const messages = [user('u'), assistant(call('c', '{}', 'web.search')), user(result('c'))];
    const { body, reshape } = build({ tools: [{ name: 'web.search' }], messages });
    const name = (body['tools'] as JsonObject[])[0]?.['name'];
    assert.match(name as string, /^web_search_[0-9a-f]{12}$/);
    assert.equal((body['messages'] as { content: JsonObject[] }[])[1]?.content[0]?.['name'], name);
    const start = { type: 'tool-call-start', choice: 0, index: 0, id: 'c', name: name as string } as const;
    assert.deepEqual(reshape()(start), [{ ...start, name: 'web.search' }]);
  });

  it('are declared for the calls in a history, even where none is offered', () => {
    const body = bodyOf({ messages: [user('u'), assistant(call('c')), user(result('c'))] });
    assert.deepEqual(body['tools'], [{ name: 'f', input_schema: { type: 'object', properties: {} } }]);
    assert.deepEqual(body['tool_choice'], { type: 'none' });
  });

  it('are strict where their schema allows it', () => {
    const closed = { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'] };
    const open = { type: 'object', properties: { a: { type: 'object' } } };
    const a = { type: 'integer', description: 'minimum: 1' };
    assert.deepEqual(strictOf(closed), [true, { ...closed, properties: { a }, additionalProperties: false }, 1]);
    assert.deepEqual(strictOf(open), [undefined, open, 1]);
    assert.deepEqual(strictOf(closed, { jsonSchema: false }), [undefined, closed, 1]);
  });

  it('cannot be demanded where there are none, or of a model that cannot be made to call', () => {
    const toolChoice = { type: 'required' } as const;
    const fields = { 'tool-choice-required': 'tool_choice' };
    assert.throws(() => build({ toolChoice, fields }), { code: 'request_invalid', param: 'tool_choice' });
    assert.throws(() => build({ toolChoice, fields, tools: [WEATHER] }, { forcedTools: false }), {
      code: 'capability_unsupported',
      param: 'tool_choice',
    });
    assert.throws(() => build({ tools: [{ name: 'f', parameters: { type: 'string' } }] }), {
      code: 'capability_unsupported',
    });
  });
});
