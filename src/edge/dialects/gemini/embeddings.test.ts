import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Json, JsonObject } from '../../../core/json.ts';
import type { EmbeddingContext } from '../dialect-adapter.ts';
import { decodeEmbedding, encodeEmbedding } from './embeddings.ts';

function content(...texts: string[]): JsonObject {
  return { parts: texts.map((text) => ({ text })) };
}

function contextOf(action: string): EmbeddingContext {
  const request = { inputs: [], encoding: 'float', extra: {} } as const;
  return { model: 'm', operation: 'embeddings', endpoint: `/v1beta/models:${action}`, request };
}

test('one text, and the parts of one', () => {
  assert.deepEqual(decodeEmbedding({ content: content('a') }), { inputs: ['a'], encoding: 'float', extra: {} });
  assert.deepEqual(decodeEmbedding({ content: content('a', 'b') }).inputs, ['a\nb']);
  assert.deepEqual(
    decodeEmbedding({
      model: 'models/m',
      content: content('a'),
      task_type: 'RETRIEVAL_DOCUMENT',
      title: 't',
      output_dimensionality: 256,
    }),
    { inputs: ['a'], encoding: 'float', extra: { title: 't' }, dimensions: 256, purpose: 'document' },
  );
});

test('a batch, all in one way', () => {
  const options = { outputDimensionality: 8, taskType: 'CODE_RETRIEVAL_QUERY' };
  const requests = ['a', 'b'].map((text) => ({ model: 'models/m', content: content(text), ...options }));
  assert.deepEqual(decodeEmbedding({ requests }), {
    inputs: ['a', 'b'],
    encoding: 'float',
    extra: { taskType: 'CODE_RETRIEVAL_QUERY' },
    dimensions: 8,
    purpose: 'query',
  });
  const titled = ['a', 'b'].map((text) => ({ content: content(text), title: text }));
  assert.deepEqual(decodeEmbedding({ requests: titled }).extra, { 'requests[].title': 'a' });
  assert.throws(() => decodeEmbedding({ requests: [requests[0] ?? {}, { content: content('b') }] }), {
    code: 'capability_unsupported',
    param: 'requests[1]',
  });
});

test('what cannot be embedded', () => {
  const invalid: readonly (readonly [string, string, Json])[] = [
    ['request_invalid', 'content', {}],
    ['request_invalid', 'content', { content: { parts: [] } }],
    ['request_invalid', 'requests[0]', { requests: ['a'] }],
    ['request_invalid', 'requests[0].content', { requests: [{}] }],
    ['request_invalid', 'taskType', { content: content('a'), taskType: 'GUESSING' }],
    ['request_invalid', 'outputDimensionality', { content: content('a'), outputDimensionality: 0.5 }],
    ['capability_unsupported', 'content.parts[0]', { content: { parts: [{ inlineData: {} }] } }],
  ];
  for (const [code, param, body] of invalid) {
    assert.throws(() => decodeEmbedding(body as JsonObject), { code, param }, JSON.stringify(body));
  }
});

test('vectors are numbers, alone or in a list', () => {
  const base64 = Buffer.from(new Float32Array([0.5, -1]).buffer).toString('base64');
  const answer = { vectors: [[1, 2], base64], usage: { inputTokens: 3 }, model: undefined };
  assert.deepEqual(encodeEmbedding(answer, contextOf('batchEmbedContents')), {
    embeddings: [{ values: [1, 2] }, { values: [0.5, -1] }],
    usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
  });
  assert.deepEqual(encodeEmbedding({ ...answer, usage: undefined }, contextOf('embedContent')), {
    embedding: { values: [1, 2] },
  });
});
