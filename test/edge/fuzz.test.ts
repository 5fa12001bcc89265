import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import * as fc from '../support/fast-check.ts';

import { type FakeEdge, postJson, sendRaw, startRecordingEdge } from './fake-edge.ts';

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
const path = fc.constantFrom('/v1/chat/completions', '/v1/embeddings', '/v1/messages', '/v1/models', '/admin/v1/x');

/** Runs a property against one edge, which must be alive and have logged no fault of its own at the end. */
async function withEdge<T>(
  t: TestContext,
  values: fc.Arbitrary<T>,
  numRuns: number,
  check: (edge: FakeEdge, value: T) => Promise<void>,
) {
  const edge = await startRecordingEdge(t);
  await fc.assert(
    fc.asyncProperty(values, (value) => check(edge, value)),
    { numRuns },
  );
  assert.equal((await fetch(`${edge.url}/healthz`)).status, 200);
  assert.deepEqual(edge.logged, []);
}

function lines(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

test('fuzz: any bytes as a body are answered in the shape of the dialect', async (t) => {
  const json = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)));
  await withEdge(t, fc.tuple(path, fc.oneof(bytes, json)), 150, async (edge, [where, body]) => {
    const response = await fetch(edge.url + where, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer cw-good' },
      body: new Uint8Array(body),
    });
    const answer = (await response.json()) as { type?: string; error: { message: string } };
    assert.ok(response.status >= 400 && response.status < 500, `${response.status}`);
    assert.equal(answer.type, where === '/v1/messages' ? 'error' : undefined);
    assert.notEqual(answer.error.message, '');
  });
});

test('fuzz: any bytes as a path are answered', async (t) => {
  await withEdge(t, bytes, 150, async (edge, random) => {
    const answer = await sendRaw(
      edge.port,
      lines('GET /', random, ' HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
    );
    assert.match(answer, /^HTTP\/1\.1 [24]\d\d /);
  });
});

test('fuzz: any bytes as headers are answered', async (t) => {
  const headers = fc.tuple(fc.oneof(bytes, fc.constantFrom('content-type', 'x-causeway-metadata', 'expect')), bytes);
  await withEdge(t, fc.tuple(path, headers), 150, async (edge, [where, [name, value]]) => {
    const head = lines(
      `POST ${where} HTTP/1.1\r\nconnection: close\r\ncontent-length: 2\r\n`,
      name,
      ': ',
      value,
      '\r\n\r\n{}',
    );
    assert.match(await sendRaw(edge.port, head), /^HTTP\/1\.1 4\d\d /);
  });
});

test('fuzz: any values of our own headers are read or refused', async (t) => {
  const value = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
  const name = fc.constantFrom('user', 'conversation', 'priority', 'timeout-ms', 'metadata');
  await withEdge(t, fc.tuple(name, value), 100, async (edge, [header, text]) => {
    const body = { model: 'm', messages: [{}] };
    const response = await postJson(`${edge.url}/v1/chat/completions`, body, {
      authorization: 'Bearer cw-good',
      [`x-causeway-${header}`]: text,
    });
    assert.ok(response.status === 200 || response.status === 400, `${response.status}`);
    await response.arrayBuffer();
  });
});
