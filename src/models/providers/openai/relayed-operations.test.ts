import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { recordedJson, recordedText, recordingsMissing } from '../../../../test/support/recordings.ts';
import type { CallForm } from '../../../core/call-form.ts';
import type { Operation } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { PRESETS } from '../openai-compatible/presets.ts';
import { DEFAULT_TIMEOUTS, type Endpoint } from '../relay-request.ts';
import { fromResponse } from './from-response.ts';
import { COMPATIBLE_QUIRKS, OPENAI_QUIRKS, type ServerQuirks } from './quirks.ts';
import { toRequest } from './to-request.ts';
import { openAiWire, openaiWire, wiresOf } from './wire.ts';

const ENDPOINT: Endpoint = {
  origin: 'https://api.test',
  basePath: '/v1',
  headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
  timeouts: DEFAULT_TIMEOUTS,
};

function pathOf(operation: Operation, quirks: ServerQuirks, basePath = '/v1'): string {
  const call = makeCall({ operation, json: { model: 'm', prompt: 'a' } });
  return toRequest(call, 'm', { ...ENDPOINT, basePath }, quirks).request.path;
}

function quirksOf(preset: string): ServerQuirks {
  return PRESETS[preset]?.quirks ?? COMPATIBLE_QUIRKS;
}

function wireAt(preset: string): ReturnType<typeof wiresOf> {
  return wiresOf(openaiWire, quirksOf(preset));
}

async function* bytes(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from('--b'));
}

describe('where operations go', () => {
  it('at OpenAI', () => {
    const paths: [Operation, string][] = [
      ['completion', '/v1/completions'],
      ['moderation', '/v1/moderations'],
      ['speech', '/v1/audio/speech'],
      ['transcription', '/v1/audio/transcriptions'],
      ['audio-translation', '/v1/audio/translations'],
      ['image', '/v1/images/generations'],
      ['image-edit', '/v1/images/edits'],
      ['image-variation', '/v1/images/variations'],
    ];
    for (const [operation, path] of paths) assert.equal(pathOf(operation, OPENAI_QUIRKS), path);
  });

  it('at servers that complete texts elsewhere', () => {
    assert.equal(pathOf('completion', quirksOf('mistral')), '/v1/fim/completions');
    for (const base of ['', '/v1', '/beta']) {
      assert.equal(pathOf('completion', quirksOf('deepseek'), base), '/beta/completions');
    }
    assert.equal(pathOf('embeddings', quirksOf('mistral')), '/v1/embeddings');
  });

  it('and which a server has: what nobody knows of is for the server to say', () => {
    assert.ok(wireAt('nobody')('openai', 'rerank'));
    assert.ok(wireAt('deepseek')('openai', 'completion'));
    assert.equal(wireAt('deepseek')('openai', 'speech'), undefined);
    assert.equal(wiresOf(openaiWire, OPENAI_QUIRKS)('openai', 'rerank'), undefined);
    assert.equal(wireAt('nobody')('anthropic', 'completion'), undefined);
    assert.ok(wireAt('nobody')('anthropic', 'chat'));
  });
});

describe('promise 3: what is sent', () => {
  it('is the bytes of the client, with its own order and unknown fields', () => {
    const raw = Buffer.from('{"suffix": "}",  "model":"m","prompt":"{","x":1}');
    const plan = toRequest(
      makeCall({ operation: 'completion', raw, json: { model: 'm' } }),
      'm',
      ENDPOINT,
      OPENAI_QUIRKS,
    );
    assert.deepEqual(plan.request.body, raw);
    assert.deepEqual(plan.patches, []);
  });

  it('asks a stream of completions what it used, and hides the answer', () => {
    const call = makeCall({ operation: 'completion', json: { model: 'm', prompt: 'a', stream: true } });
    const plan = toRequest(call, 'm', ENDPOINT, OPENAI_QUIRKS);
    assert.deepEqual(plan.patches, [{ op: 'set', path: '/stream_options', value: { include_usage: true } }]);
    assert.ok(plan.hideUsageFrame);
    assert.ok(!toRequest(call, 'm', ENDPOINT, quirksOf('mistral')).hideUsageFrame);
  });

  it('names the model that a request means which names none', () => {
    const call = makeCall({
      operation: 'moderation',
      raw: Buffer.from('{"input":"a"}'),
      facts: { model: 'omni-moderation-latest' },
    });
    const { request, patches } = toRequest(call, 'omni-moderation-latest', ENDPOINT, OPENAI_QUIRKS);
    assert.deepEqual(patches, [{ op: 'set', path: '/model', value: 'omni-moderation-latest' }]);
    assert.deepEqual(JSON.parse(Buffer.from(request.body ?? []).toString()), {
      input: 'a',
      model: 'omni-moderation-latest',
    });
  });

  it('is a form with its files, as they come, under another name of the model where it has one', () => {
    const replacedBy: Readonly<Record<string, string>>[] = [];
    const form: CallForm = {
      replayable: false,
      encode(replaced) {
        replacedBy.push(replaced);
        return { contentType: 'multipart/form-data; boundary=b', bytes: bytes() };
      },
    };
    const call = makeCall({ operation: 'transcription', form, json: { model: 'whisper-1', language: 'en' } });
    const same = toRequest(call, 'whisper-1', ENDPOINT, OPENAI_QUIRKS);
    assert.equal(same.request.body, undefined);
    assert.ok(same.request.bodyStream);
    assert.equal(same.request.headers['content-type'], 'multipart/form-data; boundary=b');
    assert.equal(same.request.headers['authorization'], 'Bearer key');
    const other = toRequest(call, 'whisper-large', ENDPOINT, OPENAI_QUIRKS);
    assert.deepEqual(other.patches, [{ op: 'set', path: '/model', value: 'whisper-large' }]);
    assert.deepEqual(replacedBy, [{}, { model: 'whisper-large' }]);
  });
});

