import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { decodeEmbedding, encodeEmbedding, toNumbers } from './embeddings.ts';

function decoded(fields: JsonObject): EmbeddingRequest {
  return decodeEmbedding({ model: 'm', input: 'a', ...fields });
}

function inputs(input: Json): EmbeddingRequest['inputs'] {
  return decoded({ input }).inputs;
}

function encoded(answer: Partial<EmbeddingAnswer>, encoding: EmbeddingRequest['encoding'] = 'float'): JsonObject {
  const request: EmbeddingRequest = { inputs: ['a'], encoding, extra: {} };
  const context = { model: 'asked-for', operation: 'embeddings', endpoint: '/v1/embeddings', request } as const;
  return encodeEmbedding({ vectors: [], usage: undefined, model: undefined, ...answer }, context);
}

function embeddingsOf(body: JsonObject): unknown[] {
  return (body['data'] as JsonObject[]).map(({ embedding }) => embedding);
}

/** 1, -2 and 0.1 as the standard says that their bytes are, the lowest first. */
const BYTES = Buffer.from('0000803f000000c0cdcccc3d', 'hex').toString('base64');
const SINGLE = [1, -2, Math.fround(0.1)];

describe('a request for embeddings', () => {
  it('has one text, texts, the tokens of one text, or those of several', () => {
    assert.deepEqual(inputs('a'), ['a']);
    assert.deepEqual(inputs(''), ['']);
    assert.deepEqual(inputs(['b', 'a', 'b']), ['b', 'a', 'b']);
    assert.deepEqual(inputs([1, 2, 3]), [[1, 2, 3]]);
    assert.deepEqual(inputs([[1, 2], [3]]), [[1, 2], [3]]);
    assert.deepEqual(inputs(['a', [1]]), ['a', [1]]);
  });

  it('says how its vectors are to be; what it does not say is absent', () => {
    assert.deepEqual(decoded({}), { inputs: ['a'], encoding: 'float', extra: {} });
    assert.deepEqual(decoded({ dimensions: null, encoding_format: null }), decoded({}));
    assert.deepEqual(decoded({ dimensions: 256, encoding_format: 'base64' }), {
      inputs: ['a'],
      encoding: 'base64',
      extra: {},
      dimensions: 256,
    });
    assert.equal(decoded({ encoding_format: 'float' }).encoding, 'float');
  });

  it('keeps its other fields, for who knows them', () => {
    const extra = { user: 'ann', truncate: 'END', input_type: 'query' };
    assert.deepEqual(decoded({ ...extra, dimensions: 8 }).extra, extra);
  });

  it('is refused with the field that is wrong', () => {
    const cases: [JsonObject, string, RegExp][] = [
      ...[null, 5, true, {}, [], [[]], [[1], []], ['a', 1], [1, 'a'], [['a']], [{}], [null]].map(
        (input): [JsonObject, string, RegExp] => [{ input }, 'input', /a text, a list of texts, or tokens/],
      ),
      ...[0, -1, 1.5, '256', true, []].map((dimensions): [JsonObject, string, RegExp] => [
        { dimensions },
        'dimensions',
        /whole number from 1 on/,
      ]),
      ...['int8', 5, false].map((format): [JsonObject, string, RegExp] => [
        { encoding_format: format },
        'encoding_format',
        /"float" or "base64"/,
      ]),
    ];
    for (const [fields, param, message] of cases) {
      assert.throws(() => decoded(fields), { code: 'request_invalid', param, message }, JSON.stringify(fields));
    }
    assert.throws(() => decodeEmbedding({ model: 'm' }), { code: 'request_invalid', param: 'input' });
  });

  it('law: has every text and token of its list, in order', () => {
    const input = fc.array(fc.oneof(fc.string(), fc.array(fc.nat(), { minLength: 1 })), { minLength: 1 });
    fc.assert(fc.property(input, (list) => assert.deepEqual(decoded({ input: list }).inputs, list)));
  });
});

describe('an answer of embeddings', () => {
  it('is a list with indexes, the model that answered, and the tokens', () => {
    const answer = { vectors: [[0.5], [1]], usage: { inputTokens: 7 }, model: 'answering' };
    assert.deepEqual(encoded(answer), {
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.5] },
        { object: 'embedding', index: 1, embedding: [1] },
      ],
      model: 'answering',
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
  });

  it('names the model that was asked for where the provider named none, and makes no usage up', () => {
    const body = encoded({});
    assert.equal(body['model'], 'asked-for');
    assert.ok(!('usage' in body));
    assert.ok(!('usage' in encoded({ usage: { searchUnits: 1 } })));
    assert.deepEqual(encoded({ usage: { inputTokens: 0 } })['usage'], { prompt_tokens: 0, total_tokens: 0 });
  });

  it('has vectors as the client wants them, however the provider wrote them', () => {
    assert.deepEqual(embeddingsOf(encoded({ vectors: [SINGLE, BYTES] }, 'base64')), [BYTES, BYTES]);
    assert.deepEqual(embeddingsOf(encoded({ vectors: [SINGLE, BYTES] }, 'float')), [SINGLE, SINGLE]);
  });

  it('keeps all digits of numbers that came as numbers', () => {
    assert.deepEqual(embeddingsOf(encoded({ vectors: [[0.1, 1e-300]] })), [[0.1, 1e-300]]);
  });

  it('law: base64 is the little-endian bytes of single-precision numbers, and back', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true })), (vector) => {
        const [text] = embeddingsOf(encoded({ vectors: [vector] }, 'base64')) as [string];
        const bytes = Buffer.from(text, 'base64');
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const read = vector.map((_, at) => view.getFloat32(at * 4, true));
        assert.deepEqual([read, bytes.length], [vector, vector.length * 4]);
        assert.deepEqual(toNumbers(text), vector);
      }),
    );
  });
});
