import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import type { Dialect, Operation } from '../core/call.ts';
import { GatewayError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { HttpCall } from './call-factory.ts';
import { adapterOf } from './dialects/registry.ts';

const CONTEXT = { clock: { now: () => 1_700_000_000_000, monotonic: () => 5 }, limits: { trustedProxies: 0 } };

function callOf(
  body: unknown,
  headers: IncomingHttpHeaders = {},
  dialect: Dialect = 'openai',
  operation: Operation = 'chat',
) {
  const surface = { adapter: adapterOf(dialect), operation, endpoint: '/v1/x' };
  const head = { headers, url: '/v1/x?beta=true&a=b', socket: new Socket() };
  return new HttpCall(surface, head, CONTEXT, { body: Buffer.from(JSON.stringify(body)) });
}

const CHAT = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

test('a call carries when and where it came in', () => {
  const call = callOf(CHAT);
  assert.match(call.id, /^[0-9a-f]{32}$/);
  const { receivedAt, startedAt, dialect, operation, endpoint, query } = call;
  assert.deepEqual(
    { receivedAt, startedAt, dialect, operation, endpoint, query },
    {
      receivedAt: 1_700_000_000_000,
      startedAt: 5,
      dialect: 'openai',
      operation: 'chat',
      endpoint: '/v1/x',
      query: 'beta=true&a=b',
    },
  );
});

test('promise 12: a key in the query is a header, and not in the query any more', () => {
  const surface = { adapter: adapterOf('gemini'), operation: 'chat', endpoint: '/v1/x' } as const;
  const callAt = (url: string, headers: IncomingHttpHeaders = {}): HttpCall =>
    new HttpCall(surface, { headers, url, socket: new Socket() }, CONTEXT);
  const { query, headers } = callAt('/v1/x?alt=sse&key=cw-a%2Db&a=b', { accept: 'x' });
  assert.deepEqual([query, headers], ['alt=sse&a=b', { accept: 'x', 'x-goog-api-key': 'cw-a-b' }]);
  assert.equal(callAt('/v1/x?key=cw-a', { 'x-goog-api-key': 'cw-b' }).headers['x-goog-api-key'], 'cw-b');
  assert.equal(callAt('/v1/x?monkey=cw-a').query, 'monkey=cw-a');
});

test('headers win over the body, and metadata of both are kept', () => {
  const body = { ...CHAT, user: 'body', metadata: { a: '1', b: '1' } };
  const { facts } = callOf(body, {
    'x-causeway-user': 'header',
    'x-causeway-conversation': 'c1',
    'x-causeway-priority': '9',
    'x-causeway-prefer': 'cost',
    'x-causeway-metadata': '{"b":2}',
    'x-causeway-timeout-ms': '1000',
  });
  assert.deepEqual(facts, {
    model: 'm',
    stream: false,
    user: 'header',
    metadata: { a: '1', b: 2 },
    conversationId: 'c1',
    priority: 9,
    prefer: 'cost',
  });
});

const USERS: readonly [Dialect, JsonObject, string | undefined][] = [
  ['openai', { user: 'u' }, 'u'],
  ['openai', { safety_identifier: 's' }, 's'],
  ['openai', { user: 'u', safety_identifier: 's' }, 'u'],
  ['openai', { user: null }, undefined],
  ['anthropic', { metadata: { user_id: 'a' } }, 'a'],
  ['anthropic', { metadata: { user_id: null } }, undefined],
  ['anthropic', { user: 'not of this dialect' }, undefined],
];

for (const [dialect, fields, user] of USERS) {
  test(`the user of an ${dialect} body with ${JSON.stringify(fields)} is ${user ?? 'nobody'}`, () => {
    assert.equal(callOf({ ...CHAT, max_tokens: 1, ...fields }, {}, dialect).facts.user, user);
  });
}

test('embeddings of texts, of token lists and of shapes to come are all let through', () => {
  for (const input of ['text', ['a', 'b'], [1, 2], [[1], [2]], { image: '…' }]) {
    assert.equal(callOf({ model: 'e', input }, {}, 'openai', 'embeddings').facts.model, 'e');
  }
});

test('fields that the gateway does not know neither change the facts nor are refused', () => {
  const known = new Set([
    'model',
    'messages',
    'stream',
    'user',
    'metadata',
    'safety_identifier',
    'max_tokens',
    '__proto__',
  ]);
  const extra = fc.dictionary(
    fc.string().filter((name) => !known.has(name)),
    fc.jsonValue(),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(extra, fc.constantFrom<Dialect>('openai', 'anthropic'), (fields, dialect) => {
      const plain = { ...CHAT, max_tokens: 1 };
      assert.deepEqual(callOf({ ...fields, ...plain }, {}, dialect).facts, callOf(plain, {}, dialect).facts);
    }),
  );
});

test('any JSON at all gives facts or a request_invalid that says why', () => {
  const model = fc.oneof(fc.constant('m'), fc.jsonValue());
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({
      model,
      messages: fc.jsonValue(),
      max_tokens: fc.jsonValue(),
      stream: fc.jsonValue(),
      user: fc.jsonValue(),
    }),
  );
  fc.assert(
    fc.property(body, fc.constantFrom<Dialect>('openai', 'anthropic'), (json, dialect) => {
      try {
        assert.equal(typeof callOf(json, {}, dialect).facts.model, 'string');
      } catch (thrown) {
        assert.ok(thrown instanceof GatewayError, String(thrown));
        assert.equal(thrown.code, 'request_invalid');
      }
    }),
  );
});
