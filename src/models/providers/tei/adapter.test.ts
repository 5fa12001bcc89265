import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { makeProvider } from '../../../../test/support/make-provider.ts';
import { createTeiProvider } from './adapter.ts';

const RANKING = makeCall({ operation: 'rerank', json: { model: 'm', query: 'q', documents: ['d'] } });
const EMBEDDING = { inputs: ['a'], encoding: 'float', extra: {} } as const;

describe('tei', () => {
  it('ranks and embeds where the server is, with a key where there is one', () => {
    for (const baseUrl of ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1/']) {
      const provider = makeProvider(createTeiProvider, { baseUrl, apiKeys: [] });
      const sent = [provider.plan(RANKING, 'm').request, provider.embedder?.request(makeCall(), 'm', EMBEDDING)];
      assert.deepEqual(
        sent.map((request) => request && request.origin + request.path),
        ['http://127.0.0.1:8080/rerank', 'http://127.0.0.1:8080/v1/embeddings'],
      );
      assert.equal(sent[0]?.headers['authorization'], undefined);
    }
    const { request } = makeProvider(createTeiProvider, { baseUrl: 'http://t.test' }).plan(RANKING, 'm');
    assert.equal(request.headers['authorization'], 'Bearer key-1');
  });

  it('has no address of its own', () => {
    assert.throws(() => makeProvider(createTeiProvider), RangeError);
  });

  it('owns the models that it is told of', () => {
    const provider = makeProvider(createTeiProvider, { baseUrl: 'http://t.test', models: ['bge'] });
    assert.deepEqual([provider.ownsModel('bge'), provider.ownsModel('other')], [true, false]);
  });
});
