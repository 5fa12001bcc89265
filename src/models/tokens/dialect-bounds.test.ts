import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ANTHROPIC_BASE, ANTHROPIC_EXAMPLES } from '../../../test/support/anthropic-field-examples.ts';
import * as fc from '../../../test/support/fast-check.ts';
import { GEMINI_BASE, GEMINI_EXAMPLES } from '../../../test/support/gemini-field-examples.ts';
import { OPENAI_BASE, OPENAI_EXAMPLES } from '../../../test/support/openai-field-examples.ts';
import { RESPONSES_BASE, RESPONSES_EXAMPLES } from '../../../test/support/responses-field-examples.ts';
import type { Dialect, Operation } from '../../core/call.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { loadEncoding } from './encoding.ts';
import { searchUnitsOf } from './plain-bound.ts';
import { renderTools } from './render-tools.ts';
import { type BoundTarget, inputUpperBound } from './upper-bound.ts';

const CONTEXT = 7_000_000;
const KNOWN: BoundTarget = { family: 'vllm', model: 'm', capabilities: { contextTokens: CONTEXT } };
const UNKNOWN: BoundTarget = { ...KNOWN, capabilities: undefined };

function chat(dialect: Dialect, body: JsonObject, target = UNKNOWN): number | undefined {
  return inputUpperBound({ dialect, operation: 'chat', body }, target);
}

function other(operation: Operation, body: JsonObject, target = UNKNOWN): number | undefined {
  return inputUpperBound({ dialect: 'openai', operation, body: { model: 'm', ...body } }, target);
}

function google(body: JsonObject): number | undefined {
  return inputUpperBound({ dialect: 'gemini', operation: 'embeddings', body }, UNKNOWN);
}

function documents(count: number, length: number): Json[] {
  return Array.from({ length: count }, () => 'a'.repeat(length));
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

/** One conversation in the words of each dialect. */
const WRITTEN: Readonly<
  Record<Dialect, (turns: readonly Turn[], system: string, tools: readonly Tool[]) => JsonObject>
> = {
  openai: (turns, system, tools) => ({
    messages: [{ role: 'system', content: system }, ...turns.map(({ role, text }) => ({ role, content: text }))],
    tools: tools.map((tool) => ({ type: 'function', function: { ...tool } })),
  }),
  responses: (turns, system, tools) => ({
    instructions: system,
    input: turns.map(({ role, text }) => ({
      role,
      content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }],
    })),
    tools: tools.map((tool) => ({ type: 'function', ...tool })),
  }),
  anthropic: (turns, system, tools) => ({
    system: [{ type: 'text', text: system }],
    messages: turns.map(({ role, text }) => ({ role, content: [{ type: 'text', text }] })),
    tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })),
  }),
  gemini: (turns, system, tools) => ({
    system_instruction: { parts: { text: system } },
    contents: turns.map(({ role, text }) => ({ role: role === 'user' ? 'user' : 'model', parts: [{ text }] })),
    tools: { functionDeclarations: tools.map((tool): JsonObject => ({ ...tool })) },
  }),
};

const DIALECTS = Object.keys(WRITTEN) as Dialect[];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.lorem({ maxCount: 30 }),
  fc.array(fc.constantFrom('ﷺ', '½', 'é', '中', '😀', '\n', '"'), { maxLength: 60 }).map((all) => all.join('')),
);
const turn = fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const), text });
const tool = fc.record({
  name: fc.stringMatching(/^\w{1,40}$/),
  description: text,
  parameters: fc.constant<JsonObject>({
    type: 'object',
    properties: { city: { type: 'string', description: 'Where' } },
  }),
});

