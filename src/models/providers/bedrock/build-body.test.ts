import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { AssistantPart, DocumentPart, Message, UserPart } from '../../../core/inference/content.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { type BuiltBody, buildBody } from './build-body.ts';

const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const NOVA = 'us.amazon.nova-2-lite-v1:0';
const QWEN = 'qwen.qwen3-32b-v1:0';

function build(parts: Partial<InferenceRequest>, model = CLAUDE, capabilities?: Capabilities): BuiltBody {
  return buildBody(makeInference(parts), model, capabilities);
}

interface TextFormat {
  readonly type: string;
  readonly structure: { readonly jsonSchema: { readonly name: string; readonly schema: string } };
}

function saysOf({ notes }: BuiltBody): string[] {
  return notes.map(({ says }) => says);
}

const user = (...content: UserPart[]): Message => ({ role: 'user', content });
const assistant = (...content: AssistantPart[]): Message => ({ role: 'assistant', content });
const text = (said: string): { type: 'text'; text: string } => ({ type: 'text', text: said });
const call = (id: string): AssistantPart => ({ type: 'tool-call', id, name: 'f', argumentsText: '{"a":1}' });
const result = (toolCallId: string, said: string): UserPart => {
  return { type: 'tool-result', toolCallId, content: said === '' ? [] : [text(said)] };
};
const pdf = (title?: string): DocumentPart => ({
  type: 'document',
  source: { kind: 'data', mediaType: 'application/pdf', base64: 'AAAA' },
  ...(title === undefined ? {} : { title }),
});
const HELLO = user(text('Hello'));
const TOOL = { name: 'f', parameters: { type: 'object', properties: {} } };
const POINT = { cachePoint: { type: 'default' } };

describe('conversations for Converse', () => {
  it('turns alternate, empty ones are left out, results stand before everything else', () => {
    const messages = [
      user(text('One')),
      user(text('Two')),
      assistant(call('a'), text('Said after the call')),
      user(text('And?')),
      user(result('a', 'done')),
      assistant(text('  ')),
      user(text('Three')),
    ];
    assert.deepEqual(build({ messages, tools: [TOOL] }).body['messages'], [
      { role: 'user', content: [{ text: 'One' }, { text: 'Two' }] },
      {
        role: 'assistant',
        content: [{ text: 'Said after the call' }, { toolUse: { toolUseId: 'a', name: 'f', input: { a: 1 } } }],
      },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 'a', content: [{ text: 'done' }] } }, { text: 'And?' }, { text: 'Three' }],
      },
    ]);
  });

  it('begin with a user, and end with something to answer', () => {
    const opened = build({ messages: [assistant(text('Hi')), HELLO] });
    assert.deepEqual((opened.body['messages'] as JsonObject[])[0], { role: 'user', content: [{ text: 'Begin.' }] });
    assert.match(saysOf(opened).join(), /begins with the assistant/);
    const unasked = build({ messages: [HELLO, assistant(text('Hi')), user(text(' '))] });
    assert.deepEqual((unasked.body['messages'] as JsonObject[]).at(-1), {
      role: 'user',
      content: [{ text: 'Continue.' }],
    });
    assert.throws(() => build({ messages: [user(text(''))] }), { code: 'request_invalid', param: 'messages' });
    const alone = build({ messages: [{ role: 'system', content: [text('Be brief')] }] });
    assert.deepEqual(alone.body, { messages: [{ role: 'user', content: [{ text: 'Be brief' }] }] });
  });

  it('documents have names that Bedrock takes, each its own, and words beside them', () => {
    const built = build({
      messages: [user(pdf('Résumé – v2.pdf'), pdf('Resume - v2-pdf'), pdf(), pdf('x'.repeat(300)))],
    });
    const [turn] = built.body['messages'] as { content: { document?: { name: string }; text?: string }[] }[];
    const names = turn?.content.flatMap(({ document }) => document?.name ?? []) ?? [];
    assert.deepEqual(names, ['Resume - v2-pdf', 'Resume - v2-pdf (2)', 'document-3', 'x'.repeat(200)]);
    assert.equal(turn?.content.at(-1)?.text, 'See the document.');
    assert.match(saysOf(built).join(), /document without words/);
    const plain: DocumentPart = {
      type: 'document',
      source: { kind: 'text', text: 'ż' },
      context: 'c',
      citations: true,
    };
    assert.deepEqual((build({ messages: [user(plain, text('?'))] }).body['messages'] as JsonObject[])[0]?.['content'], [
      {
        document: {
          format: 'txt',
          name: 'document-1',
          source: { bytes: Buffer.from('ż').toString('base64') },
          context: 'c',
          citations: { enabled: true },
        },
      },
      { text: '?' },
    ]);
  });

  it('what cannot be read is refused by its type', () => {
    const tiff: UserPart = { type: 'image', source: { kind: 'data', mediaType: 'image/tiff', base64: 'AAAA' } };
    assert.throws(() => build({ messages: [user(tiff)] }), {
      code: 'capability_unsupported',
      message: /"image\/tiff"/,
    });
  });

  it('promise 2: only proofs of Bedrock go back', () => {
    const reasoning: AssistantPart[] = [
      { type: 'reasoning', text: 'mine', signature: 'converse:s1' },
      { type: 'reasoning', text: 'theirs', signature: 'anthropics' },
      { type: 'reasoning', text: '', signature: 'gemini:g' },
      { type: 'reasoning', text: '', redacted: 'converse:r1' },
    ];
    const built = build({ messages: [HELLO, assistant(...reasoning, text('Hi')), HELLO] });
    assert.deepEqual((built.body['messages'] as JsonObject[])[1]?.['content'], [
      { reasoningContent: { reasoningText: { text: 'mine', signature: 's1' } } },
      { reasoningContent: { redactedContent: 'r1' } },
      { text: 'Hi' },
    ]);
    assert.equal(built.notes.length, 1);
  });

  it('promise 2: ids that come again, and results without content, stay apart', () => {
    const messages = [HELLO, assistant(call('x')), user(result('x', '')), assistant(call('x')), user(result('x', 'b'))];
    const sent = build({ messages, tools: [TOOL] }).body['messages'] as { content: JsonObject[] }[];
    const ids = sent.flatMap(({ content }) =>
      content.flatMap(({ toolUse }) => (toolUse as JsonObject | undefined)?.['toolUseId'] ?? []),
    );
    const answered = sent.flatMap(({ content }) =>
      content.flatMap(({ toolResult }) => (toolResult as JsonObject | undefined)?.['toolUseId'] ?? []),
    );
    assert.equal(new Set(ids).size, 2);
    assert.deepEqual(answered, ids);
  });
});

