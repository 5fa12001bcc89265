import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { makeProvider } from '../../../../test/support/make-provider.ts';
import { createJinaProvider } from './adapter.ts';

const RANKING = makeCall({ operation: 'rerank', json: { model: 'm', query: 'q', documents: ['d'] } });
const EMBEDDING = { inputs: ['a'], encoding: 'float', extra: {} } as const;

describe('jina', () => {
  it('ranks and embeds at its own address, with its own key', () => {
    const provider = makeProvider(createJinaProvider);
    const sent = [provider.plan(RANKING, 'm').request, provider.embedder?.request(makeCall(), 'm', EMBEDDING)];
    assert.deepEqual(
      sent.map((request) => request && request.origin + request.path),
      ['https://api.jina.ai/v1/rerank', 'https://api.jina.ai/v1/embeddings'],
    );
    assert.equal(sent[0]?.headers['authorization'], 'Bearer key-1');
  });

  it('does nothing else', () => {
    const provider = makeProvider(createJinaProvider);
    assert.equal(provider.wire('openai', 'chat'), undefined);
    assert.ok(provider.wire('openai', 'rerank'));
    assert.throws(() => provider.plan(makeCall(), 'm'), { code: 'operation_unsupported' });
  });

  it('says that it has no key', () => {
    const provider = makeProvider(createJinaProvider, { apiKeys: [] });
    assert.throws(() => provider.plan(RANKING, 'm'), { code: 'provider_auth_failed', message: /JINA_API_KEY/ });
  });

  it('knows its models by their names', () => {
    const provider = makeProvider(createJinaProvider, { models: ['tuned'] });
    for (const name of ['jina-embeddings-v3', 'jina-reranker-v3', 'tuned']) assert.ok(provider.ownsModel(name), name);
    for (const name of ['rerank-2.5', 'gpt-5']) assert.ok(!provider.ownsModel(name), name);
  });
});