describe('promise 4: the upper bound of input in every dialect', async () => {
  const o200k = await loadEncoding('o200k_base');

  it('law: no conversation has more tokens, with a real tokenizer, and bytes alone bound it', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 6 }), text, fc.array(tool, { maxLength: 3 }), (turns, system, tools) => {
        const rendered = tools.length === 0 ? 0 : o200k.count(renderTools(tools)) + 9;
        const texts = [system, ...turns.map((one) => one.text)];
        const tokens = texts.reduce((sum, one) => sum + o200k.count(one) + 4, 3) + rendered;
        for (const dialect of DIALECTS) {
          const most = chat(dialect, WRITTEN[dialect](turns, system, tools)) ?? 0;
          assert.ok(tokens <= most, `${dialect}: ${tokens} > ${most}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('law: a field that is not known leaves no bound, whatever it says', () => {
    const name = fc.stringMatching(/^x_[a-z]{3,12}$/);
    fc.assert(
      fc.property(name, fc.jsonValue(), fc.constantFrom(...DIALECTS), (field, value, dialect) => {
        const body = WRITTEN[dialect]([{ role: 'user', text: 'hi' }], 'brief', []);
        const isSilent = value === null || value === false;
        assert.equal(chat(dialect, { ...body, [field]: value }) === undefined, !isSilent);
      }),
    );
  });

  /** Fields of the dialects' tables by which a provider may run something, or ask the model again. */
  const ENDLESS: readonly [Dialect, JsonObject, Readonly<Record<string, JsonObject>>, names: readonly string[]][] = [
    ['openai', OPENAI_BASE, OPENAI_EXAMPLES, ['tools[any other type]', 'web_search_options', 'moderation']],
    [
      'responses',
      RESPONSES_BASE,
      RESPONSES_EXAMPLES,
      ['prompt', 'tools[any other type]', 'context_management', 'moderation', 'any other field, at any depth'],
    ],
    [
      'anthropic',
      ANTHROPIC_BASE,
      ANTHROPIC_EXAMPLES,
      ['tools[any other type]', 'fallbacks', 'container', 'mcp_servers', 'thread', 'compaction'],
    ],
    ['gemini', GEMINI_BASE, GEMINI_EXAMPLES, ['tools[] of any other kind', 'cachedContent', 'continuationToken']],
  ];

  for (const [dialect, base, examples, names] of ENDLESS) {
    it(`of ${dialect}: does not exist where the provider runs tools or keeps what nobody here has seen`, () => {
      for (const name of names) {
        const example = examples[name];
        assert.ok(example, name);
        assert.equal(chat(dialect, { ...base, ...example }, KNOWN), undefined, name);
      }
      assert.ok((chat(dialect, base) ?? 0) > 1000);
    });
  }

  /** By their bytes nobody knows how many tokens these are. */
  const REFERRING: readonly [Dialect, JsonObject][] = [
    ['responses', { input: 'a', previous_response_id: 'resp_1' }],
    ['responses', { input: 'a', conversation: 'conv_1' }],
    ['responses', { input: 'a', background: true }],
    ['responses', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['responses', { input: [{ type: 'reasoning', encrypted_content: 'x', summary: [] }] }],
    ['responses', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] }],
    ['responses', { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }] }],
    ['responses', { input: 'a', tools: [{ type: 'local_shell' }] }],
    ['gemini', { contents: [{ parts: [{ fileData: { fileUri: 'x' } }] }] }],
    ['gemini', { contents: [{ parts: [{ inline_data: { mime_type: 'video/mp4', data: 'AA==' } }] }] }],
    ['gemini', { contents: [{ parts: [{ text: 'a', thoughtSignature: 'x' }] }] }],
    ['gemini', { contents: [{ parts: [{ functionResponse: { name: 'f', parts: [{ fileData: {} }] } }] }] }],
  ];

  it('is the context where a request points to what is not in it, and undefined where that is not known', () => {
    for (const [dialect, body] of REFERRING) {
      assert.equal(chat(dialect, body, KNOWN), CONTEXT, JSON.stringify(body));
      assert.equal(chat(dialect, body), undefined, JSON.stringify(body));
    }
  });

  it('reads both forms of the names that Google takes', () => {
    const camel = { contents: [{ parts: [{ text: 'a' }] }], systemInstruction: { parts: [{ text: 'brief' }] } };
    const snake = { contents: { parts: { text: 'a' } }, system_instruction: { parts: [{ text: 'brief' }] } };
    assert.equal(chat('gemini', camel), chat('gemini', snake));
    assert.equal(chat('gemini', { ...camel, generation_config: { max_output_tokens: 1 } }), chat('gemini', camel));
    assert.equal(chat('gemini', { ...camel, tools: { google_search: {} } }, KNOWN), undefined);
    assert.equal(chat('gemini', { ...camel, generationConfig: { someNewOption: 1 } }, KNOWN), undefined);
  });

  it('is not lost where only earlier results are to be cleared', () => {
    const body = { messages: [{ role: 'user', content: 'a' }] };
    const cleared = { ...body, context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } };
    assert.equal(chat('anthropic', cleared), chat('anthropic', body));
    const compacted = { ...body, context_management: { edits: [{ type: 'compact_20260112' }] } };
    assert.equal(chat('anthropic', compacted, KNOWN), undefined);
  });
});

describe('the upper bound of input without a conversation', () => {
  it('of legacy completions is that of all their texts, each with what follows it', () => {
    assert.equal(other('completion', { prompt: 'hello' }), 37);
    assert.equal(other('completion', { prompt: ['hello', 'you'], suffix: 'end' }), 37 + 35 + 2 * 35);
    assert.equal(other('completion', { prompt: [[1, 2], [3]] }), 34 + 33);
    assert.equal(other('completion', { prompt: null, max_tokens: 5, echo: true }), 0);
    assert.equal(other('completion', { prompt: 'a', guided_json: {} }), undefined);
  });

  it('of several texts is bounded by as many contexts', () => {
    const small: BoundTarget = { ...KNOWN, capabilities: { contextTokens: 40 } };
    assert.equal(other('completion', { prompt: 'a'.repeat(1000) }, small), 40);
    assert.equal(other('embeddings', { input: ['a'.repeat(1000), 'a'.repeat(1000)] }, small), 80);
  });

  it('of embeddings reads all dialects, and knows nothing of what is no text', () => {
    const content = { parts: [{ text: 'hello' }] };
    assert.equal(google({ content, taskType: 'RETRIEVAL_QUERY' }), 37);
    assert.equal(
      google({
        requests: [
          { model: 'models/m', content },
          { content, title: 'you' },
        ],
      }),
      37 + 37 + 35,
    );
    assert.equal(google({ content: { parts: [{ inlineData: { data: 'AA==' } }] } }), undefined);
    assert.equal(other('embeddings', { input: [{ text: 'hello' }] }), 37);
    assert.equal(other('embeddings', { input: [{ image: 'https://example.com/a.png' }] }), undefined);
    assert.equal(other('embeddings', { input: [{ type: 'image_url', image_url: {} }] }), undefined);
    assert.equal(other('embeddings', { input: 'a', prompt_name: 'query' }), undefined);
  });

  it('of ranking counts the query with every document, and with every piece of a long one', () => {
    const query = 'what';
    assert.equal(other('rerank', { query, documents: ['hello', 'you'] }), 5 + 3 + 2 * 36);
    const long = 'a'.repeat(1000);
    assert.equal(other('rerank', { query, documents: [long] }), 1000 + 36);
    const jina: BoundTarget = { ...UNKNOWN, family: 'jina' };
    assert.equal(other('rerank', { query, documents: [long] }, jina), 1000 + 3 * 36);
    assert.ok((other('rerank', { query, documents: [{ text: 'hello' }] }) ?? 0) > 41);
    assert.equal(other('rerank', { query, documents: [{ image: 'x' }] }), undefined);
    assert.equal(other('rerank', { query, documents: ['a'], top_n: 1, something: 1 }), undefined);
  });

  it('in search units is one for each hundred pieces', () => {
    assert.equal(searchUnitsOf({ query: 'a', documents: documents(100, 400) }), 1);
    assert.equal(searchUnitsOf({ query: 'a', documents: documents(101, 400) }), 2);
    assert.equal(searchUnitsOf({ query: 'a', documents: documents(100, 1000) }), 3);
    assert.equal(searchUnitsOf({ query: 1, documents: [] }), undefined);
  });

  it('of files that are not read does not exist', () => {
    for (const operation of ['transcription', 'audio-translation', 'image-edit', 'image-variation'] as const) {
      assert.equal(other(operation, {}, KNOWN), undefined);
    }
  });
});
