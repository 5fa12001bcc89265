import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import { GatewayError } from '../../src/core/errors.ts';
import { postJson, startEdge } from './fake-edge.ts';

const KEY = { authorization: 'Bearer admin-key' };

function thingRoutes(app: FastifyInstance): void {
  const body = Type.Object(
    { project: Type.String({ minLength: 1 }), limits: Type.Optional(Type.Array(Type.Object({ usd: Type.Number() }))) },
    { additionalProperties: false },
  );
  const querystring = Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) });
  app.post('/admin/v1/things', { schema: { summary: 'Makes a thing', body } }, (request) => request.body);
  app.get('/admin/v1/things', { schema: { querystring } }, (request) => request.query);
  app.get('/admin/v1/broken', () => {
    throw new TypeError('secret');
  });
  app.get('/admin/v1/none', () => {
    throw new GatewayError('resource_not_found');
  });
}

interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

async function errorOf(response: Response): Promise<ErrorBody['error'] & { status: number }> {
  assert.match(response.headers.get('x-causeway-request-id') ?? '', /^[0-9a-f]{32}$/);
  return { status: response.status, ...((await response.json()) as ErrorBody).error };
}

test('the admin API is closed without the admin key, and says which key is meant', async (t) => {
  const edge = await startEdge(t, { adminRoutes: [thingRoutes] });
  for (const [headers, code] of [
    [{}, 'auth_missing_key'],
    [{ authorization: 'Basic YTpi' }, 'auth_missing_key'],
    [{ authorization: 'Bearer cw-good' }, 'auth_invalid_key'],
    [{ 'x-api-key': 'admin-key' }, 'auth_missing_key'],
  ] as const) {
    const error = await errorOf(await postJson(`${edge.url}/admin/v1/things`, { project: 'p' }, headers));
    assert.deepEqual([error.status, error.code], [401, code]);
    assert.match(error.message, /CAUSEWAY_ADMIN_KEY/);
  }
});

test('the key is asked for before the body is read', async (t) => {
  const edge = await startEdge(t, { adminRoutes: [thingRoutes] });
  const error = await errorOf(await postJson(`${edge.url}/admin/v1/things`, '{"broken'));
  assert.equal(error.code, 'auth_missing_key');
});

test('a field that is wrong, missing or unknown is named', async (t) => {
  const edge = await startEdge(t, { adminRoutes: [thingRoutes] });
  const cases: readonly [unknown, string | null, RegExp][] = [
    [{}, 'project', /`project` \(body\)/],
    [{ project: '' }, 'project', /fewer than 1/],
    [{ project: 'p', projct: 1 }, 'projct', /additional/],
    [{ project: 'p', limits: [{ usd: 1 }, {}] }, 'limits.1.usd', /required/],
    [[], null, /object/],
    ['{"broken', null, /not valid JSON/],
    ['', null, /empty/],
  ];
  for (const [body, param, says] of cases) {
    const error = await errorOf(await postJson(`${edge.url}/admin/v1/things`, body, KEY));
    assert.deepEqual([error.status, error.code, error.param], [400, 'request_invalid', param], JSON.stringify(body));
    assert.match(error.message, says);
  }
  const query = await errorOf(await fetch(`${edge.url}/admin/v1/things?limit=many`, { headers: KEY }));
  assert.deepEqual([query.code, query.param], ['request_invalid', 'limit']);
});

test('a good request passes, with numbers of the query as numbers', async (t) => {
  const edge = await startEdge(t, { adminRoutes: [thingRoutes] });
  const made = await postJson(`${edge.url}/admin/v1/things`, { project: 'p' }, KEY);
  assert.deepEqual([made.status, await made.json()], [200, { project: 'p' }]);
  const listed = await fetch(`${edge.url}/admin/v1/things?limit=5`, { headers: KEY });
  assert.deepEqual(await listed.json(), { limit: 5 });
  assert.match(listed.headers.get('x-causeway-request-id') ?? '', /^[0-9a-f]{32}$/);
});

test('promise 12: what an admin route throws is logged and not shown', async (t) => {
  const edge = await startEdge(t, { adminRoutes: [thingRoutes] });
  const response = await fetch(`${edge.url}/admin/v1/broken`, { headers: KEY });
  const error = await errorOf(response);
  assert.deepEqual([error.status, error.code], [500, 'internal']);
  assert.doesNotMatch(error.message, /secret/);
  assert.match(String((edge.logged[0] as { err: unknown }).err), /secret/);
  assert.equal((await errorOf(await fetch(`${edge.url}/admin/v1/none`, { headers: KEY }))).code, 'resource_not_found');
});

test('a form is no body, a body over the limit is too large, and a wrong method is named', async (t) => {
  const edge = await startEdge(t, { adminRoutes: [thingRoutes] });
  const url = `${edge.url}/admin/v1/things`;
  const form = await fetch(url, { method: 'POST', headers: KEY, body: new URLSearchParams('a=b') });
  assert.equal((await errorOf(form)).code, 'content_type_unsupported');
  const large = await postJson(url, { project: 'p'.repeat(200_000) }, KEY);
  assert.equal((await errorOf(large)).code, 'request_too_large');
  const put = await errorOf(await fetch(url, { method: 'PUT', headers: KEY }));
  assert.match(put.message, /served with POST or GET, not with PUT/);
});

test('health, readiness and public routes need no key', async (t) => {
  const edge = await startEdge(t, {
    readiness: () => ({ ready: false, reasons: ['the configuration is not loaded'] }),
    publicRoutes: [(app) => void app.get('/metrics', () => 'up 1')],
  });
  assert.deepEqual(await (await fetch(`${edge.url}/healthz`)).json(), { status: 'ok' });
  const ready = await fetch(`${edge.url}/readyz`);
  assert.deepEqual(
    [ready.status, await ready.json()],
    [503, { ready: false, reasons: ['the configuration is not loaded'] }],
  );
  assert.equal(await (await fetch(`${edge.url}/metrics`)).text(), 'up 1');
});

test('the OpenAPI document describes every route', async (t) => {
  const edge = await startEdge(t, { adminRoutes: [thingRoutes] });
  const document = (await (await fetch(`${edge.url}/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { summary?: string; security?: object[] }>>;
  };
  assert.match(document.openapi, /^3\.1\./);
  assert.deepEqual(document, JSON.parse(JSON.stringify(edge.server.openapi())));
  for (const path of ['/v1/chat/completions', '/v1/embeddings', '/v1/messages']) {
    assert.deepEqual(document.paths[path]?.['post']?.security, [{ causewayKey: [] }]);
  }
  assert.ok(document.paths['/v1/models/{id}']?.['get']);
  const ofModels = ['/v1/models/{id}', '/v1beta/models/{id}'].map((path) => document.paths[path]?.['post']?.summary);
  for (const summary of ofModels) assert.match(summary ?? '', /^Gemini's generateContent/);
  const ofFiles = ['get', 'delete'].map((method) => document.paths['/v1/files/{id}']?.[method]?.summary);
  assert.deepEqual(ofFiles, ['What a file is', 'Deletes a file']);
  assert.equal(document.paths['/admin/v1/things']?.['post']?.summary, 'Makes a thing');
});
