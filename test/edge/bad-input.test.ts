import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import type { ErrorCode } from '../../src/core/errors.ts';
import { type FakeEdge, RECORDING_LIMIT, postJson, startRecordingEdge } from './fake-edge.ts';

interface Case {
  readonly name: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly param?: string;
  readonly says: RegExp;
}

const chat = (rest: object): string =>
  JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...rest });

const CASES: readonly Case[] = [
  { name: 'broken JSON', body: '{"model":', status: 400, code: 'request_invalid', says: /not valid JSON/ },
  { name: 'JSON that is no object', body: '[1]', status: 400, code: 'request_invalid', says: /one JSON object/ },
  { name: 'an empty body', body: '', status: 400, code: 'request_invalid', says: /empty/ },
  { name: 'no model', body: '{}', status: 400, code: 'request_invalid', param: 'model', says: /`model` must be/ },
  {
    name: 'a model that is a number',
    body: chat({ model: 5 }),
    status: 400,
    code: 'request_invalid',
    param: 'model',
    says: /`model`/,
  },
  {
    name: 'no messages',
    body: '{"model":"m"}',
    status: 400,
    code: 'request_invalid',
    param: 'messages',
    says: /at least one message/,
  },
  {
    name: 'messages that are text',
    body: chat({ messages: 'hi' }),
    status: 400,
    code: 'request_invalid',
    param: 'messages',
    says: /list/,
  },
  {
    name: 'stream as text',
    body: chat({ stream: 'yes' }),
    status: 400,
    code: 'request_invalid',
    param: 'stream',
    says: /true or false/,
  },
  {
    name: 'user as a number',
    body: chat({ user: 1 }),
    status: 400,
    code: 'request_invalid',
    param: 'user',
    says: /string/,
  },
  {
    name: 'metadata as a list',
    body: chat({ metadata: [] }),
    status: 400,
    code: 'request_invalid',
    param: 'metadata',
    says: /object/,
  },
  {
    name: 'a field twice',
    body: '{"model":"a","model":"b"}',
    status: 400,
    code: 'request_invalid',
    param: 'model',
    says: /twice/,
  },
  {
    name: 'embeddings without input',
    path: '/v1/embeddings',
    body: '{"model":"m"}',
    status: 400,
    code: 'request_invalid',
    param: 'input',
    says: /`input`/,
  },
  {
    name: 'no key',
    headers: { authorization: '' },
    body: '{"broken',
    status: 401,
    code: 'auth_missing_key',
    says: /key/,
  },
  {
    name: 'a wrong key before a broken body',
    headers: { authorization: 'Bearer cw-no' },
    body: '{"br',
    status: 401,
    code: 'auth_invalid_key',
    says: /key/,
  },
  {
    name: 'a body over the limit',
    body: chat({ pad: 'x'.repeat(RECORDING_LIMIT) }),
    status: 413,
    code: 'request_too_large',
    says: /1000 bytes/,
  },
  {
    name: 'a form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: chat({}),
    status: 415,
    code: 'content_type_unsupported',
    says: /application\/json/,
  },
  {
    name: 'no content type',
    headers: { 'content-type': '' },
    body: chat({}),
    status: 415,
    code: 'content_type_unsupported',
    says: /application\/json/,
  },
  {
    name: 'a content type that is none',
    headers: { 'content-type': 'json;;' },
    body: chat({}),
    status: 415,
    code: 'content_type_unsupported',
    says: /application\/json/,
  },
  {
    name: 'an unknown path',
    path: '/v1/chat/completion?key=secret',
    body: chat({}),
    status: 404,
    code: 'path_not_found',
    says: /no \/v1\/chat\/completion here/,
  },
  {
    name: 'an unknown path with a broken body',
    path: '/chat/completions',
    body: '{',
    status: 404,
    code: 'path_not_found',
    says: /openapi/,
  },
  {
    name: 'a known path with the wrong method',
    method: 'PUT',
    body: chat({}),
    status: 404,
    code: 'path_not_found',
    says: /served with POST, not with PUT/,
  },
  {
    name: 'a method that HTTP has and nobody uses',
    method: 'PROPFIND',
    body: '',
    status: 404,
    code: 'path_not_found',
    says: /PROPFIND/,
  },
  { name: 'a query method', method: 'QUERY', body: '', status: 404, code: 'path_not_found', says: /QUERY/ },
  { name: 'a path that is no URL', path: '/v1/%zz', body: '', status: 400, code: 'request_invalid', says: /path/ },
  {
    name: 'a bad timeout',
    headers: { 'x-causeway-timeout-ms': '1e3' },
    body: chat({}),
    status: 400,
    code: 'request_invalid',
    param: 'x-causeway-timeout-ms',
    says: /milliseconds/,
  },
  {
    name: 'a priority of 10',
    headers: { 'x-causeway-priority': '10' },
    body: chat({}),
    status: 400,
    code: 'request_invalid',
    param: 'x-causeway-priority',
    says: /0 to 9/,
  },
  {
    name: 'metadata that is no JSON',
    headers: { 'x-causeway-metadata': 'team=a' },
    body: chat({}),
    status: 400,
    code: 'request_invalid',
    param: 'x-causeway-metadata',
    says: /JSON object/,
  },
];

