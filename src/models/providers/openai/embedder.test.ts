import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { recordedJson, recordingsMissing } from '../../../../test/support/recordings.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import type { EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { JsonObject } from '../../../core/json.ts';
import { DEFAULT_TIMEOUTS, type Endpoint } from '../relay-request.ts';
import { COMPATIBLE_BOUNDS, OPENAI_BOUNDS, openAiEmbedder } from './embedder.ts';

const ENDPOINT: Endpoint = {
  origin: 'https://api.openai.com',
  basePath: '/v1',
  headers: { authorization: 'Bearer sk-own' },
  timeouts: DEFAULT_TIMEOUTS,
};
const openai = openAiEmbedder({ endpoint: () => ENDPOINT, bounds: OPENAI_BOUNDS, base64: true });
const server = openAiEmbedder({ endpoint: () => ENDPOINT, bounds: COMPATIBLE_BOUNDS, base64: false });

function request(embedder: typeof openai, embedding: Partial<EmbeddingRequest>, parts: CallParts = {}) {
  const call = makeCall({ operation: 'embeddings', ...parts });
  return embedder.request(call, 'text-embedding-3-small', {
    inputs: ['a'],
    encoding: 'float',
    extra: {},
    ...embedding,
  });
}

function body(...given: Parameters<typeof request>): JsonObject {
  return JSON.parse(Buffer.from(request(...given).body ?? []).toString()) as JsonObject;
}

describe("OpenAI's embedder", () => {
  it('asks with texts and tokens, dimensions and the fields of a client of the same dialect', () => {
    const sent = body(openai, { inputs: ['a', [1, 2]], dimensions: 256, extra: { user: 'ann' } });
    assert.deepEqual(sent, {
      user: 'ann',
      model: 'text-embedding-3-small',
      input: ['a', [1, 2]],
      dimensions: 256,
      encoding_format: 'base64',
    });
    assert.deepEqual(body(server, { encoding: 'base64' }), {
      model: 'text-embedding-3-small',
      input: ['a'],
      encoding_format: 'float',
    });
  });

  it("does not send another dialect's fields, which it would refuse", () => {
    assert.equal(body(openai, { extra: { title: 'x' } }, { dialect: 'gemini' })['title'], undefined);
  });

  it('goes to the embeddings path, and takes no idempotency key along: others may be in the same request', () => {
    const headers = { 'idempotency-key': 'i', traceparent: '00-a-b-01', cookie: 'c', authorization: 'Bearer cw-x' };
    const sent = request(openai, {}, { headers });
    assert.deepEqual([sent.method, sent.origin, sent.path], ['POST', 'https://api.openai.com', '/v1/embeddings']);
    assert.deepEqual(sent.headers, { authorization: 'Bearer sk-own', traceparent: '00-a-b-01' });
  });

  it('reads a recorded answer as it stands there', { skip: recordingsMissing() }, () => {
    const recorded = recordedJson('openai/src/embedding/__fixtures__/openai-embedding.json') as {
      readonly data: readonly { readonly embedding: readonly number[] }[];
      readonly model: string;
      readonly usage: { readonly prompt_tokens: number };
    };
    const { vectors, usage, model } = openai.read(recorded, recorded.data.length);
    assert.deepEqual(
      vectors,
      recorded.data.map(({ embedding }) => embedding),
    );
    assert.deepEqual([usage, model], [{ inputTokens: recorded.usage.prompt_tokens }, recorded.model]);
  });

  it('orders vectors by their index, and gives base64 as it came', () => {
    const data = [
      { index: 1, embedding: 'AACAPw==' },
      { index: 0, embedding: [0.5] },
    ];
    assert.deepEqual(openai.read({ data }, 2), { vectors: [[0.5], 'AACAPw=='], usage: undefined, model: undefined });
  });

  it('refuses an answer that does not have a vector for each input', () => {
    const answers: unknown[] = [
      undefined,
      [],
      { data: [] },
      { data: [{ index: 0, embedding: [1] }] },
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 0, embedding: [2] },
        ],
      },
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 2, embedding: [2] },
        ],
      },
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 1, embedding: [] },
        ],
      },
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 1, embedding: '' },
        ],
      },
    ];
    for (const answer of answers) {
      assert.throws(() => openai.read(answer, 2), { code: 'provider_bad_response' }, JSON.stringify(answer));
    }
  });

  it('knows its bounds', () => {
    assert.deepEqual(openai.bounds('text-embedding-3-small'), { inputs: 2048, tokens: 300_000 });
    assert.deepEqual(server.bounds('m'), { inputs: 256, tokens: undefined });
  });
});
