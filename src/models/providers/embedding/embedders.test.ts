import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import type { Dialect } from '../../../core/call.ts';
import type { EmbeddingRequest } from '../../../core/inference/embedding.ts';
import type { JsonObject } from '../../../core/json.ts';
import { cohereEmbedder } from '../cohere/embedder.ts';
import { jinaEmbedder } from '../jina/embedder.ts';
import { OPENAI_BOUNDS, openAiEmbedder } from '../openai/embedder.ts';
import type { Embedder } from '../provider.ts';
import { DEFAULT_TIMEOUTS, type Endpoint } from '../relay-request.ts';
import { mapError } from '../tei/map-error.ts';
import { teiEmbedder } from '../tei/embedder.ts';
import { voyageEmbedder } from '../voyage/embedder.ts';

const ENDPOINT: Endpoint = { origin: 'https://e.test', basePath: '/base', headers: {}, timeouts: DEFAULT_TIMEOUTS };
const openai = openAiEmbedder({ endpoint: () => ENDPOINT, bounds: OPENAI_BOUNDS, base64: true });
const cohere = cohereEmbedder(() => ENDPOINT);
const voyage = voyageEmbedder(() => ENDPOINT);
const jina = jinaEmbedder(() => ENDPOINT);
const tei = teiEmbedder(() => ENDPOINT);

function sent(embedder: Embedder, embedding: Partial<EmbeddingRequest>, parts: CallParts = {}) {
  const call = makeCall({ operation: 'embeddings', ...parts });
  const whole: EmbeddingRequest = { inputs: ['a'], encoding: 'float', extra: {}, ...embedding };
  const { path, body } = embedder.request(call, 'm', whole);
  return { path, body: JSON.parse(Buffer.from(body ?? []).toString()) as JsonObject };
}

function code(status: number, body: JsonObject): string {
  return mapError(status, {}, Buffer.from(JSON.stringify(body))).code;
}

describe('promise 2: what embedders leave out', () => {
  const extra = { unknown: 1, user: 'ann', nothing: null, truncate: true, input_type: 'query' };

  function noted(embedder: Embedder, purpose?: EmbeddingRequest['purpose'], dialect: Dialect = 'openai'): string[] {
    const embedding: EmbeddingRequest = { inputs: ['a'], encoding: 'float', extra, ...(purpose ? { purpose } : {}) };
    return (embedder.notes?.(makeCall({ dialect }), embedding) ?? []).map(({ field }) => field);
  }

  it('is told, field by field', () => {
    assert.deepEqual(noted(voyage), ['unknown', 'truncate']);
    assert.deepEqual(noted(cohere), ['unknown']);
    assert.deepEqual(noted(tei), ['unknown', 'input_type']);
    assert.deepEqual(noted(jina), []);
    assert.deepEqual(noted(openai), []);
    assert.deepEqual(noted(jina, undefined, 'gemini'), ['unknown', 'truncate', 'input_type']);
    assert.deepEqual(noted(openai, undefined, 'gemini'), ['unknown', 'truncate', 'input_type']);
  });

  it('is told of what a text is for, where nobody asks', () => {
    const tells = (embedder: Embedder) => noted(embedder, 'similarity').includes('taskType');
    assert.deepEqual([openai, tei, voyage, cohere, jina].map(tells), [true, true, true, true, false]);
    assert.ok(!noted(voyage, 'query').includes('taskType'));
  });
});

/** @see https://docs.voyageai.com/reference/embeddings-api (checked 2026-11-21) */
describe("Voyage's embedder", () => {
  it('names its options as Voyage does', () => {
    assert.deepEqual(sent(voyage, {}), { path: '/base/embeddings', body: { model: 'm', input: ['a'] } });
    const extra = { truncation: false, user: 'ann', unknown: 1 };
    assert.deepEqual(sent(voyage, { dimensions: 256, purpose: 'query', encoding: 'base64', extra }).body, {
      input_type: 'query',
      truncation: false,
      model: 'm',
      input: ['a'],
      output_dimension: 256,
      encoding_format: 'base64',
    });
    assert.equal(sent(voyage, { purpose: 'query', extra: { input_type: 'document' } }).body['input_type'], 'document');
    assert.equal(sent(voyage, { purpose: 'clustering' }).body['input_type'], undefined);
  });

  it('asks for numbers where they are no floats', () => {
    const { body } = sent(voyage, { encoding: 'base64', extra: { output_dtype: 'int8' } });
    assert.deepEqual([body['output_dtype'], body['encoding_format']], ['int8', undefined]);
  });

  it('knows how much each model takes at once', () => {
    const tokens = (model: string) => voyage.bounds(model).tokens;
    assert.deepEqual(voyage.bounds('voyage-4'), { inputs: 1000, tokens: 320_000 });
    assert.deepEqual(['voyage-4-lite', 'voyage-3.5-lite'].map(tokens), [1_000_000, 1_000_000]);
    assert.deepEqual(['voyage-3.5', 'voyage-2'].map(tokens), [320_000, 320_000]);
    assert.deepEqual(['voyage-4-large', 'voyage-code-3', 'voyage-new'].map(tokens), [120_000, 120_000, 120_000]);
  });

  it('reads a documented answer', () => {
    const answer = {
      object: 'list',
      data: [
        { object: 'embedding', embedding: [0.5, 1], index: 0 },
        { object: 'embedding', embedding: [1, 0.5], index: 1 },
      ],
      model: 'voyage-4',
      usage: { total_tokens: 10 },
    };
    assert.deepEqual(voyage.read(answer, 2), {
      vectors: [
        [0.5, 1],
        [1, 0.5],
      ],
      usage: { inputTokens: 10 },
      model: 'voyage-4',
    });
  });

  it('refuses tokens, and says what Voyage says', () => {
    assert.throws(() => sent(voyage, { inputs: [[1]] }), { code: 'capability_unsupported', param: 'input' });
    const error = voyage.readError(400, {}, Buffer.from('{"detail":"Model m is not supported."}'));
    assert.deepEqual([error.code, error.message], ['request_invalid', 'Model m is not supported.']);
  });
});