describe('cache points', () => {
  const cache = { ttl: undefined } as const;
  const marked = { ...text('a'), cache };

  it('stand behind what they cover, with their lifetime', () => {
    const { body } = build({
      messages: [
        { role: 'system', content: [{ ...text('s'), cache: { ttl: '1h' } }, text('t')] },
        user({ ...text('  '), cache }, marked),
        assistant(call('x')),
        user({ type: 'tool-result', toolCallId: 'x', content: [marked] }),
      ],
      tools: [
        { ...TOOL, cache },
        { ...TOOL, name: 'g' },
      ],
    });
    assert.deepEqual(body['system'], [{ text: 's' }, { cachePoint: { type: 'default', ttl: '1h' } }, { text: 't' }]);
    const names = ((body['toolConfig'] as JsonObject)['tools'] as JsonObject[]).map((tool) => Object.keys(tool)[0]);
    assert.deepEqual(names, ['toolSpec', 'cachePoint', 'toolSpec']);
    const messages = body['messages'] as { content: JsonObject[] }[];
    assert.deepEqual(messages[0]?.content, [{ text: 'a' }, POINT]);
    assert.deepEqual(messages[2]?.content.at(-1), POINT);
  });

  it('over four: the first and the last three stay', () => {
    const built = build({
      messages: [user(...['a', 'b', 'c', 'd', 'e', 'f'].map((said) => ({ ...text(said), cache })))],
    });
    const [turn] = built.body['messages'] as { content: JsonObject[] }[];
    assert.deepEqual(turn?.content, [
      { text: 'a' },
      POINT,
      { text: 'b' },
      { text: 'c' },
      { text: 'd' },
      POINT,
      { text: 'e' },
      POINT,
      { text: 'f' },
      POINT,
    ]);
    assert.equal(built.notes.length, 1);
  });

  it('are as each model has them', () => {
    const tools = [{ ...TOOL, cache }];
    const nova = build({ messages: [user({ ...text('a'), cache: { ttl: '1h' } })], tools }, NOVA);
    assert.deepEqual((nova.body['messages'] as JsonObject[])[0]?.['content'], [{ text: 'a' }, POINT]);
    assert.equal(((nova.body['toolConfig'] as JsonObject)['tools'] as JsonObject[]).length, 1);
    assert.match(saysOf(build({ messages: [user(marked)] }, QWEN)).join(), /caches no prompts/);
    const profile = 'arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc';
    assert.deepEqual(saysOf(build({ messages: [user(marked)] }, profile)), []);
    assert.deepEqual((build({ autoCache: cache }).body['messages'] as JsonObject[])[0]?.['content'], [
      { text: 'Hello' },
      POINT,
    ]);
  });
});

