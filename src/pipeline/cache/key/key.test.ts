import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import type { Assignment, Principal } from '../../../core/call.ts';
import type { CachePolicy, ExactPolicy } from '../../../core/caching.ts';
import type { JsonObject } from '../../../core/json.ts';
import { keyOf } from './key.ts';

const EXACT: ExactPolicy = { ttl: 3_600_000, maxAnswer: 1_000_000, maxTemperature: undefined, tools: true };
const POLICY: CachePolicy = {
  scope: 'project',
  exact: EXACT,
  coalesce: true,
  semantic: undefined,
  tokensPerSecond: undefined,
};
const PRINCIPAL: Principal = { keyId: 'key-1', project: 'a', user: undefined, models: undefined };
const ASSIGNMENT: Assignment = {
  virtualModel: 'chat',
  targets: [{ provider: 'openai', model: 'gpt-4o' }],
  passThroughCredentials: false,
  timeouts: undefined,
  version: 'v1',
};
const BODY = { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] };

function idOf(parts: CallParts = {}, policy = POLICY): string {
  const key = keyOf(makeCall({ json: BODY, principal: PRINCIPAL, assignment: ASSIGNMENT, ...parts }), policy);
  assert.ok('id' in key, 'ineligible' in key ? key.ineligible : '');
  return key.id;
}

function whyNot(parts: CallParts, policy = POLICY): string {
  const key = keyOf(makeCall({ json: BODY, principal: PRINCIPAL, assignment: ASSIGNMENT, ...parts }), policy);
  assert.ok('ineligible' in key, 'it has a key');
  return key.ineligible;
}

/** Names of members that no rule knows. */
const name = fc.string({ minLength: 1, maxLength: 6 }).map((text) => `x${text}`);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.nat({ max: 4 }), fc.string({ unit: 'binary' })).map(([more, text]) => 'y'.repeat(8190 + more) + text),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((number) => Number(number.toFixed(6))),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const body = fc.dictionary(name, json, { maxKeys: 16 }).map((fields) => ({ ...BODY, ...fields }));

/** The same with the members of every object in another order. */
function shuffled(value: unknown, turn: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, turn + 1));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, inner]): [string, unknown] => [key, shuffled(inner, turn + 1)]);
  const at = members.length === 0 ? 0 : turn % members.length;
  return Object.fromEntries([...members.slice(at), ...members.slice(0, at)].toReversed());
}

test('the order of members, white space and escapes do not matter', () => {
  fc.assert(
    fc.property(body, fc.nat(20), (sent, turn) => {
      const spaced = JSON.stringify(shuffled(sent, turn), null, 3);
      const escaped = JSON.stringify(sent).replaceAll(/x/g, '\\u0078');
      assert.equal(idOf({ raw: Buffer.from(spaced), json: sent }), idOf({ json: sent }));
      assert.equal(idOf({ raw: Buffer.from(escaped), json: sent }), idOf({ json: sent }));
    }),
    { numRuns: 60 },
  );
});

test('bodies that differ in what they say have different names', () => {
  fc.assert(
    fc.property(body, body, (one, other) => {
      const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
      assert.equal(idOf({ json: one }) === idOf({ json: other }), same);
    }),
    { numRuns: 60 },
  );
  const apart = [
    { messages: [{ role: 'user', content: 'Hello ' }] },
    { messages: [{ role: 'user', content: 'hello' }] },
    { messages: [{ role: 'user', content: ['Hello'] }] },
    { messages: [{ role: 'system', content: 'Hello' }] },
    {
      messages: [
        { role: 'user', content: 'He' },
        { role: 'user', content: 'llo' },
      ],
    },
    { messages: [{ role: 'user', content: '","role":"user' }] },
    { seed: 1 },
    { seed: '1' },
    { seed: null },
    { x_unknown: true },
    { n: 2 },
    { store: true },
  ].map((fields) => idOf({ json: { ...BODY, ...fields } }));
  assert.equal(new Set([...apart, idOf()]).size, apart.length + 1);
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, sorted(inner)])
      .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  );
}

