import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { makeProvider } from '../../../../test/support/make-provider.ts';
import { createOpenAiCompatibleProvider } from './adapter.ts';

describe('openai-compatible', () => {
  const baseUrl = 'http://127.0.0.1:8000/v1/';

  it('works with and without a key', () => {
    const open = makeProvider(createOpenAiCompatibleProvider, { baseUrl, apiKeys: [] }).plan(makeCall(), 'm');
    assert.equal(open.request.origin, 'http://127.0.0.1:8000');
    assert.equal(open.request.path, '/v1/chat/completions');
    assert.equal(open.request.headers['authorization'], undefined);
    const keyed = makeProvider(createOpenAiCompatibleProvider, { baseUrl }).plan(makeCall(), 'm');
    assert.equal(keyed.request.headers['authorization'], 'Bearer key-1');
  });

  it('owns what the operator lists and nothing by name', () => {
    const provider = makeProvider(createOpenAiCompatibleProvider, { baseUrl, models: ['meta-llama/Llama-3.1-8B'] });
    assert.ok(provider.ownsModel('meta-llama/Llama-3.1-8B'));
    assert.ok(!provider.ownsModel('gpt-5'));
  });

  it('needs an address', () => {
    assert.throws(() => makeProvider(createOpenAiCompatibleProvider), RangeError);
  });
});
