import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import { geminiRecordings } from '../support/gemini-recordings.ts';
import { type Gateway, latestTraces, startGateway } from '../support/gateway.ts';
import { loadRecordings, recordingsMissing } from '../support/recordings.ts';
import { piecesOf } from '../support/splits.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, type UpstreamAnswer, startUpstream } from '../support/upstream.ts';

const MODEL = 'gemini/gemini-3-pro-preview';
const CLAUDE = 'vertex/claude-sonnet-4-5@20250929';

let gateway: Gateway;
let upstream: Upstream;
let openai: OpenAI;
let anthropic: Anthropic;

before(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({
    config: [
      'providers:',
      `  gemini: { type: gemini, apiKey: google-key, baseUrl: "${upstream.url}" }`,
      `  vertex: { type: vertex, project: p, location: us-east5, accessToken: own-token, baseUrl: "${upstream.url}" }`,
      `  nobody: { type: vertex, project: p, credentialsFile: /nowhere/key.json, baseUrl: "${upstream.url}" }`,
    ].join('\n'),
  });
  openai = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: gateway.apiKey, baseURL: gateway.url, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

function recorded(name: string): Buffer {
  const recording = geminiRecordings().find((one) => one.name === name);
  assert.ok(recording, name);
  return recording.bytes;
}

function streamOf(name: string): UpstreamAnswer {
  return { headers: SSE_HEADERS, chunks: piecesOf(recorded(`${name}.chunks.txt`), 700) };
}

function sent(): JsonObject {
  return JSON.parse(upstream.received.at(-1)?.body ?? '') as JsonObject;
}

const TOOL = { name: 'weather', parameters: { type: 'object', properties: { location: { type: 'string' } } } };
const QUESTION = [{ role: 'user', content: 'Weather?' }] as const;

/** The signature of the recorded call. */
function recordedSignature(name: string): string {
  const [, signature] = /"thoughtSignature":\s*"([^"]+)"/.exec(recorded(name).toString()) ?? [];
  assert.ok(signature);
  return signature;
}

describe('a model of Gemini', { skip: recordingsMissing() }, () => {
  it('promise 2: gets the signature of its call back from an OpenAI client that sends back what it got', async () => {
    upstream.answer({ headers: JSON_HEADERS, chunks: [recorded('google-tool-call-gemini3.json')] });
    const tools = [{ type: 'function', function: TOOL }] as const;
    const { choices, usage } = await openai.chat.completions.create({
      model: MODEL,
      messages: [...QUESTION],
      tools: [...tools],
    });
    const [choice] = choices;
    assert.ok(choice);
    assert.equal(choice.finish_reason, 'tool_calls');
    assert.deepEqual([usage?.prompt_tokens, usage?.completion_tokens], [29, 15 + 1801]);
    assert.equal(usage?.completion_tokens_details?.reasoning_tokens, 1801);
    const [call] = choice.message.tool_calls ?? [];
    assert.ok(call?.type === 'function');
    assert.equal(call.function.arguments, '{"location":"San Francisco"}');

    upstream.answer(streamOf('google-text'));
    const result = { role: 'tool', tool_call_id: call.id, content: '21 degrees' } as const;
    const stream = openai.chat.completions.stream({
      model: MODEL,
      messages: [...QUESTION, choice.message, result],
      tools: [...tools],
      stream_options: { include_usage: true },
    });
    assert.equal(await stream.finalContent(), 'There are **3** "r"s in strawberry.\n\nst**r**awbe**rr**y');
    assert.deepEqual((sent()['contents'] as JsonObject[]).slice(1), [
      {
        role: 'model',
        parts: [
          {
            functionCall: { id: call.id, name: 'weather', args: { location: 'San Francisco' } },
            thoughtSignature: recordedSignature('google-tool-call-gemini3.json'),
          },
        ],
      },
      {
        role: 'user',
        parts: [{ functionResponse: { id: call.id, name: 'weather', response: { output: '21 degrees' } } }],
      },
    ]);
    const { path, headers } = upstream.received.at(-1) ?? {};
    assert.equal(path, '/v1beta/models/gemini-3-pro-preview:streamGenerateContent?alt=sse');
    assert.equal(headers?.['x-goog-api-key'], 'google-key');
    assert.equal(headers['authorization'], undefined);
  });

  it('promise 1: a stream that is cut ends in an error for the client, and is recorded as one', async () => {
    const whole = recorded('google-text.chunks.txt').toString();
    const cut = whole.slice(0, whole.indexOf('\r\n\r\n') + 4);
    for (const ending of ['cut', 'end'] as const) {
      upstream.answer({ headers: SSE_HEADERS, chunks: [cut], ending });
      const stream = await openai.chat.completions.create({ model: MODEL, messages: [...QUESTION], stream: true });
      await assert.rejects(async () => {
        for await (const _ of stream);
      }, OpenAI.APIError);
      const [trace] = await latestTraces(gateway, '?limit=1');
      assert.deepEqual([trace?.status, trace?.error?.code], ['failed', 'stream_interrupted']);
    }
  });

  it('promise 11: a client that leaves ends the call upstream', async () => {
    const whole = recorded('google-text.chunks.txt').toString();
    upstream.answer({ headers: SSE_HEADERS, chunks: [whole.slice(0, whole.indexOf('\r\n\r\n') + 4)], ending: 'stall' });
    const asked = upstream.next();
    const stream = await openai.chat.completions.create({ model: MODEL, messages: [...QUESTION], stream: true });
    for await (const _ of stream) break;
    await (
      await asked
    ).closed;
    const [trace] = await latestTraces(gateway, '?limit=1');
    assert.equal(trace?.status, 'aborted');
  });

  it('promise 10: errors are the clients’ or the operator’s, as Google means them', async () => {
    upstream.answer({ status: 429, headers: JSON_HEADERS, chunks: [recorded('google-429-retry-info.json')] });
    const limited = await openai.chat.completions
      .create({ model: MODEL, messages: [...QUESTION] })
      .catch((thrown: unknown) => thrown);
    assert.ok(limited instanceof OpenAI.RateLimitError);
    assert.equal(limited.headers.get('retry-after'), '35');
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
    const error = { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT', details };
    upstream.answer({ status: 400, headers: JSON_HEADERS, chunks: [JSON.stringify({ error })] });
    const refused = await openai.chat.completions
      .create({ model: MODEL, messages: [...QUESTION] })
      .catch((thrown: unknown) => thrown);
    assert.ok(refused instanceof OpenAI.InternalServerError);
    assert.ok(!refused.message.includes('API key not valid'));
  });

  it('promise 3: a client of Gemini gets the bytes that Google sent', async () => {
    const bytes = recorded('google-vertex-stream-tool-call-arguments-nested.1.chunks.txt');
    upstream.answer({ headers: SSE_HEADERS, chunks: piecesOf(bytes, 900) });
    const body = '{ "contents": [ { "parts": [ { "text": "Cook" } ] } ] }';
    const response = await fetch(
      `${gateway.url}/v1beta/models/${encodeURIComponent(MODEL)}:streamGenerateContent?alt=sse`,
      { method: 'POST', headers: { ...JSON_HEADERS, 'x-goog-api-key': gateway.apiKey }, body },
    );
    assert.equal(response.status, 200);
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes));
    assert.equal(upstream.received.at(-1)?.body, body);
  });
});

