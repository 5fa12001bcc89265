import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS, type ReceivedRequest, SSE_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';

const USAGE = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };

let upstream: Upstream;
let gateway: Gateway;
let client: OpenAI;
let seen = 0;

before(async () => {
  upstream = await startUpstream();
  const at = `apiKey: upstream-key, baseUrl: "${upstream.url}/v1"`;
  gateway = await startGateway({
    config: [
      'limits: [{ per: project, id: limited, requests: 2/1h, burst: 1 }]',
      'providers:',
      `  gpt: { type: openai, ${at} }`,
      `  jina: { type: jina, ${at} }`,
      'prices:',
      '  gpt/gpt-5-mini: { input: 1, output: 2 }',
      'defaults: { retries: { max: 0 }, breaker: { failures: 1000000, minimumCalls: 1000000 } }',
      'models:',
      '  kept: { target: gpt/gpt-5-mini, cache: { exact: { maxAnswer: 100KB } } }',
      '  own: { target: gpt/gpt-5-mini, cache: { scope: user, exact: {} } }',
      '  plain: { target: gpt/gpt-5-mini }',
      '  vectors: { target: gpt/text-embedding-3-small, cache: { exact: {} } }',
      '  ranks: { target: jina/jina-reranker-v3, cache: { exact: {} } }',
      '  watch: { target: gpt/omni-moderation-latest, cache: { exact: {} } }',
      '  text: { target: gpt/gpt-3.5-turbo-instruct, cache: { exact: {} } }',
      '',
    ].join('\n'),
  });
  client = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});
afterEach(() => {
  seen = upstream.received.length;
});

/** How many requests this test had sent. */
function sent(): number {
  return upstream.received.length - seen;
}

async function collected<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function completion(content: string, { finish = 'stop', message = {}, choice = {} } = {}): object {
  const said = { role: 'assistant', content, refusal: null, ...message };
  const choices = [{ index: 0, message: said, logprobs: null, finish_reason: finish, ...choice }];
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-5-mini-2025', choices, usage: USAGE };
}

function frames(...chunks: readonly object[]): string {
  return [...chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`), 'data: [DONE]\n\n'].join('');
}

function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  const choices = [{ index: 0, delta, finish_reason: finish, ...more }];
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-5-mini-2025', choices };
}

/** The number of the request, in the form that is asked for. */
function counting({ body }: ReceivedRequest) {
  const text = `answer ${upstream.received.length}`;
  if (!/"stream":\s*true/.test(body)) return { headers: JSON_HEADERS, chunks: [JSON.stringify(completion(text))] };
  const chunks = [
    chunk({ role: 'assistant', content: text }),
    chunk({}, 'stop'),
    { ...chunk({}), choices: [], usage: USAGE },
  ];
  return { headers: SSE_HEADERS, chunks: [frames(...chunks)] };
}

interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function ask(
  content: string,
  { key = gateway.apiKey, headers = {}, path = '/chat/completions', ...more }: Asking = {},
): Promise<Asked> {
  const said = path === '/chat/completions' ? { messages: [{ role: 'user', content }] } : {};
  const response = await fetch(`${gateway.url}/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'kept', ...said, ...more }),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

interface Asking {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly [field: string]: unknown;
}

function stateOf({ headers }: Asked): string | null {
  return headers.get('x-causeway-cache');
}

function saying(mode: string): Asking {
  return { headers: { 'x-causeway-cache': mode } };
}

