import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { documentMissing, schemaErrors } from '../support/openapi-validator.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: Gateway;
let client: OpenAI;

before(async () => {
  upstream = await startUpstream();
  const at = `apiKey: upstream-key, baseUrl: "${upstream.url}/v1"`;
  gateway = await startGateway({
    config: [
      'providers:',
      `  gpt: { type: openai, ${at} }`,
      `  mistral: { type: openai-compatible, preset: mistral, ${at} }`,
      `  deepseek: { type: openai-compatible, preset: deepseek, ${at} }`,
      'models:',
      '  house-moderation: { target: gpt/omni-moderation-2024-09-26 }',
    ].join('\n'),
  });
  client = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

const USAGE = { prompt_tokens: 14, completion_tokens: 16, total_tokens: 30 };
const HEAD = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'gpt-3.5-turbo-instruct:20230824-v2' };
const FILL = { prompt: 'def fib(a):\n', suffix: '\n    return a', max_tokens: 16 } as const;

function sse(...frames: readonly Json[]): string {
  return frames.map((frame) => `data: ${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n\n`).join('');
}

function sent(): { path: string; body: JsonObject } {
  const { path = '', body = '{}' } = upstream.received.at(-1) ?? {};
  return { path, body: JSON.parse(body) as JsonObject };
}

async function collected<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function requestId(response: Response): string | null {
  return response.headers.get('x-causeway-request-id');
}

describe('completions with the official client', () => {
  it('fill in the middle, and are billed as the provider reports', async () => {
    const choices = [{ index: 0, text: '    if a < 2:', logprobs: null, finish_reason: 'length' }];
    upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify({ ...HEAD, choices, usage: USAGE })] });
    const request = { model: 'gpt-3.5-turbo-instruct', ...FILL };
    const { data, response } = await client.completions.create(request).withResponse();
    assert.deepEqual(data.choices, choices);
    assert.deepEqual(sent(), { path: '/v1/completions', body: request });
    if (!documentMissing('openai')) {
      assert.deepEqual(schemaErrors('openai', 'CreateCompletionRequest', sent().body), []);
    }
    const trace = await gateway.trace(requestId(response));
    assert.deepEqual([trace.tokens.input, trace.tokens.output], [14, 16]);
    // 14 × $1.5 and 16 × $2 a million
    assert.equal(trace.cost_usd, 0.000053);
    assert.equal(trace.endpoint, '/v1/completions');
  });

  it('stream without the usage that only the gateway asked for, and with it where the client did', async () => {
    const chunk = (text: string, finish: string | null) => {
      return { ...HEAD, choices: [{ index: 0, text, logprobs: null, finish_reason: finish }], usage: null };
    };
    const usage = { ...HEAD, choices: [], usage: USAGE };
    upstream.answer({ headers: SSE_HEADERS, chunks: [sse(chunk('He', null), chunk('llo', 'stop'), usage, '[DONE]')] });
    const request = { model: 'gpt-3.5-turbo-instruct', prompt: 'Say hello', stream: true } as const;
    for (const asked of [false, true]) {
      const options = asked ? { stream_options: { include_usage: true } } : {};
      const { data, response } = await client.completions.create({ ...request, ...options }).withResponse();
      const chunks = await collected(data);
      assert.equal(chunks.map(({ choices }) => choices[0]?.text ?? '').join(''), 'Hello');
      assert.equal(chunks.length, asked ? 3 : 2);
      assert.deepEqual(sent().body['stream_options'], { include_usage: true });
      const trace = await gateway.trace(requestId(response));
      assert.deepEqual([trace.tokens.input, trace.tokens.output, trace.status], [14, 16, 'completed']);
    }
  });

  it('promise 1: end in an error where the stream was cut', async () => {
    const choices = [{ index: 0, text: 'He', logprobs: null, finish_reason: null }];
    upstream.answer({ headers: SSE_HEADERS, chunks: [sse({ ...HEAD, choices })] });
    const stream = await client.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'a', stream: true });
    const error = await thrownBy(collected(stream), OpenAI.APIError);
    assert.match(error.message, /ended before the answer was complete/);
  });

  it("are rewritten from Mistral's answers, whole and streamed", async () => {
    const head = { id: 'f1', created: 1, model: 'codestral-latest' };
    const message = { role: 'assistant', content: '    if a < 2:', tool_calls: null };
    const whole = {
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: USAGE,
    };
    upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(whole)] });
    const request = { model: 'mistral/codestral-latest', ...FILL };
    const { data, response } = await client.completions.create(request).withResponse();
    assert.equal(data.object, 'text_completion');
    assert.equal(data.choices[0]?.text, '    if a < 2:');
    assert.deepEqual(data.usage, USAGE);
    assert.deepEqual(sent(), { path: '/v1/fim/completions', body: { ...request, model: 'codestral-latest' } });
    assert.equal((await gateway.trace(requestId(response))).tokens.output, 16);
    const chunk = (content: string, finish: string | null, more: object = {}) => {
      const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
      return { ...head, object: 'chat.completion.chunk', choices, ...more };
    };
    upstream.answer({
      headers: SSE_HEADERS,
      chunks: [sse(chunk('if ', null), chunk('a', 'stop', { usage: USAGE }), '[DONE]')],
    });
    const streamed = await client.completions.create({ ...request, stream: true }).withResponse();
    const chunks = await collected(streamed.data);
    assert.deepEqual(
      chunks.map(({ object, choices }) => [object, choices[0]?.text, choices[0]?.finish_reason]),
      [
        ['text_completion', 'if ', null],
        ['text_completion', 'a', 'stop'],
      ],
    );
    assert.equal((await gateway.trace(requestId(streamed.response))).tokens.output, 16);
  });

  it("go to DeepSeek's own path, and what it has not is said", async () => {
    const choices = [{ index: 0, text: 'x', logprobs: null, finish_reason: 'stop' }];
    upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify({ ...HEAD, choices, usage: USAGE })] });
    await client.completions.create({ model: 'deepseek/deepseek-v4-pro', ...FILL });
    assert.equal(sent().path, '/beta/completions');
    const error = await thrownBy(
      client.audio.speech.create({ model: 'deepseek/x', input: 'a', voice: 'alloy' }),
      OpenAI.APIError,
    );
    assert.equal(error.code, 'operation_unsupported');
  });
});

describe('moderations with the official client', () => {
  const ANSWER = { id: 'modr-1', model: 'omni-moderation-latest', results: [{ flagged: false }] };

  it('need no model, and ask for the one that is meant by name', async () => {
    upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(ANSWER)] });
    const { data, response } = await client.moderations.create({ input: 'Hello' }).withResponse();
    assert.deepEqual(data, ANSWER);
    assert.deepEqual(sent(), { path: '/v1/moderations', body: { input: 'Hello', model: 'omni-moderation-latest' } });
    const trace = await gateway.trace(requestId(response));
    assert.deepEqual([trace.cost_known, trace.cost_usd], [true, 0]);
    assert.deepEqual(trace.attempts[0]?.patches, [{ op: 'set', path: '/model', value: 'omni-moderation-latest' }]);
  });

  it('may be of a virtual model', async () => {
    upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(ANSWER)] });
    await client.moderations.create({ input: ['a', 'b'], model: 'house-moderation' });
    assert.deepEqual(sent().body, { input: ['a', 'b'], model: 'omni-moderation-2024-09-26' });
  });
});
