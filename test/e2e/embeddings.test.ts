import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import OpenAI, { BadRequestError } from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import { type RunningSimulator, startSimulator } from '../../src/models/simulator/start.ts';
import type { TraceView } from '../../src/records/traces/view-schema.ts';
import { type Gateway, startGateway, untilInFlight } from '../support/gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, type ReceivedRequest, type Upstream, startUpstream } from '../support/upstream.ts';

/** A text with this mark is refused. */
const BAD = '!';

let upstream: Upstream;
let simulator: RunningSimulator;
/** As it comes. */
let usual: Gateway;
/** Of which nothing goes by the clock: the window is longer than any test. */
let set: Gateway;
let setConfig: string;
let client: OpenAI;
let setClient: OpenAI;
let seen = 0;

before(async () => {
  [upstream, simulator] = await Promise.all([startUpstream(), startSimulator({ settings: { ttft: 20 } })]);
  const config = [
    'providers:',
    `  gpt: { type: openai, apiKey: upstream-key, baseUrl: "${upstream.url}/v1" }`,
    `  server: { type: openai-compatible, baseUrl: "${upstream.url}/v1" }`,
    `  lab: { type: openai, apiKey: upstream-key, baseUrl: "${simulator.url}/v1" }`,
    'prices:',
    '  gpt/embedder: { input: 1, output: 0 }',
    '',
  ].join('\n');
  setConfig = `${config}embeddings: { window: 60s, batchSize: 100, batchTokens: 300, parallel: 2 }\n`;
  [usual, set] = await Promise.all([startGateway({ config }), startGateway({ config: setConfig })]);
  client = new OpenAI({ apiKey: usual.apiKey, baseURL: `${usual.url}/v1`, maxRetries: 0 });
  setClient = new OpenAI({ apiKey: set.apiKey, baseURL: `${set.url}/v1`, maxRetries: 0 });
});
after(async () => {
  await Promise.all([usual.close(), set.close()]);
  await Promise.all([upstream.close(), simulator.close()]);
});
afterEach(() => {
  seen = upstream.received.length;
});

/** What this test had sent, once it is that many. */
async function received(count: number): Promise<readonly ReceivedRequest[]> {
  while (upstream.received.length < seen + count) await upstream.next();
  const sent = upstream.received.slice(seen);
  assert.equal(sent.length, count);
  return sent;
}

function bodyOf({ body }: ReceivedRequest): JsonObject {
  return JSON.parse(body) as JsonObject;
}

function textsOf(request: ReceivedRequest): string[] {
  return bodyOf(request)['input'] as string[];
}

/** The number in its name makes a text's vector its own. */
function vectorOf(text: string): number[] {
  return [Number(/\d+/.exec(text)?.[0]), 0.5];
}

function base64Of(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64');
}

/** Each character is a token, so that what it bills can be counted here. */
function tokensOf(texts: readonly string[]): number {
  return texts.join('').length;
}

function isRefused(request: ReceivedRequest): boolean {
  return textsOf(request).some((text) => text.includes(BAD));
}

/** As OpenAI answers. */
function answerOf(request: ReceivedRequest): string {
  const { model, encoding_format: format } = bodyOf(request);
  const texts = textsOf(request);
  const tokens = tokensOf(texts);
  const data = texts.map((text, index) => {
    const vector = vectorOf(text);
    return { object: 'embedding', index, embedding: format === 'base64' ? base64Of(vector) : vector };
  });
  return JSON.stringify({ object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } });
}

function refusalOf(request: ReceivedRequest): string {
  const at = textsOf(request).findIndex((text) => text.includes(BAD));
  const error = { message: `Invalid 'input[${at}]'.`, type: 'invalid_request_error', param: 'input', code: null };
  return JSON.stringify({ error });
}

function answersAll(): void {
  upstream.answer((request) =>
    isRefused(request)
      ? { status: 400, headers: JSON_HEADERS, chunks: [refusalOf(request)] }
      : { headers: JSON_HEADERS, chunks: [answerOf(request)] },
  );
}

function stalls(): void {
  upstream.answer({ headers: JSON_HEADERS, ending: 'stall' });
}

function release(...requests: readonly (ReceivedRequest | undefined)[]): void {
  for (const request of requests) request?.release([answerOf(request)]);
}

function names(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, at) => `text ${from + at}`);
}

function embeddingsIn({ data }: OpenAI.CreateEmbeddingResponse): number[][] {
  return data.map(({ embedding }) => embedding);
}

/** With one under way that is not answered yet, what comes next waits for it. */
async function behindOne<T>(ask: () => Promise<T>[], meanwhile: () => void = () => {}): Promise<Promise<T>[]> {
  stalls();
  const first = setClient.embeddings.create({ model: 'gpt/embedder', input: 'text 0' });
  const [running] = await received(1);
  const asked = ask();
  for (const one of asked) one.catch(() => {});
  await untilInFlight(set, asked.length + 1);
  meanwhile();
  answersAll();
  release(running);
  assert.deepEqual(embeddingsIn(await first), [vectorOf('text 0')]);
  return asked;
}