describe('the same request again', () => {
  it('is not sent, and answered with the same bytes', async () => {
    upstream.answer(counting);
    const first = await ask('again', { user: 'ann', metadata: { run: '1' } });
    const second = await ask('again', { user: 'bob', metadata: { run: '2' } });
    assert.deepEqual([stateOf(first), stateOf(second), sent()], ['miss', 'exact', 1]);
    assert.equal(second.body, first.body);
    assert.equal(second.headers.get('x-causeway-cost-usd'), '0');
    assert.equal(second.headers.get('x-causeway-target'), 'gpt/gpt-5-mini');
    assert.equal(second.headers.get('x-causeway-attempts'), null);
    assert.equal(second.headers.get('age'), '0');
    assert.match(second.headers.get('x-causeway-cache-key') ?? '', /^[0-9a-f]{32}$/);
    assert.equal(first.headers.get('x-causeway-cache-key'), second.headers.get('x-causeway-cache-key'));
    assert.notEqual(first.headers.get('x-causeway-request-id'), second.headers.get('x-causeway-request-id'));
  });

  it('is recorded as what it was, and as what it saved', async () => {
    upstream.answer(counting);
    await ask('recorded');
    const { headers } = await ask('recorded');
    const trace = await gateway.trace(headers.get('x-causeway-request-id'));
    assert.equal(trace.status, 'completed');
    assert.equal(trace.cache, 'exact');
    assert.deepEqual([trace.cost_usd, trace.cost_known, trace.attempts], [0, true, []]);
    assert.deepEqual([trace.model, trace.target], ['kept', 'gpt/gpt-5-mini']);
    // 1000 tokens at $1 a million and 500 at $2.
    assert.equal(trace.saved_usd, 0.002);
    assert.equal(trace.output && JSON.stringify(trace.output).includes('answer'), true);
  });

  it('is sent where nothing is cached, or another key, model or field asks', async () => {
    upstream.answer(counting);
    const elsewhere = await gateway.makeKey({ project: 'elsewhere' });
    const asked = [
      await ask('apart'),
      await ask('apart', { key: elsewhere }),
      await ask('apart', { model: 'plain' }),
      await ask('apart', { seed: 1 }),
      await ask('apart', { model: 'own', user: 'ann' }),
      await ask('apart', { model: 'own', user: 'bob' }),
    ];
    assert.deepEqual(asked.map(stateOf), ['miss', 'miss', null, 'miss', 'miss', 'miss']);
    assert.equal(sent(), 6);
    assert.equal(stateOf(await ask('apart', { model: 'own', user: 'ann' })), 'exact');
  });

  it('goes by what its client says in a header', async () => {
    upstream.answer(counting);
    const only = await ask('said', saying('only'));
    assert.deepEqual([only.status, sent()], [404, 0]);
    assert.match(only.body, /cache_miss/);
    assert.equal(only.headers.get('x-should-retry'), 'false');
    assert.equal(stateOf(await ask('said', saying('bypass'))), 'bypass');
    const kept = await ask('said');
    assert.equal(stateOf(kept), 'miss');
    const fresh = await ask('said', saying('refresh'));
    assert.deepEqual([stateOf(fresh), sent()], ['miss', 3]);
    assert.equal((await ask('said', saying('only'))).body, fresh.body);
    for (const model of ['kept', 'plain']) {
      const { status, body } = await ask('said', { model, ...saying('never') });
      assert.deepEqual([status, /x-causeway-cache/.test(body)], [400, true]);
    }
    assert.equal((await ask('said', { headers: { 'x-causeway-cache-tags': 'x'.repeat(65) } })).status, 400);
    assert.equal(sent(), 3);
  });
});

describe('promise 4: what a hit costs', () => {
  it('is nothing of a budget, and one request of a limit', async () => {
    upstream.answer(counting);
    const key = await gateway.makeKey({ project: 'limited' });
    await gateway.admin('/budgets/limited', {
      method: 'PUT',
      body: { per: 'project', id: 'limited', period: 'day', usd: 0.0045, hard: true },
    });
    const more = { key, max_completion_tokens: 500 };
    assert.equal(stateOf(await ask('spent', more)), 'miss');
    assert.equal(stateOf(await ask('spent', more)), 'exact');
    const { json } = await gateway.admin('/budgets/limited');
    assert.deepEqual([json['used'], json['reserved']], [0.002, 0]);
    const refused = await ask('spent', more);
    assert.equal(refused.status, 429);
    assert.match(refused.body, /limit_requests/);
  });
});

