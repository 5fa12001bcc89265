import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { hasPlainKeys } from '../../../test/support/plain-keys.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { capabilitiesOf } from '../capabilities/table.ts';
import { BoundSum } from './bound-sum.ts';
import { loadEncoding } from './encoding.ts';
import { outputUpperBound } from './output-bound.ts';
import { renderTools } from './render-tools.ts';
import { type BoundTarget, inputUpperBound } from './upper-bound.ts';

function target(family: string, model: string): BoundTarget {
  return { family, model, capabilities: capabilitiesOf(family, model) };
}

const GPT = target('openai', 'gpt-4o');
const CLAUDE = target('anthropic', 'claude-sonnet-4-5');
const LOCAL = target('vllm', 'my-model');

function bound(body: JsonObject, to: BoundTarget): number | undefined {
  const request = { model: 'm', stream: true, max_tokens: 10, ...body };
  return inputUpperBound({ dialect: 'openai', operation: 'chat', body: request }, to);
}

const user = (content: JsonObject['x']): JsonObject => ({ messages: [{ role: 'user', content: content ?? null }] });

/** The prompt, a message, and the four letters of "user". */
const AROUND = 1024 + 32 + 4;

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.lorem({ maxCount: 40 }),
  fc
    .array(fc.constantFrom('ﷺ', '𝅘𝅥𝅮', '½', 'ﬃ', '㌀', 'é', '中', '😀', '\u0344', '\n', '"'), { maxLength: 100 })
    .map((all) => all.join('')),
);

describe('the upper bound of input tokens', async () => {
  const o200k = await loadEncoding('o200k_base');
  const cl100k = await loadEncoding('cl100k_base');

  it('law: no text has more tokens, with the real tokenizers', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const most = new BoundSum(true).text(text);
        assert.ok(o200k.count(text) <= most && cl100k.count(text) <= most);
        const normalized = new BoundSum(false).text(text);
        for (const form of ['NFC', 'NFKC'] as const) assert.ok(o200k.count(text.normalize(form)) <= normalized);
      }),
      { numRuns: 1000 },
    );
  });

  it('law: no prompt has more, with its messages and functions as OpenAI shows them to its models', () => {
    const schema = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.record({ type: fc.constantFrom('string', 'number', 'boolean'), description: anyText }),
        fc.record({
          type: fc.constant('object'),
          properties: fc.dictionary(fc.string(), tie('node'), { maxKeys: 4 }).filter(hasPlainKeys),
        }),
        fc.record({ type: fc.constant('array'), items: tie('node') }),
      ),
    })).node;
    const tool = fc.record({ name: fc.stringMatching(/^\w{1,64}$/), description: anyText, parameters: schema });
    const message = fc.record({ role: fc.constantFrom('user', 'system', 'assistant'), content: anyText });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(tool, { maxLength: 3 }), (messages, tools) => {
        const functions = tools.map((one) => ({ type: 'function', function: one }) as JsonObject);
        const most = bound({ messages, tools: functions }, { ...GPT, capabilities: undefined }) ?? 0;
        const texts = messages.reduce((sum, { content }) => sum + o200k.count(content) + 4, 3);
        const rendered = tools.length === 0 ? 0 : o200k.count(renderTools(tools as never)) + 9;
        assert.ok(texts + rendered <= most, `${texts + rendered} > ${most}`);
      }),
      { numRuns: 300 },
    );
  });

  it('law: structures are bounded in every way of writing them that is known', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const most = new BoundSum(false).structure(value);
        const ways = [0, 2, 4].map((indent) => JSON.stringify(value, undefined, indent));
        const escaped = (ways[2] ?? '').replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
        for (const way of [...ways, escaped]) assert.ok(Buffer.byteLength(way) <= most, way);
      }),
      { numRuns: 500 },
    );
  });

  it('holds for what providers say of their own examples', () => {
    const png = { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } };
    const weather = {
      name: 'get_weather',
      description: 'Get the current weather in a given location',
      input_schema: {
        type: 'object',
        properties: { location: { type: 'string', description: 'The city and state, e.g. San Francisco, CA' } },
        required: ['location'],
      },
    };
    // https://platform.claude.com/docs/en/build-with-claude/token-counting (checked 2026-11-21)
    const cases: [JsonObject, tokens: number][] = [
      [{ system: 'You are a scientist', ...user('Hello, Claude') }, 14],
      [{ tools: [weather], ...user("What's the weather like in San Francisco?") }, 403],
      [user([png, { type: 'text', text: 'Describe this image' }]), 1551],
    ];
    for (const [body, tokens] of cases) assert.ok((bound(body, CLAUDE) ?? 0) >= tokens);
  });

  it('is not far from the bytes of a plain prompt', () => {
    const text = 'word '.repeat(1000);
    assert.equal(bound(user(text), GPT), 5000 + AROUND);
    // One character of three bytes that Unicode spells out in 33.
    assert.equal(bound(user([{ type: 'text', text: 'ﷺ' }]), LOCAL), 33 + 32 + AROUND);
    assert.equal(bound(user([{ type: 'text', text: 'ﷺ' }]), GPT), 3 + 32 + AROUND);
  });

  it('is the context where bytes say nothing, and undefined where that is not known', () => {
    const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } };
    const cases: JsonObject[] = [
      user([pdf]),
      user([{ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }]),
      user([{ type: 'image', source: { type: 'file', file_id: 'file_1' } }]),
      user([{ type: 'thinking', thinking: 'a', signature: 'b' }]),
      user([{ type: 'file', file: { file_id: 'file-1' } }]),
      user([{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }]),
      user([{ type: 'something_new' }]),
      { messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] },
      { ...user('a'), tools: [{ name: 'f', input_schema: { default: 1e300 } }] },
      { ...user('a'), tools: [{ name: 'f', input_schema: deep(150) }] },
    ];
    for (const body of cases) {
      assert.equal(bound(body, CLAUDE), 200_000, JSON.stringify(body).slice(0, 100));
      assert.equal(bound(body, LOCAL), undefined);
    }
    assert.equal(
      bound(user([{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]), LOCAL),
      undefined,
    );
  });

  it('is never above the context', () => {
    assert.equal(bound(user('a'.repeat(10_000_000)), CLAUDE), 200_000);
    assert.equal(bound(user('a'.repeat(10_000_000)), LOCAL), 10_000_000 + AROUND);
  });

  it('does not exist where the provider may ask the model again and again', () => {
    // A recorded answer of a model with a context of 200,000 tokens took 950,648 of input.
    const cases: [JsonObject, BoundTarget][] = [
      [{ ...user('a'), tools: [{ type: 'code_execution_20250825', name: 'code_execution' }] }, CLAUDE],
      [{ ...user('a'), tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, CLAUDE],
      [{ ...user('a'), mcp_servers: [{ type: 'url', url: 'https://example.com' }] }, CLAUDE],
      [{ ...user('a'), container: 'container_1' }, CLAUDE],
      [{ ...user('a'), web_search_options: {} }, GPT],
      [{ ...user('a'), enable_search: true }, target('dashscope', 'qwen3-max')],
      [{ ...user('a'), chat_template: '{{ x }}' }, LOCAL],
      [user('a'), target('perplexity', 'sonar-pro')],
      [user('a'), target('groq', 'groq/compound')],
    ];
    for (const [body, to] of cases) assert.equal(bound(body, to), undefined, JSON.stringify(body));
    assert.notEqual(bound({ ...user('a'), enable_search: false }, LOCAL), undefined);
    const bash = { ...user('a'), tools: [{ type: 'bash_20250124', name: 'bash' }] };
    assert.ok((bound(bash, CLAUDE) ?? 0) > 4096);
  });

  it('counts images by what the most for one is', () => {
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
    assert.equal(bound(user([image, image]), GPT), 2 * (32 + 16 + 85 + 8 * 170) + AROUND);
  });

  it('of embeddings is that of all their texts together', () => {
    assert.equal(ask('hello'), 37);
    assert.equal(ask(['hello', 'you']), 37 + 35);
    assert.equal(ask([1, 2, 3]), 32 + 3);
    assert.equal(ask([[1, 2], [3]]), 2 * 32 + 3);
  });
});