function replaceConfig(): void {
  set.writeConfig(`${setConfig}models: { one-more: { target: sim/echo } }\n`);
  set.reload();
}

/** All that was billed for what was not refused, the first request of `behindOne` aside. */
function billed(requests: readonly ReceivedRequest[]): number {
  const good = requests.slice(1).filter((request) => !isRefused(request));
  return tokensOf(good.flatMap(textsOf));
}

function sumOf(traces: readonly TraceView[], value: (trace: TraceView) => number | null): number {
  return traces.reduce((sum, trace) => sum + (value(trace) ?? assert.fail('it is not known')), 0);
}

function nanoUsdOf({ cost_usd: usd }: TraceView): number | null {
  return usd === null ? null : Math.round(usd * 1e9);
}

function idIn(headers: Headers): string | null {
  return headers.get('x-causeway-request-id');
}

describe('embeddings with the official client', () => {
  it('64 at a time reach the provider as few requests, and each gets its own', async () => {
    const texts = Array.from({ length: 64 }, (_, at) => `A text of its own, number ${at}`);
    const answers = await Promise.all(
      texts.map((input) => client.embeddings.create({ model: 'lab/embed', input, dimensions: 8 })),
    );
    const { requests } = simulator.stats();
    assert.ok(requests <= texts.length / 2, `${requests} requests`);
    const direct = new OpenAI({ apiKey: 'any', baseURL: `${simulator.url}/v1` });
    const expected = await direct.embeddings.create({ model: 'embed', input: texts, dimensions: 8 });
    assert.deepEqual(answers.flatMap(embeddingsIn), embeddingsIn(expected));
    assert.ok(answers.every(({ data }) => data.length === 1 && data[0]?.index === 0));
    assert.equal(
      answers.reduce((sum, { usage }) => sum + usage.prompt_tokens, 0),
      expected.usage.prompt_tokens,
    );
  });

  it('come as numbers, whether the client asks for base64 as it does by itself, or for numbers', async () => {
    answersAll();
    for (const model of ['gpt/embedder', 'server/embedder']) {
      const byItself = await client.embeddings.create({ model, input: names(2) });
      const numbers = await client.embeddings.create({ model, input: names(2), encoding_format: 'float' });
      const base64 = await client.embeddings.create({ model, input: names(2), encoding_format: 'base64' });
      const vectors = names(2).map(vectorOf);
      assert.deepEqual([embeddingsIn(byItself), embeddingsIn(numbers)], [vectors, vectors]);
      assert.deepEqual(
        base64.data.map(({ embedding }) => embedding),
        vectors.map(base64Of),
      );
    }
    const formats = (await received(6)).map((request) => bodyOf(request)['encoding_format']);
    assert.deepEqual(formats, ['base64', 'base64', 'base64', 'float', 'float', 'float']);
  });

  it('of a large list go in parts as the provider takes them, side by side, and come back in order', async () => {
    stalls();
    const input = names(600);
    const asked = client.embeddings.create({ model: 'server/embedder', input }).withResponse();
    const parts = await received(3);
    assert.deepEqual(
      parts.map((part) => textsOf(part).length),
      [256, 256, 88],
    );
    release(...[...parts].toReversed());
    const { data, response } = await asked;
    assert.deepEqual(embeddingsIn(data), input.map(vectorOf));
    assert.deepEqual(
      data.data.map(({ index }) => index),
      [...input.keys()],
    );
    const trace = await usual.trace(idIn(response.headers));
    assert.deepEqual([trace.tokens.input, trace.attempts.length], [tokensOf(input), 1]);
    assert.equal(data.usage.total_tokens, tokensOf(input));
  });

  it('are sent along with their like alone', async () => {
    stalls();
    const base = { model: 'gpt/embedder', input: 'text 1' };
    const requests = [
      base,
      { ...base, model: 'gpt/embedder-2' },
      { ...base, dimensions: 2 },
      { ...base, user: 'ann' },
      { ...base, user: 'bob' },
    ];
    const asked = requests.map((request) => client.embeddings.create(request));
    const sent = await received(requests.length);
    const fields = sent.map((request) => {
      const { model, dimensions, user, input } = bodyOf(request);
      return JSON.stringify([model, dimensions, user, input]);
    });
    const wanted = requests.map(({ model, input, ...options }) => {
      const { dimensions, user }: { dimensions?: number; user?: string } = options;
      return JSON.stringify([model.slice('gpt/'.length), dimensions, user, [input]]);
    });
    assert.deepEqual(fields.toSorted(), wanted.toSorted());
    release(...sent);
    await Promise.all(asked);
  });
});

