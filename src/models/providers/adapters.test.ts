import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Assignment, Call } from '../../core/call.ts';
import { FakeTransport } from '../../../test/support/fake-transport.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { createAnthropicProvider } from './anthropic/adapter.ts';
import type { HttpProviderOptions } from './http-provider.ts';
import { createOpenAiCompatibleProvider } from './openai-compatible/adapter.ts';
import { createOpenAiProvider } from './openai/adapter.ts';
import type { Provider } from './provider.ts';

type Create = (options: HttpProviderOptions, transport: FakeTransport) => Provider;

function make(create: Create, options: Partial<HttpProviderOptions> = {}): Provider {
  const defaults = { name: 'p', baseUrl: undefined, apiKeys: ['key-1', 'key-2'], headers: {}, models: [] };
  return create({ ...defaults, ...options }, new FakeTransport());
}

function passing(headers: Record<string, string>): Call {
  const assignment: Assignment = {
    virtualModel: 'chat',
    targets: [],
    passThroughCredentials: true,
    timeouts: { headers: 7 },
  };
  return makeCall({ headers, assignment });
}

const OAUTH = {
  authorization: 'Bearer sk-ant-oat01-x',
  'x-api-key': 'cw-key',
  'user-agent': 'claude-cli/2.0',
  'x-app': 'cli',
  cookie: 'session=1',
};

describe('openai', () => {
  it("sends its own key, the operator's headers and its own name", () => {
    const provider = make(createOpenAiProvider, { headers: { 'openai-organization': 'org-1' } });
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

  it('speaks its own dialect, for chat and embeddings', () => {
    const provider = make(createOpenAiProvider);
    assert.equal(provider.wire('openai', 'chat')?.dialect, 'openai');
    assert.equal(provider.wire('openai', 'embeddings')?.dialect, 'openai');
    assert.equal(provider.wire('anthropic', 'chat'), undefined);
  });

  it('knows its models by their names, and those that the operator lists', () => {
    const provider = make(createOpenAiProvider, { models: ['house-model'] });
    for (const name of ['gpt-5-mini', 'o3', 'o4-mini', 'text-embedding-3-small', 'ft:gpt-4o:x', 'house-model']) {
      assert.ok(provider.ownsModel(name), name);
    }
    for (const name of ['claude-x', 'o', 'ollama', 'x/gpt-5', '']) assert.ok(!provider.ownsModel(name), name);
  });

  it('says what to set where it has no key', () => {
    const provider = make(createOpenAiProvider, { apiKeys: [] });
    assert.throws(() => provider.plan(makeCall(), 'gpt-5'), {
      code: 'provider_auth_failed',
      message: /OPENAI_API_KEY or providers\.p\.apiKey/,
    });
  });

  it('promise 12: lets only its own facts back to the client', () => {
    const { passedHeaders } = make(createOpenAiProvider);
    for (const name of ['set-cookie', 'server', 'connection', 'transfer-encoding', 'content-encoding', 'cf-ray']) {
      assert.ok(!passedHeaders.has(name), name);
    }
    assert.ok(passedHeaders.has('x-request-id') && passedHeaders.has('x-ratelimit-remaining-tokens'));
  });
});

describe('openai-compatible', () => {
  const baseUrl = 'http://127.0.0.1:8000/v1/';

  it('works with and without a key', () => {
    const open = make(createOpenAiCompatibleProvider, { baseUrl, apiKeys: [] }).plan(makeCall(), 'm');
    assert.equal(open.request.origin, 'http://127.0.0.1:8000');
    assert.equal(open.request.path, '/v1/chat/completions');
    assert.equal(open.request.headers['authorization'], undefined);
    const keyed = make(createOpenAiCompatibleProvider, { baseUrl }).plan(makeCall(), 'm');
    assert.equal(keyed.request.headers['authorization'], 'Bearer key-1');
  });

  it('owns what the operator lists and nothing by name', () => {
    const provider = make(createOpenAiCompatibleProvider, { baseUrl, models: ['meta-llama/Llama-3.1-8B'] });
    assert.ok(provider.ownsModel('meta-llama/Llama-3.1-8B'));
    assert.ok(!provider.ownsModel('gpt-5'));
  });

  it('needs an address', () => {
    assert.throws(() => make(createOpenAiCompatibleProvider), RangeError);
  });
});

describe('anthropic', () => {
  it('sends its own key under its own name', () => {
    const { request } = make(createAnthropicProvider).plan(makeCall({ headers: OAUTH }), 'claude-x');
    assert.equal(request.origin + request.path, 'https://api.anthropic.com/v1/messages');
    assert.deepEqual(request.headers, {
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      'user-agent': 'causeway',
      'x-api-key': 'key-1',
    });
  });

  it("passes a client's OAuth session through where the model allows it, as its own application", () => {
    const { request } = make(createAnthropicProvider).plan(passing(OAUTH), 'claude-x');
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
    const provider = make(createAnthropicProvider, { apiKeys: [] });
    assert.equal(provider.plan(passing(OAUTH), 'claude-x').request.headers['x-api-key'], undefined);
    assert.throws(() => provider.plan(makeCall(), 'claude-x'), { code: 'provider_auth_failed' });
  });

  it('takes a base URL with and without /v1', () => {
    for (const baseUrl of ['https://x.example', 'https://x.example/v1', 'https://x.example/v1/']) {
      const { request } = make(createAnthropicProvider, { baseUrl }).plan(makeCall(), 'claude-x');
      assert.equal(request.path, '/v1/messages', baseUrl);
    }
  });

  it('serves chat in its own dialect', () => {
    const provider = make(createAnthropicProvider, { models: ['house-claude'] });
    assert.equal(provider.wire('anthropic', 'chat')?.dialect, 'anthropic');
    assert.equal(provider.wire('anthropic', 'embeddings'), undefined);
    assert.equal(provider.wire('openai', 'chat'), undefined);
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
