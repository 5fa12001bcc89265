import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type Json, type JsonObject, asString, isJsonObject } from '../../src/core/json.ts';
import type { ModelRoute } from '../../src/edge/dialects/dialect-adapter.ts';
import { DIALECTS } from '../../src/edge/dialects/registry.ts';
import * as fc from '../support/fast-check.ts';
import { formOf } from '../support/form-values.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import {
  type DocumentedOperation,
  type PlacedSchema,
  documentedOperation,
  errorsOf,
} from '../support/openapi-operations.ts';
import { documentMissing } from '../support/openapi-validator.ts';
import { type Pick, sampleOf } from '../support/schema-sampler.ts';
import { type ValidatingUpstream, startValidatingUpstream } from '../support/validating-upstream.ts';

const skip = documentMissing('openai');
/** Valid requests of each operation; those without a body are all alike but for their query. */
const REQUESTS = 12;
const MOST_TRIES = 200;

interface Served {
  readonly route: ModelRoute;
  readonly operation: DocumentedOperation;
}

/** Every route for OpenAI's clients that OpenAI's document knows. */
const SERVED: readonly Served[] = skip
  ? []
  : DIALECTS.filter(({ dialect }) => dialect === 'openai' || dialect === 'responses').flatMap(({ routes }) =>
      routes.flatMap((route) => {
        const operation = documentedOperation(route.method ?? 'POST', route.path);
        return operation ? [{ route, operation }] : [];
      }),
    );