describe('embeddings with settings', () => {
  it('wait for the window while another is under way, and go as one', async () => {
    const texts = names(63);
    const asked = await behindOne(() =>
      texts.map((input) => setClient.embeddings.create({ model: 'gpt/embedder', input })),
    );
    const answers = await Promise.all(asked);
    assert.deepEqual(answers.flatMap(embeddingsIn), texts.map(vectorOf));
    const [, joined] = await received(2);
    assert.ok(joined);
    assert.deepEqual(textsOf(joined).toSorted(), texts.toSorted());
  });

  it('promise 6: each have their share of what the provider bills, and all of them the whole', async () => {
    // The same number of characters may be another number of bytes, by which the gateway shares.
    const texts = [...names(10), 'words 11 of some more length than others', 'шестнадцать 12', '文字 13'];
    const asked = await behindOne(() =>
      texts.map((input) => setClient.embeddings.create({ model: 'gpt/embedder', input }).withResponse()),
    );
    const answers = await Promise.all(asked);
    const traces = await Promise.all(answers.map(({ response }) => set.trace(idIn(response.headers))));
    const bill = billed(await received(2));
    assert.equal(bill, tokensOf(texts));
    assert.equal(
      sumOf(traces, ({ tokens }) => tokens.input),
      bill,
    );
    assert.equal(sumOf(traces, nanoUsdOf), bill * 1000);
    assert.deepEqual(
      answers.map(({ data }) => data.usage.prompt_tokens),
      traces.map(({ tokens }) => tokens.input),
    );
    assert.ok(traces.every(({ attempts }) => attempts[0]?.usage_source === 'reported'));
  });

  it('fail alone where they are bad, with their own error, and cost nothing', async () => {
    const texts = names(7);
    const bad = ['fine 100', `bad 101${BAD}`];
    const asked = await behindOne(() => [
      ...texts.map((input) => setClient.embeddings.create({ model: 'gpt/embedder', input }).withResponse()),
      setClient.embeddings.create({ model: 'gpt/embedder', input: bad }).withResponse(),
    ]);
    const error = await thrownBy(asked.pop() ?? Promise.resolve(), BadRequestError);
    // It is the second of the client's own texts, whatever it was in the batch.
    assert.deepEqual([error.param, error.message], ['input', "400 Invalid 'input[1]'."]);
    const answers = await Promise.all(asked);
    assert.deepEqual(
      answers.flatMap(({ data }) => embeddingsIn(data)),
      texts.map(vectorOf),
    );
    const refused = await set.trace(idIn(error.headers));
    assert.deepEqual([refused.status, refused.cost_usd, refused.error?.code], ['failed', 0, 'request_invalid']);
    const traces = await Promise.all(answers.map(({ response }) => set.trace(idIn(response.headers))));
    const bill = billed(upstream.received.slice(seen));
    assert.equal(bill, tokensOf(texts), 'nothing is asked for twice that was answered');
    assert.equal(
      sumOf(traces, ({ tokens }) => tokens.input),
      bill,
    );
    assert.equal(sumOf(traces, nanoUsdOf), bill * 1000);
  });

  it('are bounded in number, and so many are under way', async () => {
    stalls();
    const input = names(250);
    const asked = setClient.embeddings.create({ model: 'gpt/embedder', input });
    const [first, second] = await received(2);
    await untilInFlight(set, 1);
    await received(2);
    release(second);
    const sent = await received(3);
    assert.deepEqual(
      sent.map((request) => textsOf(request).length),
      [100, 100, 50],
    );
    release(first, sent[2]);
    assert.deepEqual(embeddingsIn(await asked), input.map(vectorOf));
  });

  it('are bounded in tokens', async () => {
    answersAll();
    // Of about 100 tokens each.
    const input = names(7).map((name) => name.padEnd(300, 'x'));
    const answer = await setClient.embeddings.create({ model: 'gpt/embedder', input });
    assert.deepEqual(embeddingsIn(answer), input.map(vectorOf));
    const sizes = (await received(3)).map((request) => textsOf(request).length);
    assert.deepEqual(
      sizes.toSorted((a, b) => a - b),
      [1, 3, 3],
    );
  });

  it('promise 11: of a client that left do not keep the place of others', async () => {
    stalls();
    const leaving = new AbortController();
    const input = names(200);
    const gone = setClient.embeddings.create({ model: 'gpt/embedder', input }, { signal: leaving.signal });
    gone.catch(() => {});
    const running = await received(2);
    leaving.abort();
    await Promise.all(running.map(({ closed }) => closed));
    answersAll();
    const answer = await setClient.embeddings.create({ model: 'gpt/embedder', input: 'text 1' });
    assert.deepEqual(embeddingsIn(answer), [vectorOf('text 1')]);
  });

  it('that wait while the configuration is replaced are sent all the same', async () => {
    const input = 'text 1';
    const asked = await behindOne(() => [setClient.embeddings.create({ model: 'gpt/embedder', input })], replaceConfig);
    const ids = (await setClient.models.list()).data.map(({ id }) => id);
    assert.ok(ids.includes('one-more'), 'it was replaced');
    assert.deepEqual((await Promise.all(asked)).flatMap(embeddingsIn), [vectorOf(input)]);
  });
});