function ask(input: Json): number | undefined {
  const request = { dialect: 'openai', operation: 'embeddings', body: { input } } as const;
  return inputUpperBound(request, target('openai', 'text-embedding-3-small'));
}

function deep(levels: number): JsonObject {
  let schema: JsonObject = {};
  for (let at = 0; at < levels; at += 1) schema = { a: schema };
  return schema;
}

describe('the upper bound of output tokens', () => {
  it('is the least of what was asked, what the model gives and the context, for each answer', () => {
    assert.equal(outputUpperBound({ maxOutputTokens: 100 }, GPT), 100);
    assert.equal(outputUpperBound({ maxOutputTokens: 100, choices: 3 }, GPT), 300);
    assert.equal(outputUpperBound({ maxOutputTokens: undefined }, GPT), 16_384);
    assert.equal(outputUpperBound({ maxOutputTokens: 100, predictionBytes: 50 }, GPT), 150);
    assert.equal(outputUpperBound({ maxOutputTokens: undefined }, LOCAL), undefined);
    assert.equal(outputUpperBound({ maxOutputTokens: 64 }, LOCAL), 64);
  });

  it("is the context where a provider's limits leave thinking out", () => {
    assert.equal(outputUpperBound({ maxOutputTokens: 100 }, target('dashscope', 'qwen3.7-max')), 991_808);
    const thoughtless = { ...target('dashscope', 'x'), capabilities: { reasoning: false } };
    assert.equal(outputUpperBound({ maxOutputTokens: 100 }, thoughtless), 100);
  });
});
