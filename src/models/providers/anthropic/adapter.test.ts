import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeTransport } from '../../../../test/support/fake-transport.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { OAUTH, makeProvider, passing } from '../../../../test/support/make-provider.ts';
import { makeInference } from '../../../../test/support/make-inference.ts';
import { createAnthropicProvider } from './adapter.ts';

describe('anthropic', () => {
  it('sends its own key under its own name', () => {
    const { request } = makeProvider(createAnthropicProvider).plan(
      makeCall({ dialect: 'anthropic', headers: OAUTH }),
      'claude-x',
    );
    assert.equal(request.origin + request.path, 'https://api.anthropic.com/v1/messages');
    assert.deepEqual(request.headers, {
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      'user-agent': 'causeway',
      'x-api-key': 'key-1',
    });
  });

  it("passes a client's OAuth session through where the model allows it, as its own application", () => {
    const { request } = makeProvider(createAnthropicProvider).plan(passing(OAUTH, 'anthropic'), 'claude-x');
    assert.deepEqual(request.headers, {
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      'user-agent': 'claude-cli/2.0',
      'x-app': 'cli',
      authorization: 'Bearer sk-ant-oat01-x',
    });
    assert.equal(request.timeouts.headers, 7);
  });

  it('needs no key of its own for a client that brings one', () => {
    const provider = makeProvider(createAnthropicProvider, { apiKeys: [] });
    assert.equal(provider.plan(passing(OAUTH, 'anthropic'), 'claude-x').request.headers['x-api-key'], undefined);
    assert.throws(() => provider.plan(makeCall({ dialect: 'anthropic' }), 'claude-x'), {
      code: 'provider_auth_failed',
    });
  });

  it('takes a base URL with and without /v1', () => {
    for (const baseUrl of ['https://x.example', 'https://x.example/v1', 'https://x.example/v1/']) {
      const { request } = makeProvider(createAnthropicProvider, { baseUrl }).plan(
        makeCall({ dialect: 'anthropic' }),
        'claude-x',
      );
      assert.equal(request.path, '/v1/messages', baseUrl);
    }
  });

  it("promise 12: does not take another dialect's credential for one of Anthropic", () => {
    const headers = { ...OAUTH, authorization: 'Bearer sk-proj-openai' };
    const call = makeCall({ headers, assignment: passing(headers).assignment, inference: makeInference() });
    const { request } = makeProvider(createAnthropicProvider).plan(call, 'claude-x');
    assert.equal(request.headers['authorization'], undefined);
    assert.equal(request.headers['x-api-key'], 'key-1');
  });

  it('serves chat in its own protocol, whatever the client speaks', () => {
    const provider = makeProvider(createAnthropicProvider, { models: ['house-claude'] });
    assert.equal(provider.wire('anthropic', 'chat')?.dialect, 'anthropic');
    assert.equal(provider.wire('anthropic', 'embeddings'), undefined);
    assert.equal(provider.wire('openai', 'chat'), provider.wire('anthropic', 'chat'));
    assert.equal(provider.wire('openai', 'embeddings'), undefined);
    assert.ok(provider.ownsModel('claude-haiku-4-5') && provider.ownsModel('house-claude'));
    assert.ok(!provider.ownsModel('gpt-5'));
  });

  it('closes its transport with itself', async () => {
    const transport = new FakeTransport();
    const options = { name: 'p', baseUrl: undefined, apiKeys: [], headers: {}, models: [] };
    await createAnthropicProvider(options, transport).close();
    assert.equal(transport.closed, true);
  });
});
