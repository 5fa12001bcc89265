import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { recordedJson, recordingsMissing } from '../../../../test/support/recordings.ts';
import type { EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { JsonObject } from '../../../core/json.ts';
import { DEFAULT_TIMEOUTS, type Endpoint } from '../relay-request.ts';
import { cohereEmbedder } from './embedder.ts';

const ENDPOINT: Endpoint = {
  origin: 'https://api.cohere.com',
  basePath: '',
  headers: { authorization: 'Bearer co-own' },
  timeouts: DEFAULT_TIMEOUTS,
};
const embedder = cohereEmbedder(() => ENDPOINT);

function request(embedding: Partial<EmbeddingRequest>) {
  const call = makeCall({ operation: 'embeddings' });
  return embedder.request(call, 'embed-v4.0', { inputs: ['a', 'b'], encoding: 'float', extra: {}, ...embedding });
}

function body(embedding: Partial<EmbeddingRequest> = {}): JsonObject {
  return JSON.parse(Buffer.from(request(embedding).body ?? []).toString()) as JsonObject;
}

describe("Cohere's embedder", () => {
  it('asks for texts that are to be found, unless the client says otherwise', () => {
    assert.equal(request({}).path, '/v2/embed');
    assert.deepEqual(body(), {
      input_type: 'search_document',
      model: 'embed-v4.0',
      texts: ['a', 'b'],
      embedding_types: ['float'],
    });
    assert.equal(body({ purpose: 'query' })['input_type'], 'search_query');
    assert.equal(body({ purpose: 'clustering' })['input_type'], 'clustering');
    assert.equal(body({ purpose: 'query', extra: { input_type: 'classification' } })['input_type'], 'classification');
  });

  it('takes dimensions, base64, and the fields that Cohere knows', () => {
    const sent = body({
      dimensions: 256,
      encoding: 'base64',
      extra: { truncate: 'END', priority: 3, user: 'ann', unknown: 1, max_tokens: null },
    });
    assert.deepEqual(sent, {
      input_type: 'search_document',
      truncate: 'END',
      priority: 3,
      model: 'embed-v4.0',
      texts: ['a', 'b'],
      embedding_types: ['base64'],
      output_dimension: 256,
    });
    assert.deepEqual(body({ extra: { embedding_types: ['int8'] } })['embedding_types'], ['int8']);
  });

  it('promise 2: refuses what it cannot embed', () => {
    const refused = { code: 'capability_unsupported' };
    assert.throws(() => request({ inputs: [[1, 2]] }), { ...refused, param: 'input' });
    assert.throws(() => request({ extra: { images: ['data:'] } }), { ...refused, param: 'images' });
    assert.throws(() => request({ extra: { inputs: [] } }), { ...refused, param: 'inputs' });
    assert.throws(() => request({ extra: { embedding_types: ['float', 'int8'] } }), refused);
  });

  it('reads a recorded answer as it stands there', { skip: recordingsMissing() }, () => {
    const recorded = recordedJson('cohere/src/__fixtures__/cohere-embedding.json') as {
      readonly embeddings: { readonly float: readonly (readonly number[])[] };
      readonly meta: { readonly billed_units: { readonly input_tokens: number } };
    };
    assert.deepEqual(embedder.read(recorded, 2), {
      vectors: recorded.embeddings.float,
      usage: { inputTokens: recorded.meta.billed_units.input_tokens },
      model: undefined,
    });
    assert.throws(() => embedder.read(recorded, 3), { code: 'provider_bad_response' });
  });

  it('reads base64 as it came, and knows an answer that is none', () => {
    assert.deepEqual(embedder.read({ embeddings: { base64: ['AAAA', 'AACA'] } }, 2).vectors, ['AAAA', 'AACA']);
    for (const answer of [undefined, {}, { embeddings: {} }, { embeddings: { float: [[1], []] } }]) {
      assert.throws(() => embedder.read(answer, 2), { code: 'provider_bad_response' });
    }
  });

  it('takes 96 texts', () => assert.deepEqual(embedder.bounds('embed-v4.0'), { inputs: 96, tokens: undefined }));
});
