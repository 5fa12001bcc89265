import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeTransport } from '../../../../test/support/fake-transport.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import type { EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type AccessToken, type GoogleIdentity, TokenCache } from './access-token.ts';
import { createVertexProvider } from './adapter.ts';
import { ownAddress } from './address.ts';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const OPTIONS = { name: 'v', baseUrl: undefined, apiKeys: [], headers: {}, models: [], location: 'us-central1' };
const NOBODY: GoogleIdentity = {
  token: () => Promise.reject(new Error('no metadata server')),
  project: () => Promise.reject(new Error('no project')),
};

function vertex(options: Partial<Parameters<typeof createVertexProvider>[0]> = {}, identity = NOBODY) {
  return createVertexProvider({ ...OPTIONS, project: 'p', ...options }, new FakeTransport(), () => identity);
}

function sent(model: string, parts: CallParts = {}, options = {}) {
  const plan = vertex(options).plan(makeCall(parts), model);
  return { ...plan, body: JSON.parse(Buffer.from(plan.request.body ?? []).toString()) as JsonObject };
}

const MESSAGES = [{ role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] }];

function lasting(ms: number | undefined, token = 't'): AccessToken {
  return { token, expiresAt: ms === undefined ? undefined : NOW + ms };
}

describe('tokens of Google', () => {
  it('are fetched once for requests at the same time, and kept', async () => {
    let fetches = 0;
    const cache = new TokenCache(
      () => {
        fetches += 1;
        return Promise.resolve(lasting(60 * MINUTE));
      },
      () => NOW,
    );
    assert.deepEqual(await Promise.all([cache.get(), cache.get()]), ['t', 't']);
    await cache.get();
    assert.equal(fetches, 1);
  });

  it('are renewed shortly before they expire, and used until then where that fails', async () => {
    let now = NOW;
    let next = (): Promise<AccessToken> => Promise.resolve(lasting(60 * MINUTE, 'first'));
    const cache = new TokenCache(
      () => next(),
      () => now,
    );
    assert.equal(await cache.get(), 'first');
    next = () => Promise.reject(new Error('offline'));
    now += 54 * MINUTE;
    assert.equal(await cache.get(), 'first');
    now += 4 * MINUTE;
    assert.equal(await cache.get(), 'first', 'it still holds');
    now += 3 * MINUTE;
    await assert.rejects(cache.get(), /offline/);
    next = () => Promise.resolve(lasting(undefined, 'second'));
    assert.equal(await cache.get(), 'second');
    next = () => Promise.resolve(lasting(undefined, 'third'));
    now += 5 * MINUTE;
    assert.equal(await cache.get(), 'third');
  });
});

describe('authorization at Vertex AI', () => {
  const identity: GoogleIdentity = {
    token: () => Promise.resolve({ token: 'fetched', expiresAt: Date.now() + 60 * MINUTE }),
    project: () => Promise.resolve('from-credentials'),
  };

  it('adds a token, and the project that only the credentials know', async () => {
    const provider = vertex({ project: undefined }, identity);
    const { request } = provider.plan(makeCall(), 'gemini-3-pro');
    const authorized = await provider.authorize?.(request);
    assert.equal(authorized?.headers['authorization'], 'Bearer fetched');
    assert.equal(
      authorized.path,
      '/v1/projects/from-credentials/locations/us-central1/publishers/google/models/gemini-3-pro:generateContent',
    );
    assert.equal(request.headers['authorization'], undefined);
  });

  it("promise 10: fails as the operator's fault, with what to set", async () => {
    const provider = vertex();
    const { request } = provider.plan(makeCall(), 'gemini-3-pro');
    await assert.rejects(provider.authorize?.(request) ?? Promise.resolve(), {
      code: 'provider_auth_failed',
      message: /providers\.v\.cred/,
    });
    const unplaced = vertex({ project: undefined }, { ...identity, project: () => NOBODY.project() });
    await assert.rejects(unplaced.authorize?.(unplaced.plan(makeCall(), 'gemini-3-pro').request) ?? Promise.resolve(), {
      code: 'provider_auth_failed',
      message: /providers\.v\.project/,
    });
    const tokenOnly = vertex({ project: undefined, accessToken: 'own' });
    assert.throws(() => tokenOnly.plan(makeCall(), 'gemini-3-pro'), { code: 'provider_auth_failed' });
  });

  it('is by a token of the file, or by a key, which needs no project', () => {
    const { request } = vertex({ accessToken: 'own', apiKeys: ['k'] }).plan(makeCall(), 'gemini-3-pro');
    assert.deepEqual([request.headers['authorization'], request.headers['x-goog-api-key']], ['Bearer own', undefined]);
    const express = vertex({ apiKeys: ['k'], project: undefined, location: 'global' });
    assert.ok(!('authorize' in express));
    const keyed = express.plan(makeCall(), 'gemini-3-pro').request;
    assert.equal(keyed.headers['x-goog-api-key'], 'k');
    assert.equal(
      `${keyed.origin}${keyed.path}`,
      'https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-3-pro:generateContent',
    );
  });

  it('goes to the address of the place', () => {
    assert.deepEqual(['global', 'eu', 'europe-west4'].map(ownAddress), [
      'https://aiplatform.googleapis.com',
      'https://aiplatform.eu.rep.googleapis.com',
      'https://europe-west4-aiplatform.googleapis.com',
    ]);
  });
});

