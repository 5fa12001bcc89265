import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: Gateway;
let client: OpenAI;

before(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({
    config: `providers: { gpt: { type: openai, apiKey: upstream-key, baseUrl: "${upstream.url}/v1" } }`,
  });
  client = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

function frames(...events: readonly (JsonObject & { readonly type: string })[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function answerJson(body: Json): void {
  upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(body)] });
}

function sent(): { path: string; body: JsonObject } {
  const { path = '', body = '{}' } = upstream.received.at(-1) ?? {};
  return { path, body: JSON.parse(body) as JsonObject };
}

function traceOf(response: Response): ReturnType<Gateway['trace']> {
  return gateway.trace(response.headers.get('x-causeway-request-id'));
}

async function collected<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const IMAGE_USAGE = {
  total_tokens: 150,
  input_tokens: 50,
  output_tokens: 100,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
};
/** 10 × $5, 40 × $10 and 100 × $40 a million. */
const IMAGE_COST = 0.00445;

describe('images with the official client', () => {
  it('are made, and billed by the tokens that they took', async () => {
    answerJson({ created: 1, data: [{ b64_json: 'aGk=' }], usage: IMAGE_USAGE });
    const request = { model: 'gpt-image-1', prompt: 'an otter', size: '1024x1024' } as const;
    const { data, response } = await client.images.generate(request).withResponse();
    assert.equal(data.data?.[0]?.b64_json, 'aGk=');
    assert.deepEqual(sent(), { path: '/v1/images/generations', body: request });
    const trace = await traceOf(response);
    assert.deepEqual([trace.tokens.input, trace.tokens.output, trace.cost_usd], [50, 100, IMAGE_COST]);
  });

  it('promise 6: have an unknown cost where nothing tells it', async () => {
    answerJson({ created: 1, data: [{ url: 'https://images.test/1.png' }] });
    const { response } = await client.images.generate({ prompt: 'an otter' }).withResponse();
    assert.equal(sent().body['model'], 'dall-e-2');
    const trace = await traceOf(response);
    assert.equal(trace.cost_known, false);
  });

  it('come as events, the last of which says what they took', async () => {
    const whole = { background: 'auto', created_at: 1, output_format: 'png', quality: 'low', size: '1024x1024' };
    upstream.answer({
      headers: SSE_HEADERS,
      chunks: [
        frames({ type: 'image_generation.partial_image', b64_json: 'YQ==', partial_image_index: 0, ...whole }),
        frames({ type: 'image_generation.completed', b64_json: 'YWI=', usage: IMAGE_USAGE, ...whole }),
      ],
    });
    const request = { model: 'gpt-image-1', prompt: 'an otter', stream: true, partial_images: 1 } as const;
    const { data, response } = await client.images.generate(request).withResponse();
    const events = await collected(data);
    assert.deepEqual(
      events.map(({ type, b64_json: bytes }) => [type, bytes]),
      [
        ['image_generation.partial_image', 'YQ=='],
        ['image_generation.completed', 'YWI='],
      ],
    );
    const trace = await traceOf(response);
    assert.deepEqual([trace.status, trace.cost_usd], ['completed', IMAGE_COST]);
  });

  it('promise 1: end in an error where the last image never came', async () => {
    upstream.answer({
      headers: SSE_HEADERS,
      chunks: [frames({ type: 'image_generation.partial_image', b64_json: 'YQ==' })],
    });
    const { data, response } = await client.images
      .generate({ model: 'gpt-image-1', prompt: 'an otter', stream: true })
      .withResponse();
    const error = await thrownBy(collected(data), OpenAI.APIError);
    assert.match(error.message, /ended before the answer was complete/);
    const trace = await traceOf(response);
    assert.deepEqual([trace.status, trace.cost_known], ['failed', false]);
  });
});

describe('speech with the official client', () => {
  const REQUEST = { model: 'tts-1', input: 'Hello, dear reader', voice: 'alloy' } as const;

  it('is a file, byte for byte, billed by the characters that were spoken', async () => {
    const audio = Buffer.from(Array.from({ length: 3000 }, (_, at) => at % 256));
    upstream.answer({
      headers: { 'content-type': 'audio/mpeg' },
      chunks: [audio.subarray(0, 1000), audio.subarray(1000)],
    });
    const response = await client.audio.speech.create(REQUEST);
    assert.equal(response.headers.get('content-type'), 'audio/mpeg');
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), audio);
    assert.deepEqual(sent(), { path: '/v1/audio/speech', body: REQUEST });
    const trace = await traceOf(response);
    // 18 characters of $15 a million
    assert.equal(trace.cost_usd, 0.00027);
    assert.equal(trace.attempts[0]?.usage_source, 'assumed');
  });

  it('promise 1: is cut where its provider cut it', async () => {
    upstream.answer({ headers: { 'content-type': 'audio/mpeg' }, chunks: [Buffer.alloc(1000)], ending: 'cut' });
    const response = await client.audio.speech.create(REQUEST);
    await assert.rejects(response.arrayBuffer());
    assert.equal((await traceOf(response)).status, 'failed');
  });

  it('comes as events where the request says so', async () => {
    const usage = { input_tokens: 14, output_tokens: 101, total_tokens: 115 };
    upstream.answer({
      headers: SSE_HEADERS,
      chunks: [frames({ type: 'speech.audio.delta', audio: 'YQ==' }, { type: 'speech.audio.done', usage })],
    });
    const response = await client.audio.speech.create({ ...REQUEST, model: 'gpt-4o-mini-tts', stream_format: 'sse' });
    assert.match(await response.text(), /speech\.audio\.done/);
    const trace = await traceOf(response);
    // 14 × $0.60 and 101 × $12 a million
    assert.deepEqual([trace.status, trace.cost_usd], ['completed', 0.0012204]);
  });
});