async function exchange(request: ClientRequest): Promise<{ response: IncomingMessage; body: string }> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { response, body: await text(response) };
}

function requestFor(edge: FakeEdge, { path = '/v1/chat/completions', method = 'POST', headers = {} }: Partial<Case>) {
  const all = { authorization: 'Bearer cw-good', 'content-type': 'application/json', ...headers };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return httpRequest({ port: edge.port, host: '127.0.0.1', path, method, headers: sent });
}

for (const item of CASES) {
  test(`bad input: ${item.name}`, async (t) => {
    const edge = await startRecordingEdge(t);
    const request = requestFor(edge, item);
    request.end(item.body);
    const { response, body } = await exchange(request);
    assert.equal(response.statusCode, item.status, body);
    const { error } = JSON.parse(body) as { error: { message: string; code: string; param: string | null } };
    assert.deepEqual([error.code, error.param], [item.code, item.param ?? null]);
    assert.match(error.message, item.says);
    assert.doesNotMatch(body, /\bat .*:\d+:\d+|secret/);
    assert.match(String(response.headers['x-causeway-request-id']), /^[0-9a-f]{32}$/);
    assert.deepEqual(
      edge.records().map((record) => record.error.code),
      [error.code],
    );
    assert.equal(edge.records()[0]?.call.id, response.headers['x-causeway-request-id']);
    assert.deepEqual(edge.logged, []);
  });
}

test('bad input: the Anthropic dialect answers in its own shape', async (t) => {
  const edge = await startRecordingEdge(t);
  const cases = [
    { path: '/v1/messages', body: chat({}), status: 400, type: 'invalid_request_error', says: /`max_tokens`/ },
    {
      path: '/v1/messages',
      body: chat({ max_tokens: 0 }),
      status: 400,
      type: 'invalid_request_error',
      says: /1 or more/,
    },
    {
      path: '/v1/messages',
      body: chat({ max_tokens: 1.5 }),
      status: 400,
      type: 'invalid_request_error',
      says: /whole/,
    },
    {
      path: '/v1/messages',
      body: chat({ max_tokens: 1, metadata: { user_id: 5 } }),
      status: 400,
      type: 'invalid_request_error',
      says: /`metadata.user_id`/,
    },
    {
      path: '/v1/messages',
      body: chat({ pad: 'x'.repeat(RECORDING_LIMIT) }),
      status: 413,
      type: 'request_too_large',
      says: /limit/,
    },
    {
      path: '/v1/messages/nothing',
      body: '{}',
      status: 404,
      type: 'not_found_error',
      says: /no \/v1\/messages\/nothing/,
    },
  ];
  for (const { path, body, status, type, says } of cases) {
    const request = requestFor(edge, { path });
    request.end(body);
    const answer = await exchange(request);
    const parsed = JSON.parse(answer.body) as {
      type: string;
      error: { type: string; message: string };
      request_id: string;
    };
    assert.deepEqual([answer.response.statusCode, parsed.type, parsed.error.type], [status, 'error', type]);
    assert.match(parsed.error.message, says);
    assert.equal(parsed.request_id, answer.response.headers['x-causeway-request-id']);
  }
  assert.equal(edge.records().length, cases.length);
});

for (const declared of [true, false]) {
  const framing = declared ? 'with a declared length' : 'in chunks of no declared end';
  test(`bad input: a body far over the limit ${framing} is answered, and its connection stays good`, async (t) => {
    const edge = await startRecordingEdge(t);
    const socket = connect(edge.port, '127.0.0.1');
    let answers = '';
    socket.on('data', (data) => {
      answers += String(data);
    });
    const piece = Buffer.alloc(65_536, ' ');
    const pieces = 100;
    const length = declared ? `content-length: ${piece.length * pieces}` : 'transfer-encoding: chunked';
    socket.write(`POST /v1/embeddings HTTP/1.1\r\ncontent-type: application/json\r\n${length}\r\n\r\n`);
    for (let sent = 0; sent < pieces; sent += 1) {
      const bytes = declared ? piece : Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]);
      if (!socket.write(bytes)) await once(socket, 'drain');
    }
    if (!declared) socket.write('0\r\n\r\n');
    socket.write('GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n');
    await once(socket, 'close');
    assert.match(answers, /^HTTP\/1\.1 413 [^]*over this gateway's limit of 1000 bytes[^]*HTTP\/1\.1 200 /);
    assert.deepEqual(
      edge.records().map(({ error }) => error.code),
      ['request_too_large'],
    );
  });
}

test('bad input: a body over the limit reaches fetch as an answer, not as a broken connection', async (t) => {
  const edge = await startRecordingEdge(t);
  const response = await postJson(`${edge.url}/v1/messages`, ' '.repeat(8 * 1024 * 1024));
  assert.equal(response.status, 413);
  assert.match(await response.text(), /"type":"request_too_large"/);
});
