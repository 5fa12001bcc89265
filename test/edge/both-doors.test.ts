import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../support/fast-check.ts';

import { startRecordingEdge } from './fake-edge.ts';

const path = fc.constantFrom('/v1/chat/completions', '/v1/embeddings', '/v1/messages', '/v1/responses');
const body = fc.oneof(
  fc.constantFrom('', '{}', '[]', '{"model":"m"', '{"model":"m","model":"n"}', 'x'.repeat(120_000)),
  fc
    .record({ model: fc.constantFrom('chat', 'none'), messages: fc.constant([{ role: 'user', content: 'hi' }]) })
    .map((one) => JSON.stringify(one)),
);
const type = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'Application/JSON',
  '',
);

/** Only what stands in a query is for the framework to look at. */
test('a request that goes past the framework is answered as one that goes through it', async (t) => {
  const edge = await startRecordingEdge(t);
  const ask = async (url: string, sent: string, contentType: string) => {
    const headers = { authorization: 'Bearer cw-good', ...(contentType === '' ? {} : { 'content-type': contentType }) };
    const response = await fetch(edge.url + url, { method: 'POST', headers, body: sent });
    const text = await response.text();
    const kept = ['content-type', 'connection', 'x-should-retry'].map((name) => response.headers.get(name));
    return { status: response.status, kept, text: text.replaceAll(/[\da-f]{32}/g, 'id').replaceAll(/\d{10}/g, 'time') };
  };
  await fc.assert(
    fc.asyncProperty(path, body, type, async (where, sent, contentType) => {
      assert.deepEqual(await ask(where, sent, contentType), await ask(`${where}?by=query`, sent, contentType));
    }),
    { numRuns: 60 },
  );
});
