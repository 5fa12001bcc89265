import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';

import { anyAnswer } from '../../../../test/support/answer-events.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { makeInference } from '../../../../test/support/make-inference.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { AssistantPart, Message, ReasoningPart, TextPart, ToolCallPart } from '../../../core/inference/content.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { decode } from './decode.ts';
import { encodeAnswer } from './encode-answer.ts';
import { sealReasoning, unsealReasoning } from './sealed-reasoning.ts';

const HELLO: JsonObject = { role: 'user', content: 'hi' };
const TOOL: JsonObject = { type: 'function', name: 'f', parameters: { type: 'object' } };

function decoded(fields: JsonObject): InferenceRequest {
  return decode({ model: 'm', input: [HELLO], ...fields });
}

function messagesOf(...input: Json[]): readonly Message[] {
  return decoded({ input }).messages;
}

function call(call_id: string, name: string, args: string): JsonObject {
  return { type: 'function_call', call_id, name, arguments: args };
}

function result(call_id: string, output: Json): JsonObject {
  return { type: 'function_call_output', call_id, output };
}

function partOf(part: JsonObject): unknown {
  return messagesOf({ role: 'user', content: [part] })[0]?.content[0];
}

function refusal(fields: JsonObject): [string, string | undefined] {
  try {
    decoded(fields);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return [error.code, error.param];
  }
  return ['nothing', undefined];
}

function texts(text: string): Json {
  return [{ type: 'output_text', text, annotations: [], logprobs: [] }];
}

function reasoning(fields: JsonObject): unknown {
  const [, turn] = messagesOf(HELLO, { type: 'reasoning', id: 'rs_1', summary: [], ...fields }, HELLO);
  return turn?.role === 'assistant' ? turn.content : [];
}

describe('input', () => {
  it('is a text or items, behind the instructions', () => {
    const system = { role: 'system', content: [{ type: 'text', text: 'brief' }] };
    const user = { role: 'user', content: [{ type: 'text', text: 'hi' }] };
    assert.deepEqual(decoded({ input: 'hi', instructions: 'brief' }).messages, [system, user]);
    assert.deepEqual(messagesOf({ type: 'message', role: 'developer', content: 'brief' }, HELLO), [system, user]);
    assert.deepEqual(messagesOf({ role: 'user', content: [{ type: 'input_text', text: 'hi' }] }), [user]);
    assert.deepEqual(decoded({ input: [], instructions: '' }).messages, []);
  });

  it('promise 2: what the assistant does in one go is one turn, and so are the results', () => {
    assert.deepEqual(
      messagesOf(
        HELLO,
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] },
        { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: texts('let me see') },
        { ...call('a', 'f', ''), id: 'fc_1', status: 'completed' },
        call('b', 'g', '{"id":12345678901234567890}'),
        result('b', 'two'),
        result('a', [{ type: 'input_text', text: 'one' }]),
        HELLO,
        result('c', ''),
      ).slice(1),
      [
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'text', text: 'let me see' },
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
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
        { role: 'user', content: [{ type: 'tool-result', toolCallId: 'c', content: [] }] },
      ],
    );
  });

  it('has reasoning of this gateway, of OpenAI, and of servers that show it', () => {
    const summary = [
      { type: 'summary_text', text: 'a' },
      { type: 'summary_text', text: 'b' },
    ];
    assert.deepEqual(reasoning({ summary, encrypted_content: 'gAAA' }), [
      { type: 'reasoning', text: 'a\n\nb' },
      { type: 'reasoning', text: '', redacted: 'responses:gAAA' },
    ]);
    assert.deepEqual(reasoning({ summary, content: [{ type: 'reasoning_text', text: 'all of it' }] }), [
      { type: 'reasoning', text: 'all of it' },
    ]);
    assert.deepEqual(reasoning({ encrypted_content: 'causeway:signature:gemini:s' }), [
      { type: 'reasoning', text: '', signature: 'gemini:s' },
    ]);
    assert.deepEqual(reasoning({ encrypted_content: null }), []);
  });

  it('ends in a prefill only where the assistant is to go on', () => {
    assert.equal(decoded({ input: [HELLO, call('a', 'f', '{}')] }).fields.prefill, undefined);
    assert.equal(decoded({ input: [HELLO, { role: 'assistant', content: '{' }] }).fields.prefill, 'input[1]');
  });

  it('may be what an SDK made of an answer', () => {
    const parsed = [{ type: 'output_text', text: '{}', annotations: [], logprobs: [], parsed: {} }];
    const { notes } = decoded({
      input: [
        HELLO,
        { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: parsed },
        { ...call('a', 'f', '{}'), id: 'fc_1', status: 'completed', parsed_arguments: {} },
        { ...result('a', 'x'), id: 'fco_1', status: 'completed' },
      ],
    });
    assert.deepEqual(notes, []);
  });

  it('is refused where it refers to what is not there', () => {
    assert.deepEqual(refusal({ previous_response_id: 'resp_1' }), ['request_invalid', 'previous_response_id']);
    assert.deepEqual(refusal({ input: [HELLO, { id: 'msg_1' }] }), ['request_invalid', 'input[1]']);
    assert.deepEqual(refusal({ input: [{ type: 'computer_call' }] }), ['capability_unsupported', 'input[0].type']);
    assert.deepEqual(refusal({ input: [call('', 'f', '')] }), ['request_invalid', 'input[0].call_id']);
    assert.deepEqual(refusal({ input: [{ role: 'tool', content: 'a' }] }), ['request_invalid', 'input[0].role']);
    assert.deepEqual(refusal({ input: [{ role: 'user' }] }), ['request_invalid', 'input[0].content']);
  });
});