describe('models of Vertex AI', () => {
  it('speak what their publisher speaks', () => {
    const provider = vertex();
    const wires = ['claude-sonnet-4-5@20250929', 'gemini-3-pro'].map((model) => provider.wire('openai', 'chat', model));
    assert.deepEqual(
      wires.map((wire) => wire?.dialect),
      ['anthropic', 'gemini'],
    );
    assert.equal(provider.wire('gemini', 'token-count', 'claude-x'), undefined);
    assert.equal(provider.wire('anthropic', 'token-count', 'claude-x')?.dialect, 'anthropic');
    assert.throws(() => provider.plan(makeCall(), 'meta/llama-4'), {
      code: 'operation_unsupported',
      message: /names a publisher/,
    });
  });

  it('of Google have no ids on calls', () => {
    const messages = [
      { role: 'user', content: '?' },
      { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'a', content: 'fine' },
    ];
    const { body } = sent('gemini-2.5-pro', { json: { model: 'm', messages, frequency_penalty: 1 } });
    assert.ok(!JSON.stringify(body).includes('"id"'));
    assert.deepEqual(body['generationConfig'], { frequencyPenalty: 1 });
  });

  it('promise 3: of Anthropic get the bytes of its clients but for what Google wants elsewhere', () => {
    const json = { model: 'alias', max_tokens: 9, messages: MESSAGES, stream: true, unknown: 1 };
    const { request, body } = sent('claude-sonnet-4-5@20250929', {
      dialect: 'anthropic',
      json,
      headers: { 'anthropic-beta': 'a-1, b-2', 'anthropic-version': '2023-06-01' },
    });
    assert.equal(
      request.path,
      '/v1/projects/p/locations/us-central1/publishers/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict',
    );
    const { model: _, ...rest } = json;
    assert.deepEqual(body, { ...rest, anthropic_version: 'vertex-2023-10-16', anthropic_beta: ['a-1', 'b-2'] });
    assert.equal(request.headers['anthropic-version'], undefined);
  });

  it('are priced as regional, but at the global endpoint', () => {
    const places = ['us-central1', 'eu', 'global'].map((location) => vertex({ location }).region?.('claude-x'));
    assert.deepEqual(places, ['regional', 'regional', undefined]);
  });

  it('of Anthropic count tokens under a path of its own', () => {
    const json = { model: 'alias', messages: MESSAGES };
    const { request, body } = sent('claude-x', { dialect: 'anthropic', operation: 'token-count', json });
    assert.equal(
      request.path,
      '/v1/projects/p/locations/us-central1/publishers/anthropic/models/count-tokens:rawPredict',
    );
    assert.deepEqual(body, { model: 'claude-x', messages: MESSAGES, anthropic_version: 'vertex-2023-10-16' });
  });

  it('promise 2: of Anthropic are asked in its own form by clients of others', () => {
    const messages = [{ role: 'user', content: 'Hi' }];
    const { request, body } = sent('claude-sonnet-4-5', { json: { model: 'm', messages, max_tokens: 5 } });
    assert.match(request.path, /publishers\/anthropic\/models\/claude-sonnet-4-5:rawPredict$/);
    assert.deepEqual(body, {
      max_tokens: 5,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      anthropic_version: 'vertex-2023-10-16',
    });
  });
});

describe("Vertex AI's embedder", () => {
  const { embedder } = vertex();
  const embedding: EmbeddingRequest = {
    inputs: ['a', 'b'],
    encoding: 'float',
    dimensions: 8,
    purpose: 'document',
    extra: { autoTruncate: false },
  };

  function asked(model: string, parts: Partial<EmbeddingRequest> = {}) {
    const request = embedder?.request(makeCall({ operation: 'embeddings' }), model, { ...embedding, ...parts });
    return [request?.path.split('/').at(-1), JSON.parse(Buffer.from(request?.body ?? []).toString())];
  }

  it('asks each kind of model in its own way', () => {
    const task_type = 'RETRIEVAL_DOCUMENT';
    assert.deepEqual(asked('text-embedding-005'), [
      'text-embedding-005:predict',
      {
        instances: [
          { content: 'a', task_type },
          { content: 'b', task_type },
        ],
        parameters: { autoTruncate: false, outputDimensionality: 8 },
      },
    ]);
    assert.deepEqual(asked('gemini-embedding-2', { inputs: ['a'] }), [
      'gemini-embedding-2:embedContent',
      {
        content: { parts: [{ text: 'a' }] },
        embedContentConfig: { taskType: task_type, autoTruncate: false, outputDimensionality: 8 },
      },
    ]);
    assert.equal(asked('gemini-embedding-001')[0], 'gemini-embedding-001:predict');
    const bounds = ['text-embedding-005', 'gemini-embedding-001'].map((model) => embedder?.bounds(model));
    assert.deepEqual(bounds, [
      { inputs: 250, tokens: 20_000 },
      { inputs: 1, tokens: undefined },
    ]);
  });

  it('reads vectors and their tokens', () => {
    const predictions = [1, 2].map((value) => {
      return { embeddings: { values: [value], statistics: { token_count: value, truncated: false } } };
    });
    const answer = embedder?.read({ predictions }, 2);
    assert.deepEqual([answer?.vectors, answer?.usage], [[[1], [2]], { inputTokens: 3 }]);
    const one = embedder?.read({ embedding: { values: [5] }, usageMetadata: { promptTokenCount: 4 } }, 1);
    assert.deepEqual([one?.vectors, one?.usage], [[[5]], { inputTokens: 4 }]);
    assert.throws(() => embedder?.read({ predictions }, 3), { code: 'provider_bad_response' });
  });
});
