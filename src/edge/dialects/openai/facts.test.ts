import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Operation } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import { readFacts } from './facts.ts';

describe("the facts of OpenAI's other operations", () => {
  it('are a model, and what is to be worked on', () => {
    const refused: [Operation, JsonObject, RegExp][] = [
      ['completion', { model: 'm' }, /`prompt` must be/],
      ['moderation', {}, /`input` must be/],
      ['speech', { model: 'm', input: '' }, /`input` must be the text to speak/],
      ['image', { model: 'm' }, /`prompt` must be/],
      ['transcription', {}, /`model` must be/],
      ['speech', { input: 'a' }, /`model` must be/],
    ];
    for (const [operation, body, message] of refused) {
      assert.throws(() => readFacts(body, operation), { code: 'request_invalid', message }, operation);
    }
    for (const prompt of ['', null, ['a'], [1, 2]]) {
      assert.equal(readFacts({ model: 'm', prompt }, 'completion').model, 'm');
    }
  });

  it('have a model of their own where OpenAI lets it be left out', () => {
    const meant: [Operation, JsonObject, string][] = [
      ['moderation', { input: 'a' }, 'omni-moderation-latest'],
      ['moderation', { input: 'a', model: null }, 'omni-moderation-latest'],
      ['moderation', { input: 'a', model: 'house' }, 'house'],
      ['image', { prompt: 'a' }, 'dall-e-2'],
      ['image', { prompt: 'a', background: 'opaque' }, 'gpt-image-1.5'],
      ['image-edit', { prompt: 'a' }, 'gpt-image-1.5'],
      ['image-variation', {}, 'dall-e-2'],
    ];
    for (const [operation, body, model] of meant) assert.equal(readFacts(body, operation).model, model, operation);
  });

  it('say whether a form asks for a stream, in which all is text', () => {
    for (const [stream, asked] of [
      ['true', true],
      ['True', true],
      ['1', true],
      ['false', false],
      ['', false],
      [true, true],
    ] as const) {
      assert.equal(readFacts({ model: 'm', stream, metadata: 'x' }, 'transcription').stream, asked, String(stream));
    }
    assert.throws(() => readFacts({ model: 'm', prompt: 'a', stream: 'true' }, 'completion'), /`stream` must be/);
    assert.ok(readFacts({ model: 'm', input: 'a', stream_format: 'sse' }, 'speech').stream);
    assert.ok(!readFacts({ model: 'm', input: 'a' }, 'speech').stream);
  });
});
