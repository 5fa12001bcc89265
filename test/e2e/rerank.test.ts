import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { CohereClientV2, CohereError } from 'cohere-ai';

import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';

let gateway: Gateway;
let upstream: Upstream;
let client: CohereClientV2;

before(async () => {
  upstream = await startUpstream();
  const { url } = upstream;
  gateway = await startGateway({
    config: [
      'providers:',
      `  cohere: { type: cohere, apiKey: upstream-key, baseUrl: "${url}/v2" }`,
      `  voyage: { type: voyage, apiKey: upstream-key, baseUrl: "${url}/v1" }`,
      `  jina: { type: jina, apiKey: upstream-key, baseUrl: "${url}/v1" }`,
      `  tei: { type: tei, baseUrl: "${url}" }`,
      `  server: { type: openai-compatible, baseUrl: "${url}/v1" }`,
      `  gpt: { type: openai, apiKey: upstream-key, baseUrl: "${url}/v1" }`,
      'prices:',
      '  cohere/rerank-v3.5: { input: 0, output: 0, fees: { searchUnit: 2 } }',
      '  voyage/rerank-2.5: { input: 0.05, output: 0 }',
    ].join('\n'),
  });
  client = new CohereClientV2({ token: gateway.apiKey, baseUrl: gateway.url, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

const DOCUMENTS = ['sunny day at the beach', 'rainy day in the city', 'snow'];
const QUESTION = { query: 'talk about rain', documents: DOCUMENTS, topN: 2 };
const RESULTS = [
  { index: 1, relevance_score: 0.9 },
  { index: 0, relevance_score: 0.2 },
];

function says(body: Json): void {
  upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(body)] });
}

function sent(): { readonly path: string; readonly body: JsonObject; readonly key: string | undefined } {
  const { path, body, headers } = upstream.received.at(-1) ?? assert.fail('nothing was sent');
  return { path, body: JSON.parse(body) as JsonObject, key: headers.authorization };
}

interface Case {
  readonly model: string;
  readonly said: Json;
  readonly path: string;
  readonly sends: (body: JsonObject) => unknown;
  readonly cost: number | null;
}

const SENT = { query: QUESTION.query, documents: DOCUMENTS };

const CASES: readonly Case[] = [
  {
    model: 'cohere/rerank-v3.5',
    said: { id: 'r-1', results: RESULTS, meta: { billed_units: { search_units: 1 } } },
    path: '/v2/rerank',
    sends: () => ({ ...SENT, model: 'rerank-v3.5', top_n: 2 }),
    cost: 0.002,
  },
  {
    model: 'voyage/rerank-2.5',
    said: { object: 'list', data: RESULTS, model: 'rerank-2.5', usage: { total_tokens: 1000 } },
    path: '/v1/rerank',
    sends: () => ({ ...SENT, model: 'rerank-2.5', top_k: 2 }),
    cost: 0.000_05,
  },
  {
    model: 'jina/jina-reranker-x',
    said: { model: 'jina-reranker-x', results: RESULTS, usage: { total_tokens: 9 } },
    path: '/v1/rerank',
    sends: () => ({ ...SENT, model: 'jina-reranker-x', top_n: 2, return_documents: false }),
    cost: null,
  },
  {
    model: 'tei/any',
    said: [
      { index: 2, score: 0.1 },
      { index: 1, score: 0.9 },
      { index: 0, score: 0.2 },
    ],
    path: '/rerank',
    sends: () => ({ truncate: true, query: QUESTION.query, texts: DOCUMENTS, return_text: false }),
    cost: null,
  },
  {
    model: 'server/bge',
    said: { id: 'rerank-1', model: 'bge', usage: { total_tokens: 9 }, results: RESULTS },
    path: '/v1/rerank',
    sends: () => ({ ...SENT, model: 'bge', top_n: 2 }),
    cost: null,
  },
];

describe("Cohere's client ranks documents", () => {
  for (const { model, said, path, sends, cost } of CASES) {
    it(`by ${model}`, async () => {
      says(said);
      const { data, rawResponse } = await client.rerank({ model, ...QUESTION }).withRawResponse();
      assert.deepEqual(
        data.results.map(({ index, relevanceScore }) => [index, relevanceScore]),
        [
          [1, 0.9],
          [0, 0.2],
        ],
      );
      const { body, ...request } = sent();
      const isOpen = model.startsWith('tei') || model.startsWith('server');
      assert.deepEqual(request, { path, key: isOpen ? undefined : 'Bearer upstream-key' });
      assert.deepEqual(body, sends(body));
      const trace = await gateway.trace(rawResponse.headers.get('x-causeway-request-id'));
      assert.deepEqual([trace.status, trace.target, trace.endpoint], ['completed', model, '/v2/rerank']);
      assert.deepEqual([trace.cost_usd, trace.cost_known], [cost, cost !== null]);
    });
  }

  it('with documents as objects, by the path of version 1, and gets them back', async () => {
    says({ object: 'list', data: RESULTS, model: 'rerank-2.5', usage: { total_tokens: 4 } });
    const documents = [{ text: 'a', id: 7 }, { title: 'b' }, 'c'];
    const response = await fetch(`${gateway.url}/v1/rerank`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'voyage/rerank-2.5', query: 'q', documents, return_documents: true, rank_by: 'x' }),
    });
    assert.equal(response.status, 200);
    const { id, ...answer } = (await response.json()) as JsonObject;
    assert.equal(id, response.headers.get('x-causeway-request-id'));
    assert.deepEqual(answer, {
      object: 'list',
      model: 'rerank-2.5',
      results: [
        { ...RESULTS[0], document: { title: 'b' } },
        { ...RESULTS[1], document: { text: 'a', id: 7 } },
      ],
      usage: { total_tokens: 4 },
      meta: { billed_units: {}, tokens: { input_tokens: 4 } },
    });
    assert.deepEqual(sent().body['documents'], ['a', 'title: b', 'c']);
    assert.match(response.headers.get('x-causeway-warnings') ?? '', /^rank_by is left out/);
  });
});

