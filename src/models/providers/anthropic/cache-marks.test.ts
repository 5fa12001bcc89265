import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { patchBytes } from '../../../core/body-patch.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { cacheMarks } from './cache-marks.ts';
import { leastCachedTokens } from './cache-minimum.ts';

const RULES = { ttl: '5m', leastTokens: 1024 } as const;
const LONG = 'You are a careful assistant. '.repeat(200);
const MARK = { type: 'ephemeral' };

const text = fc.constantFrom('', ' ', 'Hello.', 'é"\\ud83d', LONG, '这是一个很长的提示。'.repeat(60), 'x'.repeat(2100));
const textBlock = text.map((said) => ({ type: 'text', text: said }));
const block = fc.oneof(
  textBlock,
  fc.constant({ type: 'thinking', thinking: LONG, signature: 's' }),
  fc.constant({ type: 'tool_use', id: 't', name: 'f', input: { n: 1.0 } }),
  fc.record({ type: fc.constant('tool_result'), tool_use_id: fc.constant('t'), content: fc.array(textBlock) }),
  fc.constant({ type: 'a_kind_to_come', data: 'x' }),
);
const message = fc.record({
  role: fc.constantFrom('user', 'assistant'),
  content: fc.oneof(text, fc.array(block, { maxLength: 3 })),
});
const tool = fc.record(
  { name: fc.constantFrom('a', 'b'), description: text, defer_loading: fc.boolean() },
  { requiredKeys: ['name'] },
);
const bodies = fc.record(
  {
    model: fc.constant('claude-sonnet-4-5'),
    tools: fc.array(tool, { maxLength: 3 }),
    system: fc.oneof(text, fc.array(textBlock, { maxLength: 3 })),
    messages: fc.array(message, { maxLength: 6 }),
  },
  { requiredKeys: ['messages'] },
);

function marked(body: object, rules: Parameters<typeof cacheMarks>[1] = RULES): JsonObject {
  const raw = Buffer.from(JSON.stringify(body, null, 1));
  return JSON.parse(patchBytes(raw, cacheMarks(body as JsonObject, rules)).toString()) as JsonObject;
}

/** All objects that bear a mark. */
function bearers(value: Json | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(bearers);
  if (!isJsonObject(value)) return [];
  const inner = Object.values(value).flatMap(bearers);
  return value['cache_control'] === undefined ? inner : [value, ...inner];
}

/** Without marks, and texts as texts wherever a block of one text alone says the same. */
function plain(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value ?? null;
  const { cache_control: _mark, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, joined(name, plain(member))]));
}

function joined(name: string, value: Json): Json {
  const [only, ...others] = Array.isArray(value) ? value : [];
  const isText = (name === 'content' || name === 'system') && others.length === 0;
  return isText && isJsonObject(only) && only['type'] === 'text' ? (only['text'] ?? null) : value;
}

describe('breakpoints in a request', () => {
  it('promise 11: are placed by a look no deeper than prompts are', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as Json;
    const tools = [{ name: 'a', input_schema: { deep } }];
    const paths = cacheMarks({ tools, system: LONG, messages: [] }, RULES).map(({ path }) => path);
    assert.deepEqual(paths, ['/system']);
  });

  it('promise 3: change nothing else, are at most four, and stand where Anthropic takes them', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const after = marked(body);
        assert.deepEqual(plain(after), plain(body as unknown as JsonObject));
        const all = bearers(after);
        assert.ok(all.length <= 4);
        for (const one of all) {
          assert.ok(!['thinking', 'a_kind_to_come'].includes(asString(one['type']) ?? ''));
          assert.notEqual(one['defer_loading'], true);
          if (one['type'] === 'text') assert.notEqual(asString(one['text'])?.trim(), '');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are not placed where the client placed one, wherever that is', () => {
    const places: JsonObject[] = [
      { cache_control: MARK },
      { tools: [{ name: 'a', cache_control: MARK }, { name: 'b' }] },
      { system: [{ type: 'text', text: LONG, cache_control: MARK }] },
      { messages: [{ role: 'user', content: [{ type: 'text', text: LONG, cache_control: MARK }] }] },
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'tool_result', content: [{ type: 'text', text: 'x', cache_control: MARK }] }],
          },
        ],
      },
    ];
    for (const place of places) {
      const body: JsonObject = { system: LONG, messages: [{ role: 'user', content: 'Hi' }], ...place };
      assert.deepEqual(cacheMarks(body, RULES), []);
    }
    const without = { system: LONG, messages: [{ role: 'user', content: 'Hi' }], cache_control: null };
    assert.equal(cacheMarks(without, RULES).length, 1);
  });

  it('are not placed in what is too short for the model', () => {
    const body = { system: 'Be brief.', tools: [{ name: 'a' }], messages: [{ role: 'user', content: 'Hi' }] };
    assert.deepEqual(cacheMarks(body, RULES), []);
    const longer = { ...body, system: LONG };
    assert.deepEqual(
      cacheMarks(longer, RULES).map(({ path }) => path),
      ['/system'],
    );
    assert.deepEqual(cacheMarks(longer, { ...RULES, leastTokens: 4096 }), []);
  });

  it('stand behind the tools, the system prompt and the last two turns of the user', () => {
    const body = {
      tools: [{ name: 'a', description: LONG }, { name: 'b' }],
      system: [
        { type: 'text', text: 'One.' },
        { type: 'text', text: 'Two.' },
      ],
      messages: [
        { role: 'user', content: 'First' },
        { role: 'assistant', content: 'Yes' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Second' },
            { type: 'text', text: '' },
          ],
        },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm' }] },
        { role: 'user', content: 'Third' },
      ],
    };
    assert.deepEqual(cacheMarks(body, { ...RULES, ttl: '1h' }), [
      { op: 'set', path: '/tools/1/cache_control', value: { ...MARK, ttl: '1h' } },
      { op: 'set', path: '/system/1/cache_control', value: { ...MARK, ttl: '1h' } },
      { op: 'set', path: '/messages/2/content/0/cache_control', value: { ...MARK, ttl: '1h' } },
      {
        op: 'set',
        path: '/messages/4/content',
        value: [{ type: 'text', text: 'Third', cache_control: { ...MARK, ttl: '1h' } }],
      },
    ]);
  });

  it('leave alone what one request says that nothing was answered to', () => {
    const body = { system: LONG, messages: [{ role: 'user', content: LONG }] };
    assert.deepEqual(
      cacheMarks(body, RULES).map(({ path }) => path),
      ['/system'],
    );
  });
});

describe('the shortest prefix that a model caches', () => {
  it('is known by whatever name a provider has for the model', () => {
    assert.equal(leastCachedTokens('claude-opus-4-5@20251101'), 4096);
    assert.equal(leastCachedTokens('us.anthropic.claude-haiku-4-5-20251001-v1:0'), 4096);
    assert.equal(leastCachedTokens('claude-3-5-haiku-20241022'), 2048);
    assert.equal(leastCachedTokens('claude-sonnet-4-5'), 1024);
    assert.equal(leastCachedTokens('claude-opus-4-1'), 1024);
  });
});