test('parts are images and files by data, URL or id', () => {
  const png = { kind: 'data', mediaType: 'image/png', base64: 'AA==' };
  const pdf = { kind: 'data', mediaType: 'application/pdf', base64: 'JVBERi0=' };
  const cases: [JsonObject, unknown][] = [
    [
      { type: 'input_image', image_url: 'https://x.example/a', detail: 'auto' },
      { type: 'image', source: { kind: 'url', url: 'https://x.example/a' } },
    ],
    [
      { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'high' },
      { type: 'image', source: png, detail: 'high' },
    ],
    [
      { type: 'input_image', file_id: 'file-1' },
      { type: 'image', source: { kind: 'file', fileId: 'file-1' } },
    ],
    [
      { type: 'input_file', file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' },
      { type: 'document', source: pdf, title: 'a.pdf' },
    ],
    [
      { type: 'input_file', file_data: 'data:text/plain;base64,w6Q=' },
      { type: 'document', source: { kind: 'text', text: 'ä' } },
    ],
    [
      { type: 'input_file', file_url: 'https://x.example/a.pdf' },
      { type: 'document', source: { kind: 'url', url: 'https://x.example/a.pdf' } },
    ],
    [
      { type: 'input_file', file_id: 'file-1' },
      { type: 'document', source: { kind: 'file', fileId: 'file-1' } },
    ],
    [
      { type: 'input_audio', input_audio: { format: 'wav', data: 'AA==' } },
      { type: 'audio', format: 'wav', base64: 'AA==' },
    ],
    [
      { type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } },
      { type: 'text', text: 'a', cache: { ttl: undefined } },
    ],
  ];
  for (const [part, expected] of cases) assert.deepEqual(partOf(part), expected);
  assert.equal(
    refusal({ input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] })[0],
    'request_invalid',
  );
  assert.equal(refusal({ input: [{ role: 'user', content: [{ type: 'input_file' }] }] })[0], 'request_invalid');
});

test('tools, and which of them may be called', () => {
  const { tools, toolChoice, parallelToolCalls } = decoded({
    tools: [
      { ...TOOL, description: 'd', strict: true },
      { type: 'function', name: 'g' },
    ],
    tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'g' }] },
    parallel_tool_calls: false,
  });
  assert.deepEqual(tools, [
    { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
    { name: 'g' },
  ]);
  assert.deepEqual(toolChoice, { type: 'allowed', names: ['g'], required: true });
  assert.equal(parallelToolCalls, false);
  const named = { type: 'function', name: 'f' };
  assert.deepEqual(decoded({ tools: [TOOL], tool_choice: named }).toolChoice, { type: 'tool', name: 'f' });
  assert.deepEqual(refusal({ tools: [TOOL], tool_choice: { ...named, name: 'x' } }), [
    'request_invalid',
    'tool_choice.name',
  ]);
  assert.deepEqual(refusal({ tools: [TOOL], tool_choice: 'any' }), ['request_invalid', 'tool_choice']);
  assert.deepEqual(refusal({ tool_choice: 'required' }), ['request_invalid', 'tool_choice']);
  assert.deepEqual(refusal({ tools: [{ type: 'mcp' }] }), ['capability_unsupported', 'tools[0].type']);
});