describe('what is never given again', () => {
  const FAULTS: [string, object][] = [
    ['a cut answer', completion('a', { finish: 'length' })],
    ['a filtered one', completion('a', { finish: 'content_filter' })],
    ['a refusal', completion('', { message: { content: null, refusal: 'I cannot.' } })],
    ['an answer that is too long', completion('x'.repeat(102_400))],
  ];
  const cited = [
    { type: 'url_citation', url_citation: { url: 'https://a', title: 't', start_index: 0, end_index: 1 } },
  ];
  FAULTS.push(['what a model searched for, unasked', completion('a', { message: { annotations: cited } })]);
  FAULTS.push(['what its server searched for', { ...completion('a'), search_results: [{ url: 'https://a' }] }]);
  for (const [name, body] of FAULTS) {
    it(`${name}, whole`, async () => {
      upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(body)] });
      for (let at = 0; at < 2; at += 1) assert.equal(stateOf(await ask(name)), 'miss');
      assert.equal(sent(), 2);
    });
  }

  const second = { ...chunk({}), choices: [{ index: 1, delta: { content: 'b' }, finish_reason: null }] };
  const STREAMS: readonly (readonly [string, string])[] = [
    ['a cut answer', frames(chunk({ content: 'a' }), chunk({}, 'length'))],
    ['a refusal', frames(chunk({ refusal: 'no' }), chunk({}, 'stop'))],
    ['two answers of which one has no end', frames(chunk({ content: 'a' }), second, chunk({}, 'stop'))],
    ['a stream that broke off', frames(chunk({ content: 'a' })).replace('data: [DONE]\n\n', '')],
    ['a stream with an error', frames(chunk({ content: 'a' }), { error: { message: 'over', type: 'server_error' } })],
  ];
  for (const [name, body] of STREAMS) {
    it(`${name}, streamed`, async () => {
      upstream.answer({ headers: SSE_HEADERS, chunks: [body] });
      for (let at = 0; at < 2; at += 1) assert.equal(stateOf(await ask(name, { stream: true })), 'miss');
      assert.equal(sent(), 2);
    });
  }

  it('an error, a search of the provider, and what goes with the credential of the client', async () => {
    upstream.answer({ status: 500, headers: JSON_HEADERS, chunks: ['{"error":{"message":"down"}}'] });
    for (let at = 0; at < 2; at += 1) assert.equal((await ask('fails')).status, 500);
    assert.equal(sent(), 2);
    upstream.answer(counting);
    const searching = { web_search_options: {} };
    for (let at = 0; at < 2; at += 1) assert.equal(stateOf(await ask('search', searching)), 'bypass');
    assert.equal(sent(), 4);
  });
});

