import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { makeProvider } from '../../../../test/support/make-provider.ts';
import { createCohereProvider } from './adapter.ts';

const RANKING: CallParts = { operation: 'rerank', json: { model: 'm', query: 'q', documents: ['d'] } };

describe('cohere', () => {
  it('sends each operation to its path, with its own key', () => {
    const provider = makeProvider(createCohereProvider);
    const paths = [makeCall(), makeCall(RANKING)].map((call) => provider.plan(call, 'm').request);
    assert.deepEqual(
      paths.map(({ origin, path }) => origin + path),
      ['https://api.cohere.com/v2/chat', 'https://api.cohere.com/v2/rerank'],
    );
    assert.deepEqual(paths[0]?.headers, {
      'content-type': 'application/json',
      'user-agent': 'causeway',
      authorization: 'Bearer key-1',
    });
  });

  it('takes a base URL with or without its version', () => {
    for (const baseUrl of ['http://c.test', 'http://c.test/v2', 'http://c.test/v1/']) {
      const { request } = makeProvider(createCohereProvider, { baseUrl }).plan(makeCall(), 'm');
      assert.equal(request.origin + request.path, 'http://c.test/v2/chat');
    }
  });

  it('promise 12: takes along what traces a request, and no credential of another', () => {
    const headers = { traceparent: '00-a-b-01', cookie: 'c', 'x-api-key': 'cw-key', 'idempotency-key': 'i' };
    const { request } = makeProvider(createCohereProvider).plan(makeCall({ headers }), 'm');
    assert.deepEqual(Object.keys(request.headers), ['content-type', 'user-agent', 'authorization', 'traceparent']);
  });

  it('says that it has no key', () => {
    const provider = makeProvider(createCohereProvider, { apiKeys: [] });
    assert.throws(() => provider.plan(makeCall(), 'm'), { code: 'provider_auth_failed', message: /COHERE_API_KEY/ });
  });

  it('asks as often as there are to be answers', () => {
    const json = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], n: 3 };
    assert.equal(makeProvider(createCohereProvider).plan(makeCall({ json }), 'm').translation?.copies, 3);
  });

  it('serves chat of every dialect, and rerank', () => {
    const provider = makeProvider(createCohereProvider);
    assert.deepEqual(
      [provider.wire('openai', 'chat')?.dialect, provider.wire('gemini', 'chat')?.dialect],
      ['cohere', 'cohere'],
    );
    assert.equal(provider.wire('openai', 'rerank')?.dialect, 'openai');
    assert.equal(provider.wire('openai', 'moderation'), undefined);
    assert.ok(provider.embedder);
  });

  it('knows its models by their names', () => {
    const provider = makeProvider(createCohereProvider, { models: ['tuned'] });
    const own = [
      'command-a-03-2025',
      'embed-v4.0',
      'embed-english-v3.0',
      'rerank-v3.5',
      'c4ai-aya-expanse-8b',
      'tuned',
    ];
    for (const name of own) assert.ok(provider.ownsModel(name), name);
    for (const name of ['rerank-2.5', 'embedding', 'gpt-5']) assert.ok(!provider.ownsModel(name), name);
  });
});