test('options, the form of the answer, and how much to think', () => {
  const request = decoded({
    max_output_tokens: 5,
    temperature: 0,
    top_p: 1,
    user: 'u',
    safety_identifier: 's',
    service_tier: 'flex',
    prompt_cache_key: 'k',
    text: { verbosity: 'low', format: { type: 'json_schema', name: 'n', schema: {}, strict: true } },
    reasoning: { effort: 'high', summary: 'auto' },
    stream: true,
    top_logprobs: 0,
    background: false,
    truncation: null,
  });
  const { messages: _messages, tools: _tools, fields: _fields, ...rest } = request;
  assert.deepEqual(rest, {
    maxOutputTokens: 5,
    temperature: 0,
    topP: 1,
    user: 's',
    serviceTier: 'flex',
    promptCacheKey: 'k',
    verbosity: 'low',
    responseFormat: { type: 'json-schema', name: 'n', schema: {}, strict: true },
    reasoning: { effort: 'high', display: 'summarized' },
    stream: true,
    includeUsage: true,
    notes: [],
  });
  assert.deepEqual(decoded({ reasoning: { effort: 'none' } }).reasoning, { enabled: false });
  assert.deepEqual(decoded({ reasoning: { effort: null } }).reasoning, undefined);
  assert.deepEqual(refusal({ temperature: 3 }), ['request_invalid', 'temperature']);
  assert.deepEqual(refusal({ max_output_tokens: 0 }), ['request_invalid', 'max_output_tokens']);
});

test('promise 2: a proof comes back as it was given', () => {
  for (const proof of [
    {},
    { signature: 's' },
    { signature: '' },
    { signature: 'gemini:a:b' },
    { redacted: 'x' },
    { redacted: 'converse:x' },
    { redacted: 'responses:gAAA' },
  ]) {
    assert.deepEqual(unsealReasoning(sealReasoning(proof)), proof);
  }
});

/** What the model said, as a history would have it: its parts in the order in which they began. */
class History {
  readonly #parts = new Map<string, AssistantPart>();
  /** Texts that follow each other are one part. */
  #text: string | undefined;

  get parts(): AssistantPart[] {
    return [...this.#parts.values()].map((part) =>
      part.type === 'tool-call' && part.argumentsText === '' ? { ...part, argumentsText: '{}' } : part,
    );
  }

  read(event: StreamEvent): void {
    switch (event.type) {
      case 'text-delta':
        return this.#say('text', event.text);
      case 'refusal-delta':
        return this.#say('refusal', event.text);
      case 'reasoning-delta':
        return this.#reason(event.index, event.text, {});
      case 'reasoning-signature':
        return this.#reason(
          event.index,
          '',
          event.redacted ? { redacted: event.signature } : { signature: event.signature },
        );
      case 'tool-call-start': {
        this.#text = undefined;
        const { id, name } = event;
        this.#parts.set(`call ${event.index}`, { type: 'tool-call', id, name, argumentsText: '' });
        return;
      }
      case 'tool-call-delta': {
        const part = this.#parts.get(`call ${event.index}`) as ToolCallPart;
        const argumentsText = part.argumentsText + event.argumentsText;
        this.#parts.set(`call ${event.index}`, { ...part, argumentsText });
        return;
      }
      default:
    }
  }

  #say(type: 'text' | 'refusal', text: string): void {
    if (!this.#text?.startsWith(type)) this.#text = `${type} ${this.#parts.size}`;
    const said = this.#parts.get(this.#text) as TextPart | undefined;
    this.#parts.set(this.#text, { type, text: (said?.text ?? '') + text });
  }

  #reason(index: number, text: string, { signature, redacted }: Partial<ReasoningPart>): void {
    this.#text = undefined;
    const key = `reasoning ${index}`;
    const said = this.#parts.get(key) as ReasoningPart | undefined;
    this.#parts.set(key, {
      type: 'reasoning',
      text: (said?.text ?? '') + text,
      ...(signature === undefined ? {} : { signature }),
      ...(redacted === undefined ? {} : { redacted }),
    });
  }
}

function partsOf(events: readonly StreamEvent[]): AssistantPart[] {
  const history = new History();
  for (const event of events) history.read(event);
  return history.parts;
}

test('promise 2: an answer that is sent back in the next request is the same parts again', () => {
  fc.assert(
    fc.property(anyAnswer, (events) => {
      const context = { requestId: 'r1', createdAt: 0, model: 'm', request: makeInference(), body: {} };
      const answer = JSON.stringify(encodeAnswer(events, context));
      const { output } = parseExact(answer) as { output: Json[] };
      const { messages, notes } = decoded({ input: [HELLO, ...output, HELLO] });
      const said = messages.slice(1, -1);
      const parts = partsOf(events);
      assert.deepEqual(said, parts.length === 0 ? [] : [{ role: 'assistant', content: parts }]);
      assert.deepEqual(notes, []);
    }),
    { numRuns: 300 },
  );
});