describe('what only the own words of a provider say', () => {
  it('is streamed again as it came, and not in another form', async () => {
    const logprobs = { content: [{ token: 'a', logprob: -0.5, bytes: null, top_logprobs: [] }] };
    const stream = frames(chunk({ role: 'assistant', content: 'a' }, null, { logprobs }), chunk({}, 'stop'));
    const whole = JSON.stringify(completion('a', { choice: { logprobs } }));
    upstream.answer(({ body }) =>
      /"stream":\s*true/.test(body)
        ? { headers: SSE_HEADERS, chunks: [stream] }
        : { headers: JSON_HEADERS, chunks: [whole] },
    );
    const asked = { logprobs: true, stream: true };
    const answers = [await ask('sure', asked), await ask('sure', asked), await ask('sure', { logprobs: true })];
    assert.deepEqual(answers.map(stateOf), ['miss', 'exact', 'miss']);
    assert.deepEqual(
      answers.map(({ body }) => body),
      [stream, stream, whole],
    );
    assert.equal(stateOf(await ask('sure', { logprobs: true })), 'exact');
  });

  it('is a proof that belongs to a call, in a frame and in a whole answer', async () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };
    const calls = [{ index: 0, ...call, extra_content: { google: { thought_signature: 'SIG' } } }];
    const stream = frames(chunk({ role: 'assistant', tool_calls: calls }), chunk({}, 'tool_calls'));
    const whole = JSON.stringify(completion('', { message: { tool_calls: calls }, finish: 'tool_calls' }));
    const answers: Asked[] = [];
    for (const isStream of [true, true, false, false, true]) {
      upstream.answer({ headers: isStream ? SSE_HEADERS : JSON_HEADERS, chunks: [isStream ? stream : whole] });
      answers.push(await ask('proof', { stream: isStream }));
    }
    assert.deepEqual(answers.map(stateOf), ['miss', 'exact', 'miss', 'exact', 'miss']);
    assert.deepEqual(
      answers.map(({ body }) => body),
      [stream, stream, whole, whole, stream],
    );
  });

  it('is reasoning under a name of its own', async () => {
    const stream = frames(chunk({ reasoning: 'hm' }), chunk({ content: 'a' }), chunk({}, 'stop'));
    upstream.answer({ headers: SSE_HEADERS, chunks: [stream] });
    const [first, second] = [await ask('why', { stream: true }), await ask('why', { stream: true })];
    assert.deepEqual([stateOf(second), second.body], ['exact', first.body]);
    const asksUsage = { stream: true, stream_options: { include_usage: true } };
    assert.equal(stateOf(await ask('why', asksUsage)), 'miss', 'which the kept one does not have');
  });
});

function part(text: string, finish: string | null): object {
  return { id: 'c', object: 'text_completion', model: 'm', choices: [{ index: 0, text, finish_reason: finish }] };
}

async function completed(prompt: string): Promise<string> {
  const stream = await client.completions.create({ model: 'text', prompt, stream: true });
  return (await collected(stream)).map(({ choices }) => choices[0]?.text).join('');
}

describe('other operations', () => {
  const OPERATIONS: readonly (readonly [string, Asking, object])[] = [
    [
      'embeddings as numbers',
      { path: '/embeddings', model: 'vectors', input: ['a', 'b'] },
      { object: 'list', data: [0, 1].map((index) => ({ index, embedding: [0.5, -0.25] })), usage: USAGE, model: 'm' },
    ],
    [
      'embeddings in base64',
      { path: '/embeddings', model: 'vectors', input: 'a', encoding_format: 'base64' },
      { object: 'list', data: [{ index: 0, embedding: 'AAAAPwAAgL4=' }], usage: USAGE, model: 'm' },
    ],
    [
      'ranks',
      { path: '/rerank', model: 'ranks', query: 'q', documents: ['a', 'b'] },
      { results: [{ index: 1, relevance_score: 0.5 }], usage: { total_tokens: 3 }, model: 'm' },
    ],
    [
      'moderation',
      { path: '/moderations', model: 'watch', input: 'a' },
      { id: 'modr-1', model: 'm', results: [{ flagged: true, categories: {}, category_scores: {} }] },
    ],
    [
      'completions',
      { path: '/completions', model: 'text', prompt: 'Once' },
      {
        id: 'c',
        object: 'text_completion',
        model: 'm',
        choices: [{ index: 0, text: ' upon', finish_reason: 'stop' }],
        usage: USAGE,
      },
    ],
  ];
  for (const [name, asked, answer] of OPERATIONS) {
    it(name, async () => {
      upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(answer)] });
      const first = await ask('', asked);
      const second = await ask('', asked);
      assert.deepEqual([stateOf(first), stateOf(second), sent()], ['miss', 'exact', 1], first.body);
      assert.equal(second.body, first.body);
      const trace = await gateway.trace(second.headers.get('x-causeway-request-id'));
      assert.deepEqual([trace.cache, trace.cost_usd], ['exact', 0]);
    });
  }

  it('streamed completions', async () => {
    upstream.answer({ headers: SSE_HEADERS, chunks: [frames(part(' upon', null), part('', 'stop'))] });
    assert.deepEqual([await completed('Twice'), await completed('Twice'), sent()], [' upon', ' upon', 1]);
  });
});
