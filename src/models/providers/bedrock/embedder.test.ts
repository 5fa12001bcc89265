import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import type { EmbeddingRequest } from '../../../core/inference/embedding.ts';
import { DEFAULT_TIMEOUTS } from '../relay-request.ts';
import { bedrockEmbedder } from './embedder.ts';

const embedder = bedrockEmbedder(() => ({
  origin: 'http://127.0.0.1:1',
  basePath: '',
  headers: {},
  timeouts: DEFAULT_TIMEOUTS,
}));

function bodyOf(model: string, parts: Partial<EmbeddingRequest>): { path: string; json: unknown } {
  const embedding: EmbeddingRequest = { inputs: ['a'], encoding: 'float', extra: {}, ...parts };
  const { path, body = '' } = embedder.request(makeCall(), model, embedding);
  return { path, json: JSON.parse(Buffer.from(body).toString()) };
}

const TITAN = 'amazon.titan-embed-text-v2:0';
const COHERE = 'cohere.embed-multilingual-v3';

function fieldsLeftOut(model: string, parts: Partial<EmbeddingRequest>): string[] | undefined {
  const targets = [{ provider: 'aws', model }];
  const assignment = { virtualModel: undefined, targets, passThroughCredentials: false, timeouts: undefined };
  const embedding: EmbeddingRequest = { inputs: ['a'], encoding: 'float', extra: {}, ...parts };
  return embedder.notes?.(makeCall({ assignment }), embedding).map(({ field }) => field);
}

describe('embeddings of Bedrock', () => {
  it('Titan takes one text, and dimensions', () => {
    assert.equal(embedder.bounds(TITAN).inputs, 1);
    assert.deepEqual(bodyOf(TITAN, { dimensions: 256 }), {
      path: '/model/amazon.titan-embed-text-v2%3A0/invoke',
      json: { inputText: 'a', dimensions: 256 },
    });
    const older = 'amazon.titan-embed-text-v1';
    assert.throws(() => bodyOf(older, { dimensions: 256 }), { code: 'capability_unsupported', param: 'dimensions' });
  });

  it("Cohere's models take several, and what they are for", () => {
    assert.equal(embedder.bounds(`us.${COHERE}`).inputs, 96);
    assert.deepEqual(bodyOf(COHERE, { inputs: ['a', 'b'], purpose: 'query' }).json, {
      texts: ['a', 'b'],
      input_type: 'search_query',
    });
    assert.deepEqual(bodyOf('cohere.embed-v4:0', { dimensions: 512 }).json, {
      texts: ['a'],
      input_type: 'search_document',
      output_dimension: 512,
    });
  });

  it('promise 2: what no model has an equal of is left out with a warning', () => {
    assert.deepEqual(fieldsLeftOut(TITAN, { extra: { input_type: 'query', user: 'ada' } }), ['input_type']);
    assert.deepEqual(fieldsLeftOut(TITAN, { purpose: 'query' }), ['taskType']);
    assert.deepEqual(fieldsLeftOut(COHERE, { purpose: 'query' }), []);
  });

  it('token numbers are refused', () => {
    assert.throws(() => bodyOf(TITAN, { inputs: [[1, 2]] }), { code: 'capability_unsupported' });
  });

  it('answers are read in the forms of their makers', () => {
    const usage = { inputTokens: 3 };
    assert.deepEqual(embedder.read({ embedding: [1, 2], inputTextTokenCount: 3 }, 1), {
      vectors: [[1, 2]],
      usage,
      model: undefined,
    });
    const vectors = [[1], [2]];
    for (const embeddings of [vectors, { float: vectors }]) {
      assert.deepEqual(embedder.read({ embeddings }, 2), { vectors, usage: undefined, model: undefined });
    }
  });

  it('promise 2: an answer without a vector for each text is none', () => {
    for (const body of [{ embeddings: [[1]] }, { embeddings: [[1], []] }, {}, null]) {
      assert.throws(() => embedder.read(body, 2), { code: 'provider_bad_response' });
    }
  });
});