describe('Claude on Vertex AI', { skip: recordingsMissing() }, () => {
  const request = {
    model: CLAUDE,
    max_tokens: 50,
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] },
    ] satisfies Anthropic.MessageParam[],
  };

  it('promise 3: streams to its own client, with what it read, and keeps cache_control', async () => {
    const recording = loadRecordings().find(({ name }) => name === 'anthropic/anthropic-json-tool.1.chunks.txt');
    assert.ok(recording);
    upstream.answer({ headers: SSE_HEADERS, chunks: piecesOf(recording.bytes, 300) });
    const [, raw = '0'] = /"input_tokens":(\d+)/.exec(recording.bytes.toString()) ?? [];
    const stream = anthropic.messages.stream(request, { headers: { 'anthropic-beta': 'context-1m-2025-08-07' } });
    const message = await stream.finalMessage();
    assert.equal(message.usage.input_tokens, Number(raw));
    const { path, headers, body } = upstream.received.at(-1) ?? {};
    assert.equal(
      path,
      '/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict',
    );
    assert.equal(headers?.authorization, 'Bearer own-token');
    const { model: _, ...rest } = request;
    assert.deepEqual(JSON.parse(body ?? ''), {
      ...rest,
      stream: true,
      anthropic_version: 'vertex-2023-10-16',
      anthropic_beta: ['context-1m-2025-08-07'],
    });
    const [trace] = await latestTraces(gateway, '?limit=1');
    assert.equal(trace?.tokens.input, Number(raw));
  });

  it('counts tokens', async () => {
    upstream.answer({ headers: JSON_HEADERS, chunks: ['{"input_tokens":12}'] });
    const { max_tokens: _, ...counted } = request;
    assert.deepEqual(await anthropic.messages.countTokens(counted), { input_tokens: 12 });
    assert.match(upstream.received.at(-1)?.path ?? '', /models\/count-tokens:rawPredict$/);
    assert.equal(sent()['model'], 'claude-sonnet-4-5@20250929');
  });

  it("promise 10: says that credentials are the operator's to set, before anything is sent", async () => {
    const count = upstream.received.length;
    const refused = await anthropic.messages
      .create({ ...request, model: 'nobody/claude-sonnet-4-5' })
      .catch((thrown: unknown) => thrown);
    assert.ok(refused instanceof Anthropic.InternalServerError);
    assert.match(refused.message, /providers\.nobody\.credentialsFile/);
    assert.equal(upstream.received.length, count);
  });
});
