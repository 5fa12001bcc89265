import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { makeProvider } from '../../../../test/support/make-provider.ts';
import { createVoyageProvider } from './adapter.ts';

const RANKING = makeCall({ operation: 'rerank', json: { model: 'm', query: 'q', documents: ['d'] } });
const EMBEDDING = { inputs: ['a'], encoding: 'float', extra: {} } as const;

describe('voyage', () => {
  it('ranks and embeds at its own address, with its own key', () => {
    const provider = makeProvider(createVoyageProvider);
    const sent = [provider.plan(RANKING, 'm').request, provider.embedder?.request(makeCall(), 'm', EMBEDDING)];
    assert.deepEqual(
      sent.map((request) => request && request.origin + request.path),
      ['https://api.voyageai.com/v1/rerank', 'https://api.voyageai.com/v1/embeddings'],
    );
    assert.equal(sent[0]?.headers['authorization'], 'Bearer key-1');
  });

  it('does nothing else', () => {
    const provider = makeProvider(createVoyageProvider);
    assert.equal(provider.wire('openai', 'chat'), undefined);
    assert.ok(provider.wire('openai', 'rerank'));
    assert.throws(() => provider.plan(makeCall(), 'm'), { code: 'operation_unsupported' });
  });

  it('says that it has no key', () => {
    const provider = makeProvider(createVoyageProvider, { apiKeys: [] });
    assert.throws(() => provider.plan(RANKING, 'm'), { code: 'provider_auth_failed', message: /VOYAGE_API_KEY/ });
  });

  it('knows its models by their names', () => {
    const provider = makeProvider(createVoyageProvider, { models: ['tuned'] });
    for (const name of ['voyage-4', 'rerank-2.5', 'rerank-lite-1', 'tuned']) assert.ok(provider.ownsModel(name), name);
    for (const name of ['rerank-v3.5', 'gpt-5']) assert.ok(!provider.ownsModel(name), name);
  });
});
