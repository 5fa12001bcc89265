import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { AssistantPart, Message, ToolResultPart } from '../../../core/inference/content.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildBody } from './build-body.ts';

function build(request: Partial<InferenceRequest>, capabilities?: Capabilities): ReturnType<typeof buildBody> {
  return buildBody(makeInference(request), 'command-a-03-2025', capabilities);
}

function body(...given: Parameters<typeof build>): JsonObject {
  return build(...given).body;
}

function thinking(reasoning: InferenceRequest['reasoning'], capabilities?: Capabilities): unknown {
  return body(reasoning ? { reasoning } : {}, capabilities)['thinking'];
}

const text = (said: string) => ({ type: 'text', text: said }) as const;
const HELLO: Message = { role: 'user', content: [text('Hello')] };
const TOOL = { name: 'weather', description: 'Weather', parameters: { type: 'object', required: ['city'] } };
const THINKS: Capabilities = { reasoning: true };

describe('buildBody of Cohere', () => {
  it('says the least that Cohere needs', () => {
    assert.deepEqual(body({}), {
      model: 'command-a-03-2025',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: false,
    });
  });

  it('puts all instructions into one system message, which comes first', () => {
    const messages: Message[] = [
      { role: 'system', content: [text('Be brief.'), text('Be kind.')] },
      HELLO,
      { role: 'system', content: [text('In French.')] },
      HELLO,
    ];
    assert.deepEqual(body({ messages })['messages'], [
      { role: 'system', content: 'Be brief.\n\nBe kind.\n\nIn French.' },
      { role: 'user', content: 'Hello' },
      { role: 'user', content: 'Hello' },
    ]);
  });

  it('sends images and documents beside texts', () => {
    const content = [
      text('Look:'),
      { type: 'image', source: { kind: 'data', mediaType: 'image/png', base64: 'AAAA' }, detail: 'low' },
      { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
      { type: 'document', source: { kind: 'text', text: 'Body' }, title: 'Title', context: 'About' },
    ] as const;
    assert.deepEqual(body({ messages: [{ role: 'user', content }] })['messages'], [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'text', text: 'Document: Title\n\nAbout\n\nBody' },
        ],
      },
    ]);
  });

  it('promise 2: a tool loop keeps ids, order, arguments, the plan before the calls and errors', () => {
    const calls: AssistantPart[] = [
      { type: 'reasoning', text: 'I look it up.', signature: 'causeway-unsigned' },
      { type: 'tool-call', id: 'w_1', name: 'weather', argumentsText: '{"id":12345678901234567890}' },
      { type: 'tool-call', id: 'w_2', name: 'get.time', argumentsText: '' },
    ];
    const results: ToolResultPart[] = [
      { type: 'tool-result', toolCallId: 'w_1', content: [text('{"t":3}'), text('more')] },
      {
        type: 'tool-result',
        toolCallId: 'w_2',
        isError: true,
        content: [text('no'), { type: 'document', title: 'Log', source: { kind: 'text', text: 'line' } }],
      },
    ];
    const {
      body: sent,
      notes,
      reshape,
    } = build({
      messages: [HELLO, { role: 'assistant', content: calls }, { role: 'user', content: [...results, text('And?')] }],
      tools: [TOOL, { name: 'get.time' }],
    });
    const messages = sent['messages'] as JsonObject[];
    const [, turn] = messages;
    const wireCalls = turn?.['tool_calls'] as { readonly function: { readonly name: string } }[];
    const renamed = wireCalls[1]?.function.name ?? '';
    assert.match(renamed, /^f_get_time_[0-9a-f]{12}$/);
    assert.deepEqual(turn, {
      role: 'assistant',
      tool_plan: 'I look it up.',
      tool_calls: [
        { id: 'w_1', type: 'function', function: { name: 'weather', arguments: '{"id":12345678901234567890}' } },
        { id: 'w_2', type: 'function', function: { name: renamed, arguments: '{}' } },
      ],
    });
    assert.deepEqual(messages.slice(2), [
      { role: 'tool', tool_call_id: 'w_1', content: '{"t":3}\n\nmore' },
      {
        role: 'tool',
        tool_call_id: 'w_2',
        content: [
          { type: 'text', text: 'Error: no' },
          { type: 'document', document: { data: { title: 'Log', text: 'line' } } },
        ],
      },
      { role: 'user', content: 'And?' },
    ]);
    assert.deepEqual(sent['tools'], [
      { type: 'function', function: TOOL },
      { type: 'function', function: { name: renamed, parameters: { type: 'object', properties: {} } } },
    ]);
    assert.deepEqual(notes, []);
    assert.deepEqual(reshape()({ type: 'tool-call-start', choice: 0, index: 0, id: 'i', name: renamed }), [
      { type: 'tool-call-start', choice: 0, index: 0, id: 'i', name: 'get.time' },
    ]);
  });

  it('sends thoughts back to a model that thinks', () => {
    const content: AssistantPart[] = [{ type: 'reasoning', text: 'hm' }, text('Hi')];
    const messages: Message[] = [HELLO, { role: 'assistant', content }, HELLO];
    const turn = (capabilities?: Capabilities) => (body({ messages }, capabilities)['messages'] as JsonObject[])[1];
    assert.deepEqual(turn(THINKS), {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: 'Hi' },
      ],
    });
    assert.deepEqual(turn(), { role: 'assistant', content: 'Hi' });
  });

  it('leaves out turns of the assistant that say nothing, which Cohere refuses', () => {
    const messages: Message[] = [HELLO, { role: 'assistant', content: [] }, HELLO];
    assert.equal((body({ messages })['messages'] as JsonObject[]).length, 2);
  });

  it('has a call demanded in the way that Cohere knows', () => {
    const tools = [TOOL, { name: 'other' }];
    const choose = (toolChoice: InferenceRequest['toolChoice']): unknown[] => {
      const sent = body({ tools, ...(toolChoice ? { toolChoice } : {}) });
      const offered = (sent['tools'] as { readonly function: { readonly name: string } }[]).map(
        (tool) => tool.function.name,
      );
      return [sent['tool_choice'], offered];
    };
    assert.deepEqual(choose({ type: 'auto' }), [undefined, ['weather', 'other']]);
    assert.deepEqual(choose({ type: 'none' }), ['NONE', ['weather', 'other']]);
    assert.deepEqual(choose({ type: 'required' }), ['REQUIRED', ['weather', 'other']]);
    assert.deepEqual(choose({ type: 'tool', name: 'other' }), ['REQUIRED', ['other']]);
    assert.deepEqual(choose({ type: 'allowed', names: ['weather'], required: true }), ['REQUIRED', ['weather']]);
    assert.throws(() => choose({ type: 'tool', name: 'missing' }), { code: 'request_invalid' });
    assert.throws(() => body({ tools, toolChoice: { type: 'required' } }, { forcedTools: false }), {
      code: 'capability_unsupported',
    });
  });

  it('holds a model to its tools where all of them are strict and have a required parameter', () => {
    assert.equal(body({ tools: [{ ...TOOL, strict: true }] })['strict_tools'], true);
    assert.equal(body({ tools: [{ ...TOOL, strict: true }, TOOL] })['strict_tools'], undefined);
  });

  it('asks for JSON, by the schema where Cohere goes with it', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    const held = body({ responseFormat: { type: 'json-schema', schema } });
    assert.deepEqual(held['response_format'], { type: 'json_object', json_schema: schema });
    assert.match(JSON.stringify(held['messages']), /JSON object/);
    const range = { ...schema, properties: { a: { type: 'integer', minimum: 1 } } };
    const loose = body({ responseFormat: { type: 'json-schema', schema: range } });
    assert.deepEqual(loose['response_format'], { type: 'json_object' });
    assert.match(JSON.stringify(loose['messages']), /minimum/);
    const beside = body({ responseFormat: { type: 'json-schema', schema }, tools: [TOOL] });
    assert.equal(beside['response_format'], undefined);
  });

  it('says how much to think to a model that is known to', () => {
    assert.deepEqual(thinking({ effort: 'low' }, THINKS), { type: 'enabled', token_budget: 2048 });
    assert.deepEqual(thinking({ effort: 'high' }, THINKS), { type: 'enabled' });
    assert.deepEqual(thinking({ enabled: true, budgetTokens: 900 }, THINKS), { type: 'enabled', token_budget: 900 });
    assert.deepEqual(thinking({ enabled: false }, THINKS), { type: 'disabled' });
    assert.deepEqual(thinking({ effort: 'none' }, THINKS), { type: 'disabled' });
    assert.equal(thinking({ display: 'omitted' }, THINKS), undefined);
    assert.equal(thinking({ effort: 'low' }), undefined);
    assert.equal(thinking(undefined, THINKS), undefined);
  });

  it('names options as Cohere does', () => {
    const sent = body({
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 1,
      topK: 4,
      seed: 7,
      frequencyPenalty: 0.5,
      presencePenalty: 0,
      stop: ['a'],
      stream: true,
    });
    const { model: _model, messages: _messages, ...options } = sent;
    assert.deepEqual(options, {
      max_tokens: 9,
      temperature: 0.5,
      p: 0.99,
      k: 4,
      seed: 7,
      frequency_penalty: 0.5,
      stop_sequences: ['a'],
      stream: true,
    });
  });
});
