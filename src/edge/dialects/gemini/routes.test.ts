import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Json, JsonObject } from '../../../core/json.ts';
import { gemini } from './adapter.ts';
import { readFacts } from './facts.ts';
import { resolve } from './routes.ts';

const HELLO: JsonObject = { contents: [{ parts: [{ text: 'hi' }] }] };

function resolved(rest: string): unknown[] | undefined {
  const path = resolve(rest);
  return path && [path.facts.model, path.facts.stream, path.operation, path.endpoint];
}

test('the action stands behind the last colon, the model before it', () => {
  assert.deepEqual(resolved('ollama/qwen3:8b:generateContent'), [
    'ollama/qwen3:8b',
    false,
    'chat',
    '/v1beta/models:generateContent',
  ]);
  assert.deepEqual(resolved('m:streamGenerateContent')?.slice(1, 3), [true, 'chat']);
  assert.deepEqual(resolved('m:countTokens')?.slice(1, 3), [false, 'token-count']);
  assert.deepEqual(resolved('m:embedContent')?.slice(2), ['embeddings', '/v1beta/models:embedContent']);
  assert.deepEqual(resolved('m:batchEmbedContents')?.slice(2), ['embeddings', '/v1beta/models:batchEmbedContents']);
  for (const other of ['m:predict', 'm:generateImages', 'm', '', ':generateContent', 'm:', 'm:toString']) {
    assert.equal(resolve(other), undefined, other);
  }
});

test('what a client of this API looks like', () => {
  assert.ok(gemini.speaks('/v1beta/files', {}));
  assert.ok(gemini.speaks('/v1/models', { 'x-goog-api-key': 'k' }));
  assert.ok(gemini.speaks('/v1/models', { 'x-goog-api-client': 'google-genai-sdk/1' }));
  assert.ok(!gemini.speaks('/v1/models', { authorization: 'Bearer k' }));
});

test('the facts of a request', () => {
  const path = { model: 'a/b', stream: true };
  const facts = { model: 'a/b', stream: true, user: undefined, metadata: undefined };
  assert.deepEqual(readFacts(HELLO, 'chat', path), facts);
  assert.deepEqual(readFacts({ ...HELLO, labels: { team: 'a' } }, 'chat', path), { ...facts, metadata: { team: 'a' } });
  const accepted: readonly (readonly [Parameters<typeof readFacts>[1], JsonObject])[] = [
    ['chat', { contents: { parts: { text: 'hi' } } }],
    ['token-count', HELLO],
    ['token-count', { generateContentRequest: { ...HELLO, model: 'models/m' } }],
    ['token-count', { generate_content_request: HELLO }],
    ['embeddings', { content: { parts: [{ text: 'hi' }] } }],
    ['embeddings', { requests: [{ content: {} }] }],
  ];
  for (const [operation, body] of accepted) assert.equal(readFacts(body, operation, path).model, 'a/b');
  const refused: readonly (readonly [Parameters<typeof readFacts>[1], string, Json])[] = [
    ['chat', 'contents', {}],
    ['chat', 'contents', { contents: [] }],
    ['chat', 'labels', { ...HELLO, labels: 'a' }],
    ['token-count', 'contents', { generateContentRequest: {} }],
    ['embeddings', 'content', { content: 'hi' }],
    ['embeddings', 'content', { requests: [] }],
  ];
  for (const [operation, param, body] of refused) {
    assert.throws(() => readFacts(body as JsonObject, operation, path), { code: 'request_invalid', param });
  }
});