test('a changed value anywhere in a body is another name', () => {
  fc.assert(
    fc.property(body, fc.nat(), (sent, at) => {
      const { changed } = withOneChanged(sent, at % countLeaves(sent));
      assert.notEqual(idOf({ json: changed }), idOf({ json: sent }));
    }),
    { numRuns: 60 },
  );
});

function countLeaves(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  // The model is not in the body's part of the name, so it is not looked at.
  const inner = Object.entries(value).filter(([key]) => key !== 'model');
  return inner.reduce((sum, [, one]) => sum + countLeaves(one), 1);
}

/** The leaf, or list or object, of that number replaced. */
function withOneChanged(value: unknown, at: number): { changed: unknown; left: number } {
  if (at === 0 && !isBody(value)) return { changed: { another: value }, left: -1 };
  if (typeof value !== 'object' || value === null) return { changed: value, left: at - 1 };
  let left = isBody(value) ? Math.max(at, 1) - 1 : at - 1;
  const members = Object.entries(value).map(([key, inner]): [string, unknown] => {
    if (left < 0 || key === 'model') return [key, inner];
    const result = withOneChanged(inner, left);
    ({ left } = result);
    return [key, result.changed];
  });
  return { changed: Array.isArray(value) ? members.map(([, one]) => one) : Object.fromEntries(members), left };
}

function isBody(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'messages' in value;
}

test('who asks, what it is noted with and how it is sent do not matter', () => {
  const fields = {
    user: 'u',
    safety_identifier: 's',
    metadata: { a: 1 },
    stream: true,
    stream_options: { include_usage: true },
    store: false,
    prompt_cache_key: 'p',
    prompt_cache_retention: '24h',
    service_tier: 'flex',
  };
  fc.assert(
    fc.property(fc.subarray(Object.entries(fields)), (some) => {
      assert.equal(idOf({ json: { ...BODY, ...Object.fromEntries(some) } }), idOf());
    }),
    { numRuns: 20 },
  );
  const deep = { ...BODY, messages: [{ role: 'user', content: 'Hello', user: 'u' }] };
  assert.notEqual(idOf({ json: deep }), idOf(), 'only at the top of a body');
  assert.notEqual(idOf({ json: { ...BODY, store: true } }), idOf(), 'what is to be kept is another wish');
  assert.equal(idOf({ facts: { user: 'other', stream: true } }), idOf());
});

/** The first in places where a mark may stand, the second in a schema. */
function marked(inMessage: object, inInput: object): CallParts {
  return {
    dialect: 'anthropic',
    json: {
      model: 'chat',
      max_tokens: 10,
      system: [{ type: 'text', text: 'Be brief.', ...inMessage }],
      tools: [{ name: 'f', input_schema: { type: 'object', properties: inInput }, ...inMessage }],
      messages: [
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'text', text: 'Hello', ...inMessage }] },
      ],
      metadata: { user_id: 'u' },
    },
  };
}

test("marks of Anthropic's prompt cache do not matter, but in what the client wrote for a tool", () => {
  const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };
  assert.equal(idOf(marked(mark, {})), idOf(marked({}, {})));
  assert.equal(idOf(marked({ cache_control: null }, {})), idOf(marked({}, {})));
  assert.notEqual(idOf(marked({}, mark)), idOf(marked({}, {})));
});

test('the order of what a schema or a tool says does matter, since models follow it', () => {
  const schema = (properties: JsonObject): CallParts => ({
    json: { ...BODY, response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { properties } } } },
  });
  const a = { type: 'string' };
  assert.notEqual(idOf(schema({ reason: a, verdict: a })), idOf(schema({ verdict: a, reason: a })));
  const turned = { json_schema: { schema: { properties: { reason: a } }, name: 'n' }, type: 'json_schema' };
  assert.equal(idOf({ json: { ...BODY, response_format: turned } }), idOf(schema({ reason: a })));
});

