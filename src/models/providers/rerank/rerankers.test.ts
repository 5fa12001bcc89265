import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { recordedJson, recordingsMissing } from '../../../../test/support/recordings.ts';
import type { JsonObject } from '../../../core/json.ts';
import { cohereReranker } from '../cohere/reranker.ts';
import { jinaReranker } from '../jina/reranker.ts';
import { DEFAULT_TIMEOUTS, type Endpoint } from '../relay-request.ts';
import { teiReranker } from '../tei/reranker.ts';
import { voyageReranker } from '../voyage/reranker.ts';
import { readRerankAnswer } from './answer.ts';
import { type Reranker, rerankPlan } from './plan.ts';

const ENDPOINT: Endpoint = { origin: 'https://r.test', basePath: '', headers: {}, timeouts: DEFAULT_TIMEOUTS };
const BODY = { model: 'm', query: 'q', documents: ['first', 'second', 'third'] };

function plan(reranker: Reranker, more: JsonObject = {}) {
  const json = { ...BODY, ...more };
  const { request, rewrite, notes = [] } = rerankPlan(reranker, makeCall({ operation: 'rerank', json }), 'm', ENDPOINT);
  assert.ok(rewrite);
  return {
    path: request.path,
    sent: JSON.parse(Buffer.from(request.body ?? []).toString()) as JsonObject,
    notes: notes.map(({ field }) => field),
    rewrite,
  };
}

const RESULTS = [
  { index: 1, relevance_score: 0.9 },
  { index: 0, relevance_score: 0.2 },
];
const RANKED = { id: '0192f0c1d2e37000800000000000abcd', object: 'list', model: 'm', results: RESULTS };
/** The answer of each to the same question, as its documents write it. */
const SAID: readonly (readonly [string, Reranker, unknown])[] = [
  ['Cohere', cohereReranker, { id: RANKED.id, results: RESULTS, meta: { billed_units: { search_units: 1 } } }],
  ['Jina', jinaReranker, { model: 'm', object: 'list', results: RESULTS, usage: { total_tokens: 20 } }],
  ['Voyage', voyageReranker, { object: 'list', data: RESULTS, model: 'm', usage: { total_tokens: 20 } }],
  [
    'Text Embeddings Inference',
    teiReranker,
    [
      { index: 2, score: 0.1 },
      { index: 0, score: 0.2 },
      { index: 1, score: 0.9 },
    ],
  ],
];

describe('answers of rerankers', () => {
  for (const [name, reranker, said] of SAID) {
    it(`${name}: have one shape, the nearest first, and at most as many as were asked for`, () => {
      const { usage, meta, ...answer } = plan(reranker, { top_n: 2, return_documents: false }).rewrite(said);
      assert.deepEqual(answer, RANKED);
      const reading = readRerankAnswer({ ...answer, usage, meta });
      assert.equal(reading.error, undefined);
      const expected = { Cohere: { searchUnits: 1 }, Jina: { inputTokens: 20 }, Voyage: { inputTokens: 20 } };
      assert.deepEqual(reading.usage, expected[name as keyof typeof expected]);
    });

    it(`${name}: have the documents where they are wanted`, () => {
      const documents = ['first', { text: 'second', source: 'x' }, 'third'];
      const { results } = plan(reranker, { documents, return_documents: true }).rewrite(said);
      const [best, next] = results as { readonly document: unknown }[];
      assert.deepEqual([best?.document, next?.document], [{ text: 'second', source: 'x' }, { text: 'first' }]);
      const byDefault = plan(reranker).rewrite(said)['results'] as { readonly document?: unknown }[];
      assert.equal(byDefault[0]?.document !== undefined, name === 'Jina');
    });

    it(`promise 1: ${name}: what is no ranking of the documents is no answer`, () => {
      const { rewrite } = plan(reranker);
      const item = { index: 3, relevance_score: 1, score: 1 };
      const bad = [
        undefined,
        {},
        { results: {} },
        [item],
        { results: [item], data: [item] },
        { results: [{}], data: [{}] },
        [{}],
      ];
      for (const answer of bad) {
        assert.throws(() => rewrite(answer), { code: 'provider_bad_response' }, JSON.stringify(answer));
      }
    });
  }

  it('of Cohere, recorded: keep its order, its id and its account', { skip: recordingsMissing() }, () => {
    const recorded = recordedJson('cohere/src/reranking/__fixtures__/cohere-reranking.1.json') as JsonObject;
    assert.deepEqual(plan(cohereReranker).rewrite(recorded), { ...recorded, object: 'list', model: 'm', usage: {} });
  });

  it('promise 6: of models that Cohere bills by tokens have those', () => {
    const meta = { billed_units: { input_tokens: 30, search_units: 1 } };
    const answer = plan(cohereReranker).rewrite({ results: RESULTS, meta });
    assert.deepEqual(readRerankAnswer(answer).usage, { inputTokens: 30, searchUnits: 1 });
  });
});

