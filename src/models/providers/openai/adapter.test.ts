import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { OAUTH, makeProvider } from '../../../../test/support/make-provider.ts';
import { createOpenAiProvider } from './adapter.ts';

describe('openai', () => {
  it("sends its own key, the operator's headers and its own name", () => {
    const provider = makeProvider(createOpenAiProvider, { headers: { 'openai-organization': 'org-1' } });
    const { request } = provider.plan(makeCall({ headers: OAUTH }), 'gpt-5');
    assert.equal(request.origin, 'https://api.openai.com');
    assert.equal(request.path, '/v1/chat/completions');
    assert.deepEqual(request.headers, {
      'content-type': 'application/json',
      'user-agent': 'causeway',
      'openai-organization': 'org-1',
      authorization: 'Bearer key-1',
    });
  });

  it('serves chat in any dialect, and embeddings in its own', () => {
    const provider = makeProvider(createOpenAiProvider);
    assert.equal(provider.wire('openai', 'chat')?.dialect, 'openai');
    assert.equal(provider.wire('openai', 'embeddings')?.dialect, 'openai');
    assert.equal(provider.wire('anthropic', 'chat')?.dialect, 'openai');
    assert.equal(provider.wire('anthropic', 'embeddings'), undefined);
  });

  it('knows its models by their names, and those that the operator lists', () => {
    const provider = makeProvider(createOpenAiProvider, { models: ['house-model'] });
    for (const name of ['gpt-5-mini', 'o3', 'o4-mini', 'text-embedding-3-small', 'ft:gpt-4o:x', 'house-model']) {
      assert.ok(provider.ownsModel(name), name);
    }
    for (const name of ['claude-x', 'o', 'ollama', 'x/gpt-5', '']) assert.ok(!provider.ownsModel(name), name);
  });

  it('says what to set where it has no key', () => {
    const provider = makeProvider(createOpenAiProvider, { apiKeys: [] });
    assert.throws(() => provider.plan(makeCall(), 'gpt-5'), {
      code: 'provider_auth_failed',
      message: /OPENAI_API_KEY or providers\.p\.apiKey/,
    });
  });

  it('promise 12: lets only its own facts back to the client', () => {
    const { passedHeaders } = makeProvider(createOpenAiProvider);
    for (const name of ['set-cookie', 'server', 'connection', 'transfer-encoding', 'content-encoding', 'cf-ray']) {
      assert.ok(!passedHeaders.has(name), name);
    }
    assert.ok(passedHeaders.has('x-request-id') && passedHeaders.has('x-ratelimit-remaining-tokens'));
  });
});