describe("every operation of OpenAI's document that is on the allow-list", { skip }, () => {
  let upstream: ValidatingUpstream;
  let gateway: Gateway;
  let pick: Pick;

  before(async () => {
    pick = pickFrom();
    upstream = await startValidatingUpstream(pick);
    const gpt = `type: openai, apiKey: upstream-key, baseUrl: "${upstream.url}/v1", models: [any], sharedResources: ["*"]`;
    gateway = await startGateway({ config: `providers:\n  gpt: { ${gpt} }` });
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });

  it('is there', () => {
    const paths = SERVED.map(({ operation: { method, path } }) => `${method} ${path}`);
    assert.ok(paths.length >= 20, paths.join(', '));
    for (const path of ['POST /chat/completions', 'POST /responses', 'POST /files', 'GET /batches/{batch_id}']) {
      assert.ok(paths.includes(path), path);
    }
  });

  for (const { route, operation } of SERVED) {
    it(`is valid through the gateway wherever it is valid direct: ${operation.method} ${operation.path}`, async (test) => {
      const types = operation.bodies.size > 0 ? [...operation.bodies.keys()] : [undefined];
      let requests = 0;
      let streams = 0;
      for (const type of types) {
        for (let tried = 0, sent = 0; sent < REQUESTS && tried < MOST_TRIES; tried += 1) {
          const request = await requestOf(route, operation, type);
          if (!request) continue;
          sent += 1;
          requests += 1;
          const answer = await exchange(route, request);
          if (checkAnswer(operation, answer)) streams += 1;
        }
      }
      test.diagnostic(`${requests} requests, ${streams} of them streamed`);
      assert.ok(requests >= REQUESTS / 2, `${requests} valid requests were found`);
    });
  }

  interface Answered {
    readonly type: string;
    readonly text: string;
  }

  interface Sent {
    readonly path: string;
    readonly body?: FormData | string;
    readonly type?: string;
  }

  /** A request that the document allows; undefined where this one was none. */
  async function requestOf(route: ModelRoute, operation: DocumentedOperation, type: string | undefined) {
    const id = route.path.includes(':id') ? await made(route.resource?.({ id: 'x' })?.kind ?? '') : '';
    const path = route.path.replace(':id', id) + (await queryOf(route, operation));
    if (type === undefined) return { path };
    const placed = operation.bodies.get(type);
    const value = placed && sampleOf(placed.schema, pick);
    if (!placed || !isJsonObject(value)) return undefined;
    const body = await settled(operation, placed, value);
    if (errorsOf(placed, body).length > 0) return undefined;
    return { path, type, body: type === 'application/json' ? JSON.stringify(body) : formOf(body, placed.schema) };
  }

  /** Names of things that are there; no stream and no vectors in base64, of which the document says nothing. */
  async function settled({ answers, path }: DocumentedOperation, placed: PlacedSchema, sampled: JsonObject) {
    const { stream: _stream, encoding_format: _format, ...value } = sampled;
    const streamed = path === '/audio/speech' ? { stream_format: 'sse' } : { stream: true };
    const maybeStreamed = pick(3) === 0 ? { ...value, ...streamed } : value;
    const body: JsonObject = answers.has('text/event-stream') ? maybeStreamed : value;
    if (path === '/responses') body['input'] ??= 'Hello';
    if ('input_file_id' in body) body['input_file_id'] = await made('file');
    // A stored prompt may say both, but here the model is what says where a request goes.
    const named = 'model' in body || path === '/responses' ? { ...body, model: 'any' } : body;
    return errorsOf(placed, named).length === 0 ? named : body;
  }

  async function queryOf(route: ModelRoute, { query }: DocumentedOperation): Promise<string> {
    const asked = new URLSearchParams();
    const isList = route.resource?.({})?.action === 'list';
    for (const { name, schema, required } of query) {
      if ((!required && pick(2) === 0) || name === 'stream') continue;
      const value = name === 'after' && isList ? await made(route.resource?.({})?.kind ?? '') : sampleOf(schema, pick);
      if (Array.isArray(value)) for (const item of value) asked.append(`${name}[]`, wordOf(item));
      else asked.set(name, name === 'limit' ? String(1 + pick(30)) : wordOf(value));
    }
    return asked.size === 0 ? '' : `?${asked.toString()}`;
  }

  /** The id of something that the client made through the gateway. */
  async function made(kind: string): Promise<string> {
    if (kind === 'response')
      return idOf(await ask({ path: '/v1/responses', ...json({ model: 'any', input: 'Hello' }) }));
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new File(['{}'], 'a.jsonl'));
    const file = await idOf(await ask({ path: '/v1/files', body: form, type: 'multipart/form-data' }));
    if (kind === 'file') return file;
    const batch = { input_file_id: file, endpoint: '/v1/responses', completion_window: '24h' };
    return idOf(await ask({ path: '/v1/batches', ...json(batch) }));
  }

  function ask(sent: Sent, method = 'POST', base = gateway.url, key = gateway.apiKey): Promise<Response> {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(typeof sent.body === 'string' && { 'content-type': sent.type ?? '' }),
    };
    return fetch(base + sent.path, { method, headers, ...(sent.body !== undefined && { body: sent.body }) });
  }

  /** Sends it direct and through the gateway. */
  async function exchange({ method = 'POST' }: ModelRoute, sent: Sent): Promise<Answered> {
    const shown = `${method} ${sent.path} ${typeof sent.body === 'string' ? sent.body : ''}`;
    const direct = await ask(sent, method, upstream.url, 'upstream-key');
    assert.equal(direct.status, 200, `direct: ${shown} ${await direct.text()}`);
    const problems = upstream.problems.length;
    const answer = await ask(sent, method);
    assert.deepEqual(upstream.problems.slice(problems), [], 'what the gateway sent is valid');
    const text = await answer.text();
    assert.equal(answer.status, 200, `${shown} ${text}`);
    return { type: answer.headers.get('content-type')?.split(';')[0] ?? '', text };
  }

  /** The answer as the client gets it; true where it was a stream. */
  function checkAnswer({ answers }: DocumentedOperation, { type, text }: Answered): boolean {
    const placed = answers.get(type);
    if (!placed) assert.ok(answers.size === 0 || type === 'application/octet-stream', type);
    if (!placed || type === 'application/octet-stream') return false;
    const values = type === 'text/event-stream' ? eventsIn(text) : [JSON.parse(text) as Json];
    assert.ok(values.length > 0, text);
    for (const value of values) assert.deepEqual(errorsOf(placed, value), [], JSON.stringify(value));
    return type === 'text/event-stream';
  }
});

function json(body: JsonObject): { body: string; type: string } {
  return { body: JSON.stringify(body), type: 'application/json' };
}

async function idOf(answer: Response): Promise<string> {
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return asString((JSON.parse(text) as JsonObject)['id']) ?? '';
}

/** As a query says it. */
function wordOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function eventsIn(text: string): Json[] {
  const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, line = '']) => line);
  return data.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line) as Json);
}

/** The same choices in every run, and others with `PROPERTY_SEED=random`. */
function pickFrom(): Pick {
  const [stream] = fc.sample(fc.infiniteStream(fc.nat()), 1);
  if (!stream) throw new Error('no choices');
  return (below) => (stream.next().value ?? 0) % below;
}