/** The parts of a form, as text. */
function sentForm(): { path: string; fields: Record<string, string> } {
  const { path = '', body = '', headers = {} } = upstream.received.at(-1) ?? {};
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1] ?? 'none';
  const parts = body.split(`--${boundary}`).slice(1, -1);
  const fields = parts.map((part): [string, string] => {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    return [/name="([^"]+)"/.exec(head)?.[1] ?? '', rest.join('\r\n\r\n').replace(/\r\n$/, '')];
  });
  return { path, fields: Object.fromEntries(fields) };
}

function wave(): File {
  return new File(['RIFF....WAVE'], 'a.wav', { type: 'audio/wav' });
}

describe('forms with the official client', () => {
  it('transcribe a file, and are billed by its length', async () => {
    answerJson({ text: 'Hello', usage: { type: 'duration', seconds: 37 } });
    const request = { model: 'gpt/whisper-1', file: wave(), language: 'en' };
    const { data, response } = await client.audio.transcriptions.create(request).withResponse();
    assert.equal(data.text, 'Hello');
    const { path, fields } = sentForm();
    assert.equal(path, '/v1/audio/transcriptions');
    assert.deepEqual(fields, { model: 'whisper-1', file: 'RIFF....WAVE', language: 'en' });
    const trace = await traceOf(response);
    // 37 s of $0.006 a minute
    assert.equal(trace.cost_usd, 0.0037);
  });

  it('are answered with subtitles as they came, of unknown length', async () => {
    const subtitles = '1\n00:00:00,000 --> 00:00:01,000\nHello\n';
    upstream.answer({ headers: { 'content-type': 'text/plain; charset=utf-8' }, chunks: [subtitles] });
    const request = { model: 'whisper-1', file: wave(), response_format: 'srt' } as const;
    const { data, response } = await client.audio.transcriptions.create(request).withResponse();
    assert.equal(data, subtitles);
    assert.equal((await traceOf(response)).cost_known, false);
  });

  it('stream a transcript with what it took', async () => {
    const usage = {
      type: 'tokens',
      input_tokens: 14,
      input_token_details: { text_tokens: 4, audio_tokens: 10 },
      output_tokens: 2,
    };
    upstream.answer({
      headers: SSE_HEADERS,
      chunks: [
        frames({ type: 'transcript.text.delta', delta: 'Hel' }, { type: 'transcript.text.delta', delta: 'lo' }),
        frames({ type: 'transcript.text.done', text: 'Hello', usage }),
      ],
    });
    const request = { model: 'gpt-4o-transcribe', file: wave(), stream: true } as const;
    const { data, response } = await client.audio.transcriptions.create(request).withResponse();
    const events = await collected(data);
    assert.equal(events.map((event) => (event.type === 'transcript.text.delta' ? event.delta : '')).join(''), 'Hello');
    assert.equal(sentForm().fields['stream'], 'true');
    const trace = await traceOf(response);
    // 14 × $2.50 and 2 × $10 a million
    assert.deepEqual([trace.status, trace.tokens.input, trace.cost_usd], ['completed', 14, 0.000055]);
  });

  it('translate, edit and vary, under the model that is meant where none is named', async () => {
    answerJson({ text: 'Hello' });
    await client.audio.translations.create({ model: 'whisper-1', file: wave() });
    assert.equal(sentForm().path, '/v1/audio/translations');
    const image = new File(['png'], 'a.png', { type: 'image/png' });
    answerJson({ created: 1, data: [{ b64_json: 'aGk=' }], usage: IMAGE_USAGE });
    const { response } = await client.images.edit({ model: 'gpt-image-1', prompt: 'a hat', image }).withResponse();
    assert.deepEqual(sentForm(), {
      path: '/v1/images/edits',
      fields: { model: 'gpt-image-1', prompt: 'a hat', image: 'png' },
    });
    assert.equal((await traceOf(response)).cost_usd, IMAGE_COST);
    await client.images.createVariation({ image });
    assert.deepEqual(sentForm(), { path: '/v1/images/variations', fields: { model: 'dall-e-2', image: 'png' } });
  });

  it('may be JSON where images are named by their address', async () => {
    answerJson({ created: 1, data: [{ b64_json: 'aGk=' }], usage: IMAGE_USAGE });
    const body = { model: 'gpt-image-1', prompt: 'a hat', images: [{ image_url: 'https://images.test/1.png' }] };
    await client.post('/images/edits', { body });
    assert.deepEqual(sent(), { path: '/v1/images/edits', body });
  });
});