test('promise 8: a tenant, arm, prompt version, settings, model, target or scope of its own has names of its own', () => {
  const text = fc.oneof(fc.constantFrom('a', 'b', '', 'a","b', '["a"]', 'null'), fc.string({ maxLength: 4 }));
  const facet = fc.record({
    organisation: fc.option(text, { nil: undefined }),
    project: text,
    model: text,
    version: fc.option(text, { nil: undefined }),
    arm: fc.option(text, { nil: undefined }),
    promptVersion: fc.option(text, { nil: undefined }),
    target: text,
    beta: fc.option(text, { nil: undefined }),
    query: text,
    operation: fc.constantFrom('chat' as const, 'completion' as const),
    dialect: fc.constantFrom('openai' as const, 'anthropic' as const),
    scope: fc.constantFrom('project' as const, 'user' as const, 'key' as const),
    keyId: text,
    user: text,
  });
  type Facet = typeof facet extends fc.Arbitrary<infer Value> ? Value : never;
  const id = (one: Facet): string => {
    const { organisation, project, keyId, user, version, arm, promptVersion } = one;
    const parts: CallParts = {
      json: { ...BODY, model: one.model },
      principal: { organisation, project, keyId, user, models: undefined },
      assignment: {
        ...ASSIGNMENT,
        targets: [{ provider: 'p', model: one.target }],
        ...defined({ version, arm, promptVersion }),
      },
      operation: one.operation,
      dialect: one.dialect,
      query: one.query,
      headers: { 'anthropic-beta': one.beta },
    };
    return idOf(parts, { ...POLICY, scope: one.scope });
  };
  /** What counts of it: within a project, its keys and users do only where the scope says so. */
  const identity = ({ keyId, user, ...one }: Facet): string =>
    JSON.stringify([one, one.scope === 'key' ? keyId : one.scope === 'user' ? user : null]);
  fc.assert(
    fc.property(facet, facet, fc.subarray(Object.keys(BASE_FACET)), (one, two, taken) => {
      // Mostly alike, so that single facets are told apart.
      const other = {
        ...one,
        ...Object.fromEntries(Object.entries(two).filter(([key]) => taken.slice(0, 2).includes(key))),
      };
      assert.equal(id(one) === id(other), identity(one) === identity(other));
    }),
    { numRuns: 150 },
  );
});

const BASE_FACET = {
  organisation: 0,
  project: 0,
  model: 0,
  version: 0,
  arm: 0,
  promptVersion: 0,
  target: 0,
  beta: 0,
  query: 0,
  operation: 0,
  dialect: 0,
  scope: 0,
  keyId: 0,
  user: 0,
};