describe("Jina's embedder", () => {
  it('takes the fields of a client of the same API as they are', () => {
    const extra = { late_chunking: true, task: 'text-matching', normalized: true, user: 'ann' };
    assert.deepEqual(sent(jina, { dimensions: 64, extra, encoding: 'base64' }), {
      path: '/base/embeddings',
      body: {
        late_chunking: true,
        task: 'text-matching',
        normalized: true,
        model: 'm',
        input: ['a'],
        dimensions: 64,
        embedding_type: 'base64',
      },
    });
    assert.equal(sent(jina, { extra: { embedding_type: 'binary' } }).body['embedding_type'], 'binary');
  });

  it("knows a task for each purpose, and leaves out another dialect's fields", () => {
    const { body } = sent(jina, { purpose: 'document', extra: { title: 'x' } }, { dialect: 'gemini' });
    assert.deepEqual(body, { task: 'retrieval.passage', model: 'm', input: ['a'], embedding_type: 'float' });
  });

  it('keeps the pieces of one text together', () => {
    const embedding: EmbeddingRequest = { inputs: ['a', 'b'], encoding: 'float', extra: {} };
    assert.equal(jina.isWhole?.(embedding), false);
    assert.equal(jina.isWhole?.({ ...embedding, extra: { late_chunking: true } }), true);
  });

  it('says what Jina says', () => {
    const body = { detail: [{ loc: ['body', 'input'], msg: 'too many' }] };
    assert.equal(jina.readError(422, {}, Buffer.from(JSON.stringify(body))).message, 'input: too many');
  });
});

/** @see https://github.com/huggingface/text-embeddings-inference/blob/main/docs/openapi.json (checked 2026-11-21) */
describe("Text Embeddings Inference's embedder", () => {
  it('asks the OpenAI-shaped path, and its own one for what only that has', () => {
    assert.deepEqual(sent(tei, { encoding: 'base64', inputs: ['a', [1]], extra: { user: 'ann' } }), {
      path: '/base/v1/embeddings',
      body: { model: 'm', input: ['a', [1]], encoding_format: 'base64' },
    });
    assert.deepEqual(sent(tei, { dimensions: 8, extra: { truncate: true, prompt_name: 'query' } }), {
      path: '/base/embed',
      body: { inputs: ['a'], truncate: true, prompt_name: 'query', dimensions: 8 },
    });
  });

  it('reads the answers of both', () => {
    const usage = { prompt_tokens: 3, total_tokens: 3 };
    const list = { data: [{ index: 0, embedding: 'AACAPw==' }], model: 'bge', usage };
    assert.deepEqual(tei.read(list, 1), { vectors: ['AACAPw=='], usage: { inputTokens: 3 }, model: 'bge' });
    assert.deepEqual(tei.read([[0, 1]], 1), { vectors: [[0, 1]], usage: undefined, model: undefined });
    assert.throws(() => tei.read([[0, 1]], 2), { code: 'provider_bad_response' });
  });

  it('tells errors apart', () => {
    assert.equal(code(429, { error: 'Model is overloaded', error_type: 'overloaded' }), 'provider_overloaded');
    assert.equal(code(424, { message: 'Inference failed', type: 'backend', code: 424 }), 'provider_error');
    assert.equal(
      code(424, { error: 'model is not an embedding model', error_type: 'Backend' }),
      'operation_unsupported',
    );
    assert.equal(
      code(413, { error: 'batch size 64 > maximum allowed batch size 32', error_type: 'Validation' }),
      'request_too_large',
    );
    const tooLong = '`inputs` must have less than 512 tokens. Given: 600';
    assert.equal(code(413, { error: tooLong, error_type: 'Validation' }), 'context_length_exceeded');
    assert.equal(code(422, { error: 'Tokenization error', error_type: 'tokenizer' }), 'request_invalid');
    assert.equal(mapError(401, {}, Buffer.from('')).code, 'provider_auth_failed');
  });
});
