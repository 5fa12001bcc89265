import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { FakeTransport } from '../../../../test/support/fake-transport.ts';
import type { EmbeddingRequest } from '../../../core/inference/embedding.ts';
import { sealForGemini } from '../../../core/inference/gemini-seal.ts';
import type { Provider } from '../provider.ts';
import { createGeminiProvider } from './adapter.ts';
import { NO_SIGNATURE } from './thought-signatures.ts';

function gemini(apiKeys = ['google-key'], baseUrl?: string): Provider {
  const options = { name: 'g', baseUrl, apiKeys, headers: {}, models: [] };
  return createGeminiProvider(options, new FakeTransport());
}

const CONTENTS = [{ role: 'user', parts: [{ text: 'Hello' }] }];

function relayed(json: unknown, parts: CallParts = {}, model = 'gemini-3-pro') {
  const call = makeCall({ dialect: 'gemini', json, facts: { model: 'alias' }, ...parts });
  const plan = gemini().plan(call, model);
  return { ...plan, sent: Buffer.from(plan.request.body ?? []).toString() };
}

describe('a request to Gemini', () => {
  it('promise 3: is the bytes of its client, to the path of the model', () => {
    const raw = Buffer.from('{ "contents":[{"parts":[{"text":"Hi"}]}] , "unknown": 1e3 }');
    const { request, patches, sent } = relayed(undefined, { raw });
    assert.equal(sent, raw.toString());
    assert.deepEqual(patches, []);
    assert.equal(request.origin, 'https://generativelanguage.googleapis.com');
    assert.equal(request.path, '/v1beta/models/gemini-3-pro:generateContent');
    assert.equal(request.headers['x-goog-api-key'], 'google-key');
    const stream = relayed({ contents: CONTENTS }, { facts: { model: 'alias', stream: true }, query: 'alt=sse' });
    assert.equal(stream.request.path, '/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse');
    const tuned = relayed({ contents: CONTENTS }, {}, 'tunedModels/a b');
    assert.equal(tuned.request.path, '/v1beta/tunedModels/a%20b:generateContent');
  });

  it('counts tokens of the model that is asked, however the body names it', () => {
    const json = { generateContentRequest: { model: 'models/alias', contents: CONTENTS } };
    const { request, sent } = relayed(json, { operation: 'token-count' });
    assert.equal(request.path, '/v1beta/models/gemini-3-pro:countTokens');
    assert.deepEqual(JSON.parse(sent), {
      generateContentRequest: { model: 'models/gemini-3-pro', contents: CONTENTS },
    });
  });

  it("promise 2: loses proofs of other providers, and keeps Google's", () => {
    const seal = sealForGemini([{ type: 'reasoning', text: 'Hm.', signature: 'anthropic-proof' }]);
    const parts = [
      { text: 'a', thoughtSignature: seal },
      { functionCall: { name: 'f', args: {} }, thoughtSignature: seal },
      { functionCall: { name: 'g', args: {} }, thoughtSignature: 'Eo0H' },
    ];
    const { sent, patches } = relayed({ contents: [...CONTENTS, { role: 'model', parts }] });
    assert.deepEqual((JSON.parse(sent) as { contents: { parts: object[] }[] }).contents[1]?.parts, [
      { text: 'a' },
      { functionCall: { name: 'f', args: {} }, thoughtSignature: NO_SIGNATURE },
      { functionCall: { name: 'g', args: {} }, thoughtSignature: 'Eo0H' },
    ]);
    assert.equal(patches.length, 2);
  });

  it('promise 12: needs a key of the operator, and takes no key of a client of another API', () => {
    const headers = { authorization: 'Bearer sk-client' };
    const call = makeCall({ headers, assignment: { passThroughCredentials: true } as never });
    assert.throws(() => gemini([]).plan(call, 'gemini-3-pro'), { code: 'provider_auth_failed' });
    assert.equal(gemini().plan(call, 'gemini-3-pro').request.headers['authorization'], undefined);
  });

  it('takes an address with or without a version', () => {
    for (const base of ['http://h:1', 'http://h:1/v1beta', 'http://h:1/v1beta/']) {
      const { origin, path } = gemini(['k'], base).plan(makeCall(), 'gemini-3-pro').request;
      assert.equal(`${origin}${path}`, 'http://h:1/v1beta/models/gemini-3-pro:generateContent');
    }
  });

  it('serves chat of all dialects, and counts for its own', () => {
    const provider = gemini();
    assert.equal(provider.wire('anthropic', 'chat')?.dialect, 'gemini');
    assert.equal(provider.wire('gemini', 'token-count')?.dialect, 'gemini');
    assert.equal(provider.wire('anthropic', 'token-count'), undefined);
    assert.equal(provider.wire('openai', 'embeddings'), undefined);
    assert.deepEqual(
      ['gemini-3-pro', 'gpt-5'].map((name) => provider.ownsModel(name)),
      [true, false],
    );
  });
});

describe("Gemini's embedder", () => {
  const { embedder } = gemini();
  const embedding: EmbeddingRequest = {
    inputs: ['a', 'b'],
    encoding: 'float',
    dimensions: 8,
    purpose: 'query',
    extra: { title: 't', unknown: 1 },
  };

  it('asks for all texts at once', () => {
    assert.ok(embedder);
    const call = makeCall({ operation: 'embeddings' });
    const { path, body } = embedder.request(call, 'gemini-embedding-001', embedding);
    assert.equal(path, '/v1beta/models/gemini-embedding-001:batchEmbedContents');
    const options = { taskType: 'RETRIEVAL_QUERY', title: 't', outputDimensionality: 8 };
    const model = 'models/gemini-embedding-001';
    assert.deepEqual(JSON.parse(Buffer.from(body ?? []).toString()), {
      requests: ['a', 'b'].map((text) => ({ model, content: { parts: [{ text }] }, ...options })),
    });
    assert.deepEqual(embedder.bounds('x'), { inputs: 100, tokens: undefined });
    assert.deepEqual(
      embedder.notes?.(call, embedding).map(({ field }) => field),
      ['unknown'],
    );
    assert.throws(() => embedder.request(call, 'm', { ...embedding, inputs: [[1]] }), {
      code: 'capability_unsupported',
    });
  });

  it('reads a vector for each', () => {
    const body = { embeddings: [{ values: [1, 2] }, { values: [3, 4] }] };
    assert.deepEqual(embedder?.read(body, 2).vectors, [
      [1, 2],
      [3, 4],
    ]);
    assert.equal(embedder?.read(body, 2).usage, undefined);
    assert.throws(() => embedder?.read(body, 3), { code: 'provider_bad_response' });
  });
});