async function statusOf(model: string, question: object = QUESTION): Promise<number | undefined> {
  const work = client.rerank({ model, ...QUESTION, ...question });
  return (await thrownBy(work, CohereError)).statusCode;
}

describe('promise 10: what goes wrong when documents are ranked', () => {
  it("is the client's fault where it is", async () => {
    assert.equal(await statusOf('cohere/rerank-v3.5', { documents: [] }), 400);
    assert.equal(await statusOf('cohere/rerank-v3.5', { topN: -1 }), 400);
    assert.equal(await statusOf('missing/model'), 404);
    assert.equal(await statusOf('gpt/gpt-5-mini'), 400);
    upstream.answer({ status: 400, headers: JSON_HEADERS, chunks: ['{"message":"invalid request: too odd"}'] });
    const error = await thrownBy(client.rerank({ model: 'cohere/rerank-v3.5', ...QUESTION }), CohereError);
    assert.equal(error.statusCode, 400);
    assert.match(JSON.stringify(error.body), /too odd/);
  });

  it("is not the client's where our own key is refused, or there is no answer", async () => {
    upstream.answer({ status: 401, headers: JSON_HEADERS, chunks: ['{"detail":"bad key"}'] });
    for (const model of ['cohere/rerank-v3.5', 'voyage/rerank-2.5', 'jina/x', 'tei/x']) {
      assert.equal(await statusOf(model), 502, model);
    }
    for (const said of [{ results: [{ index: 9, relevance_score: 1 }] }, {}, [{ index: 9, score: 1 }]]) {
      says(said);
      assert.equal(await statusOf('cohere/rerank-v3.5'), 502);
      assert.equal(await statusOf('tei/x'), 502);
    }
  });

  it('is settled: an answer that cannot be read was billed all the same, for nobody knows how much', async () => {
    says({ results: [{ index: 9, relevance_score: 1 }] });
    const error = await thrownBy(client.rerank({ model: 'cohere/rerank-v3.5', ...QUESTION }), CohereError);
    const id = error.rawResponse?.headers.get('x-causeway-request-id');
    const trace = await gateway.trace(id);
    assert.deepEqual([trace.status, trace.error?.code], ['failed', 'provider_bad_response']);
    assert.equal(trace.attempts.length, 1);
    assert.equal(trace.attempts[0]?.outcome, 'failed');
    assert.equal(trace.cost_known, false);
  });
});