function defined(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

test('a call of nobody has no key where answers are for users or keys', () => {
  assert.match(whyNot({}, { ...POLICY, scope: 'user' }), /nobody/);
  assert.match(whyNot({ principal: undefined }, { ...POLICY, scope: 'key' }), /nobody/);
  const named = idOf({ facts: { user: 'u' } }, { ...POLICY, scope: 'user' });
  assert.equal(
    idOf({ principal: { ...PRINCIPAL, user: 'u' }, facts: { user: 'v' } }, { ...POLICY, scope: 'user' }),
    named,
  );
});

test('a body that readers may read in several ways is not cached', () => {
  const bodies = [
    '{"model":"chat","messages":[{"role":"user","content":"a","content":"b"}]}',
    '{"model":"chat","messages":[],"seed":9007199254740993}',
    '{"model":"chat","messages":[],"seed":1.00000000000000000001}',
    '{"model":"chat","messages":[],"seed":1e400}',
    '{"model":"chat","messages":[],"seed":-1e-400}',
    `{"model":"chat","messages":[],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    `{"model":"chat","messages":[],"metadata":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  ];
  for (const text of bodies) assert.match(whyNot({ raw: Buffer.from(text) }), /more than one way/, text.slice(0, 80));
  const broken = Buffer.from('{"model":"chat","messages":[{"role":"user","content":"\u00ff"}]}', 'latin1');
  assert.match(whyNot({ raw: broken }), /more than one way/);
  for (const number of ['9007199254740991', '0.30000000000000004', '1e-5', '1.0', '-0.5', '1E3', '0e0']) {
    idOf({ raw: Buffer.from(`{"model":"chat","messages":[],"x":[${number}]}`) });
  }
});

const INELIGIBLE: readonly [string, CallParts][] = [
  ['another operation', { operation: 'speech' }],
  ["a client's own credential", { assignment: { ...ASSIGNMENT, passThroughCredentials: true } }],
  ['a search', { json: { ...BODY, web_search_options: {} } }],
  ['audio', { json: { ...BODY, modalities: ['text', 'audio'] } }],
  ['in the background', { dialect: 'responses', json: { model: 'chat', input: 'a', background: true } }],
  ['a conversation', { dialect: 'responses', json: { model: 'chat', input: 'a', conversation: 'conv_1' } }],
  ['a prompt without a version', { dialect: 'responses', json: { model: 'chat', prompt: { id: 'pmpt_1' } } }],
  [
    'a server tool of responses',
    { dialect: 'responses', json: { model: 'chat', input: 'a', tools: [{ type: 'web_search' }] } },
  ],
  [
    'a server tool of Anthropic',
    { dialect: 'anthropic', json: { ...BODY, tools: [{ type: 'web_search_20250305', name: 'w' }] } },
  ],
  ['servers of tools', { dialect: 'anthropic', json: { ...BODY, mcp_servers: [{ url: 'https://a' }] } }],
  ['a search of Gemini', { dialect: 'gemini', json: { contents: [], tools: [{ google_search: {} }] } }],
  [
    'images of Gemini',
    { dialect: 'gemini', json: { contents: [], generationConfig: { responseModalities: ['IMAGE'] } } },
  ],
];

for (const [what, parts] of INELIGIBLE) test(`not cached: ${what}`, () => void whyNot(parts));

test('tools that the client runs are cached, unless the rules say never', () => {
  const openai: CallParts = { json: { ...BODY, tools: [{ type: 'function', function: { name: 'f' } }] } };
  const cases: CallParts[] = [
    openai,
    {
      dialect: 'anthropic',
      json: {
        ...BODY,
        tools: [
          { name: 'f', input_schema: {} },
          { type: 'bash_20250124', name: 'bash' },
        ],
      },
    },
    { dialect: 'gemini', json: { contents: [], tools: [{ functionDeclarations: [{ name: 'f' }] }] } },
  ];
  for (const parts of cases) {
    idOf(parts);
    assert.match(whyNot(parts, { ...POLICY, exact: { ...EXACT, tools: false } }), /tools/);
  }
});

test('a temperature above the rule is not cached, and none counts as 1', () => {
  const cold = { ...POLICY, exact: { ...EXACT, maxTemperature: 0.5 } };
  assert.match(whyNot({}, cold), /temperature/);
  assert.match(whyNot({ json: { ...BODY, temperature: 0.6 } }, cold), /temperature/);
  idOf({ json: { ...BODY, temperature: 0.5 } }, cold);
  idOf({ dialect: 'gemini', json: { contents: [], generation_config: { temperature: 0 } } }, cold);
  idOf({ operation: 'embeddings', json: { model: 'chat', input: 'a' } }, cold);
});

test('what is asked is the body with what the gateway put in', () => {
  const call = makeCall({ json: BODY, principal: PRINCIPAL, assignment: ASSIGNMENT });
  call.body.amend({ op: 'set', path: '/messages/0/content', value: 'Another' });
  const key = keyOf(call, POLICY);
  const meant = idOf({ json: { ...BODY, messages: [{ role: 'user', content: 'Another' }] } });
  assert.ok('id' in key);
  assert.equal(key.id, meant);
});

test("Gemini's way to frame a stream is no other answer", () => {
  const parts: CallParts = { dialect: 'gemini', json: { contents: [] }, endpoint: '/v1beta/models:generateContent' };
  const streamed = {
    ...parts,
    endpoint: '/v1beta/models:streamGenerateContent',
    query: 'alt=sse',
    facts: { stream: true },
  };
  assert.equal(idOf(streamed), idOf(parts));
});