describe('requests to rerankers', () => {
  it('are what each of them takes', () => {
    const more = {
      top_n: 2,
      max_tokens_per_doc: 100,
      return_documents: true,
      priority: 1,
      truncation: false,
      user: 'u',
    };
    const cohere = plan(cohereReranker, more);
    assert.equal(cohere.path, '/v2/rerank');
    assert.deepEqual(cohere.sent, { priority: 1, ...BODY, top_n: 2, max_tokens_per_doc: 100 });
    assert.deepEqual(cohere.notes, ['truncation']);
    const voyage = plan(voyageReranker, more);
    assert.equal(voyage.path, '/rerank');
    assert.deepEqual(voyage.sent, { truncation: false, ...BODY, top_k: 2 });
    assert.deepEqual(voyage.notes, ['priority', 'max_tokens_per_doc']);
    const jina = plan(jinaReranker, more);
    assert.deepEqual(jina.sent, { priority: 1, truncation: false, ...BODY, top_n: 2, return_documents: false });
    assert.deepEqual(jina.notes, ['max_tokens_per_doc']);
    const tei = plan(teiReranker, { ...more, raw_scores: true });
    assert.deepEqual(tei.sent, {
      truncate: true,
      raw_scores: true,
      query: 'q',
      texts: BODY.documents,
      return_text: false,
    });
    assert.deepEqual(tei.notes, ['priority', 'truncation', 'max_tokens_per_doc']);
  });

  it('have the text of documents with fields, or the fields that count', () => {
    const documents = [{ text: 'a', id: 1 }, { title: 'T', tags: ['x'], body: null }, 'plain'];
    assert.deepEqual(plan(cohereReranker, { documents }).sent['documents'], ['a', 'title: T\ntags: ["x"]', 'plain']);
    const rank_fields = ['title', 'text'];
    const ranked = plan(cohereReranker, { documents, rank_fields }).sent['documents'];
    assert.deepEqual(ranked, ['text: a', 'title: T', 'plain']);
    assert.deepEqual(plan(jinaReranker, { documents }).sent['documents'], documents);
    assert.deepEqual(plan(jinaReranker, { documents, rank_fields }).sent['documents'], [
      'text: a',
      'title: T',
      'plain',
    ]);
  });

  it('promise 2: with images go only to those who rank them', () => {
    const documents = [{ image: 'https://example.com/a.png' }];
    assert.deepEqual(plan(jinaReranker, { documents }).sent['documents'], documents);
    assert.throws(() => plan(voyageReranker, { documents }), { code: 'capability_unsupported', param: 'documents[0]' });
  });

  it('are refused where a field is not what it has to be, and it is named', () => {
    const wrong: [JsonObject, string][] = [
      [{ query: 1 }, 'query'],
      [{ documents: [] }, 'documents'],
      [{ documents: ['a', 1] }, 'documents[1]'],
      [{ top_n: 0 }, 'top_n'],
      [{ return_documents: 'yes' }, 'return_documents'],
      [{ max_tokens_per_doc: 1.5 }, 'max_tokens_per_doc'],
      [{ rank_fields: [] }, 'rank_fields'],
    ];
    for (const [more, param] of wrong) {
      assert.throws(() => plan(cohereReranker, more), { code: 'request_invalid', param });
    }
  });
});