describe('tools for Converse', () => {
  it('have schemas, choices and names that Bedrock takes', () => {
    const long = 'a.'.repeat(60);
    const built = build({ tools: [{ name: long, description: ' ' }, TOOL], toolChoice: { type: 'tool', name: long } });
    const { tools, toolChoice } = built.body['toolConfig'] as {
      tools: { toolSpec: JsonObject }[];
      toolChoice: JsonObject;
    };
    const name = tools[0]?.toolSpec['name'] as string;
    assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/);
    assert.deepEqual(tools[0]?.toolSpec, { name, inputSchema: { json: { type: 'object', properties: {} } } });
    assert.deepEqual(toolChoice, { tool: { name } });
    const start = { type: 'tool-call-start', choice: 0, index: 0, id: 'x', name } as const;
    assert.deepEqual(built.reshape()(start), [{ ...start, name: long }]);
  });

  it('one call at a time is said in the words of Claude, and of no other', () => {
    const claude = build({ tools: [TOOL], toolChoice: { type: 'required' }, parallelToolCalls: false }).body;
    assert.equal((claude['toolConfig'] as JsonObject)['toolChoice'], undefined);
    assert.deepEqual(claude['additionalModelRequestFields'], {
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    const other = build({ tools: [TOOL], toolChoice: { type: 'required' }, parallelToolCalls: false }, QWEN);
    assert.deepEqual((other.body['toolConfig'] as JsonObject)['toolChoice'], { any: {} });
    assert.equal(other.notes.length, 1);
  });

  it('none to be called are left out, but for those of calls before', () => {
    assert.deepEqual(build({ tools: [TOOL], toolChoice: { type: 'none' } }).body['toolConfig'], undefined);
    const messages = [HELLO, assistant(call('x')), user(result('x', 'b'))];
    for (const parts of [{ tools: [TOOL], toolChoice: { type: 'none' } as const }, { tools: [] }]) {
      const built = build({ messages, ...parts });
      assert.deepEqual(built.body['toolConfig'], {
        tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object', properties: {} } } } }],
      });
      assert.match(saysOf(built).join(), /Bedrock asks for the tools of the calls before/);
    }
  });

  it('a call that cannot be demanded is refused before it is sent', () => {
    const required = { toolChoice: { type: 'required' } as const };
    assert.throws(() => build({ ...required }), { code: 'request_invalid' });
    assert.throws(() => build({ ...required, tools: [TOOL] }, 'us.meta.llama4-scout-17b-instruct-v1:0'), {
      code: 'capability_unsupported',
    });
  });
});

describe('options for Converse', () => {
  it('are in its own places, or in those of the model', () => {
    const parts = {
      maxOutputTokens: 9,
      temperature: 0.5,
      topK: 3,
      stop: ['END'],
      user: 'ann@example.com',
      serviceTier: 'flex',
    };
    assert.deepEqual(build(parts).body, {
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
      inferenceConfig: { maxTokens: 9, temperature: 0.5, stopSequences: ['END'] },
      additionalModelRequestFields: { top_k: 3 },
      serviceTier: { type: 'flex' },
      requestMetadata: { user: 'ann@example.com' },
    });
    const nova = build({ topK: 3, topP: 0.5, temperature: 2 }, NOVA);
    assert.deepEqual(nova.body['additionalModelRequestFields'], { inferenceConfig: { topK: 3 } });
    assert.deepEqual(nova.body['inferenceConfig'], { temperature: 1, topP: 0.5 });
    const fixed = build({ topK: 3, topP: 0.5, temperature: 0 }, QWEN, { sampling: false });
    assert.deepEqual([fixed.body['inferenceConfig'], fixed.notes.length], [undefined, 3]);
    assert.match((build({ user: 'é' }).body['requestMetadata'] as { user: string }).user, /^[0-9a-f]{64}$/);
  });

  it('thinking is asked for in the way of each maker', () => {
    const effort = { reasoning: { effort: 'high' } } as const;
    const budgeted = build({ ...effort, maxOutputTokens: 40_000 }).body;
    assert.deepEqual(budgeted['additionalModelRequestFields'], {
      thinking: { type: 'enabled', budget_tokens: 16_384 },
    });
    assert.deepEqual(budgeted['inferenceConfig'], { maxTokens: 40_000 });
    const adaptive = build(effort, 'anthropic.claude-opus-4-6-v1').body;
    assert.deepEqual(adaptive['additionalModelRequestFields'], { thinking: { type: 'adaptive' } });
    assert.deepEqual([adaptive['outputConfig'], adaptive['inferenceConfig']], [{ effort: 'high' }, undefined]);
    const nova = (parts: Partial<InferenceRequest>): unknown => build(parts, NOVA).body['additionalModelRequestFields'];
    assert.deepEqual(nova(effort), { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } });
    const bounded = { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'medium' } };
    assert.deepEqual(nova({ ...effort, maxOutputTokens: 99 }), bounded);
    assert.deepEqual(nova({ reasoning: { enabled: false } }), undefined);
    const first = build({ ...effort, fields: { 'reasoning-effort': 'reasoning_effort' } }, 'amazon.nova-lite-v1:0');
    assert.deepEqual([first.body['additionalModelRequestFields'], first.notes.length], [undefined, 1]);
    assert.deepEqual(build(effort, 'openai.gpt-oss-120b-1:0').body['additionalModelRequestFields'], {
      reasoning_effort: 'high',
    });
    const other = build({ ...effort, fields: { 'reasoning-effort': 'reasoning_effort' } }, QWEN);
    assert.deepEqual([other.body['additionalModelRequestFields'], other.notes.length], [undefined, 1]);
  });

  it('a schema is a text where the model has it, and else the parameters of a tool whose call is the answer', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'integer' } },
      required: ['a'],
      additionalProperties: false,
    };
    const responseFormat = { type: 'json-schema', name: 'n', schema } as const;
    const { textFormat } = build({ responseFormat }).body['outputConfig'] as unknown as { textFormat: TextFormat };
    const { jsonSchema } = textFormat.structure;
    assert.deepEqual([textFormat.type, jsonSchema.name, JSON.parse(jsonSchema.schema)], ['json_schema', 'n', schema]);
    const built = build({ responseFormat }, NOVA);
    const { tools, toolChoice } = built.body['toolConfig'] as { tools: { toolSpec: JsonObject }[]; toolChoice: object };
    assert.deepEqual(
      [tools[0]?.toolSpec['inputSchema'], toolChoice],
      [{ json: schema }, { tool: { name: 'json_answer' } }],
    );
    const reshape = built.reshape();
    const events = [
      { type: 'tool-call-start', choice: 0, index: 0, id: 'x', name: 'json_answer' },
      { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: '{"a":1}' },
      { type: 'tool-call-end', choice: 0, index: 0 },
      { type: 'finish', choice: 0, reason: 'tool-calls' },
    ] as const;
    assert.deepEqual(
      events.flatMap((event) => reshape(event)),
      [
        { type: 'text-delta', choice: 0, index: 0, text: '{"a":1}' },
        { type: 'finish', choice: 0, reason: 'stop' },
      ],
    );
    const known = build({ responseFormat }, QWEN, { jsonSchema: true });
    assert.ok(known.body['outputConfig']);
    const json = build({ responseFormat: { type: 'json' } });
    assert.match(JSON.stringify(json.body['system']), /valid JSON object/);
  });
});