describe('whole answers of the other operations', () => {
  const rows: { operation: Operation; body: JsonObject; usage?: object; field: string }[] = [
    { operation: 'completion', field: 'choices', body: { choices: [{ text: 'a', finish_reason: 'stop' }] } },
    { operation: 'moderation', field: 'results', body: { results: [] } },
    { operation: 'audio-translation', field: 'text', body: { text: 'a' } },
    {
      operation: 'transcription',
      field: 'text',
      body: { text: 'a', usage: { type: 'duration', seconds: 37 } },
      usage: { audioSeconds: 37 },
    },
    {
      operation: 'transcription',
      field: 'text',
      body: {
        text: 'a',
        usage: { type: 'tokens', input_tokens: 14, input_token_details: { audio_tokens: 10 }, output_tokens: 2 },
      },
      usage: { inputTokens: 14, audioInputTokens: 10, outputTokens: 2 },
    },
    { operation: 'image-variation', field: 'data', body: { data: [{}, {}] }, usage: { images: 2 } },
    {
      operation: 'image',
      field: 'data',
      body: {
        data: [{}],
        usage: {
          input_tokens: 50,
          output_tokens: 60,
          input_tokens_details: { text_tokens: 10, image_tokens: 40 },
          output_tokens_details: { text_tokens: 8, image_tokens: 52 },
        },
      },
      usage: { inputTokens: 50, imageInputTokens: 40, outputTokens: 60, imageOutputTokens: 52, images: 1 },
    },
  ];
  for (const { operation, body, usage, field } of rows) {
    it(`${operation}: ${JSON.stringify(usage ?? {})}`, () => {
      const reading = fromResponse(operation, body);
      assert.equal(reading.error, undefined);
      assert.deepEqual(reading.usage, usage);
      assert.match(fromResponse(operation, { other: 1 }).error?.message ?? '', new RegExp(`"${field}"`));
      assert.equal(fromResponse(operation, { error: { message: 'no' } }).error?.code, 'provider_error');
    });
  }

  it('promise 6: moderation is free at OpenAI, and nowhere else as far as anybody knows', () => {
    const body = { results: [], usage: { prompt_tokens: 4 } };
    assert.equal(openaiWire.readWhole('moderation', body).usage?.unbilled, true);
    assert.deepEqual(openAiWire({ doneRequired: false }).readWhole('moderation', body).usage, { inputTokens: 4 });
  });
});

describe('recorded answers', { skip: recordingsMissing() }, () => {
  it('of a completion say the same whole and streamed', () => {
    const folder = 'openai/src/completion/__fixtures__';
    const whole = recordedJson(`${folder}/openai-completion-text.json`) as JsonObject;
    const reading = openaiWire.readWhole('completion', whole);
    assert.deepEqual(reading.usage, { inputTokens: 14, outputTokens: 16 });
    assert.equal(reading.finishReason, 'length');
    const lines = recordedText(`${folder}/openai-completion-text.chunks.txt`).split('\n').filter(Boolean);
    const reader = openaiWire.streamReader({ hideUsageFrame: true, operation: 'completion' });
    const readings = lines.map((data) => reader.step({ event: undefined, data }));
    assert.ok(!reader.complete, 'without [DONE] it was cut');
    reader.step({ event: undefined, data: '[DONE]' });
    assert.ok(reader.complete);
    const events = readings.flatMap(({ events: read }) => read);
    const said = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
    const raw = lines.map((line) => textIn(JSON.parse(line) as Json)).join('');
    assert.ok(raw.length > 40);
    assert.equal(said, raw);
    assert.deepEqual(events.at(-1), { type: 'usage', usage: { inputTokens: 14, outputTokens: 16 } });
    assert.ok(events.some((event) => event.type === 'finish' && event.reason === 'length'));
    assert.deepEqual(readings.map(({ hidden }) => hidden).lastIndexOf(true), lines.length - 1);
    assert.equal(readings.filter(({ hidden }) => hidden).length, 1);
  });

  it('of images and transcriptions are answers', () => {
    const image = recordedJson('openai/src/image/__fixtures__/openai-image.json') as JsonObject;
    assert.deepEqual(fromResponse('image', image), {
      responseModel: undefined,
      usage: { images: 2 },
      error: undefined,
      finishReason: undefined,
    });
    const edit = recordedJson('openai/src/image/__fixtures__/openai-image-edit.json') as JsonObject;
    assert.deepEqual(fromResponse('image-edit', edit).usage, { images: 1 });
    const heard = recordedJson('openai/src/transcription/__fixtures__/openai-transcription.json') as JsonObject;
    assert.deepEqual(fromResponse('transcription', heard).usage, { audioSeconds: 37 });
    const mistral = recordedJson('mistral/src/__fixtures__/mistral-transcription.json') as JsonObject;
    assert.equal(fromResponse('transcription', mistral).error, undefined);
    assert.equal(fromResponse('transcription', mistral).responseModel, 'voxtral-mini-latest');
  });
});

function textIn(chunk: Json): string {
  const choices = isJsonObject(chunk) && Array.isArray(chunk['choices']) ? chunk['choices'] : [];
  const [first] = choices;
  return isJsonObject(first) && typeof first['text'] === 'string' ? first['text'] : '';
}
