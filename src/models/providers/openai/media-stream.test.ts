import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Operation } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { Json } from '../../../core/json.ts';
import { MediaStreamReader } from './media-stream.ts';

function read(operation: Operation, frames: readonly Json[]): { events: StreamEvent[]; complete: boolean } {
  const reader = new MediaStreamReader(operation);
  const events = frames.flatMap(
    (data) => reader.step({ event: undefined, data: typeof data === 'string' ? data : JSON.stringify(data) }).events,
  );
  return { events, complete: reader.complete };
}

const PIECE: StreamEvent = { type: 'other-content', choice: 0 };

describe('MediaStreamReader', () => {
  it('reads speech to its end, and what it used', () => {
    const audio = { type: 'speech.audio.delta', audio: 'UklGRg==' };
    const done = { type: 'speech.audio.done', usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 } };
    const { events, complete } = read('speech', [audio, audio, done]);
    assert.deepEqual(events, [
      PIECE,
      PIECE,
      PIECE,
      { type: 'usage', usage: { inputTokens: 14, outputTokens: 101, audioOutputTokens: 101 } },
    ]);
    assert.ok(complete);
  });

  it('reads a transcript with its text, and ends with [DONE] where the server says it', () => {
    const { events, complete } = read('transcription', [
      { type: 'transcript.text.delta', delta: 'I see' },
      { type: 'transcript.text.segment', text: 'I see', speaker: 'A' },
      {
        type: 'transcript.text.done',
        text: 'I see',
        usage: {
          type: 'tokens',
          input_tokens: 14,
          input_token_details: { text_tokens: 4, audio_tokens: 10 },
          output_tokens: 2,
          total_tokens: 16,
        },
      },
      '[DONE]',
    ]);
    assert.deepEqual(events, [
      { type: 'text-delta', choice: 0, index: 0, text: 'I see' },
      PIECE,
      PIECE,
      { type: 'usage', usage: { inputTokens: 14, outputTokens: 2, audioInputTokens: 10 } },
      { type: 'end' },
    ]);
    assert.ok(complete);
  });

  it('reads images, each of which is counted', () => {
    const usage = {
      total_tokens: 100,
      input_tokens: 50,
      output_tokens: 50,
      input_tokens_details: { text_tokens: 10, image_tokens: 40 },
    };
    const { events, complete } = read('image-edit', [
      { type: 'image_edit.partial_image', b64_json: 'aa', partial_image_index: 0 },
      { type: 'image_edit.completed', b64_json: 'bb', usage },
      { type: 'image_edit.completed', b64_json: 'cc', usage },
    ]);
    const counts = { inputTokens: 50, outputTokens: 50, imageInputTokens: 40, imageOutputTokens: 50 };
    assert.deepEqual(
      events.filter(({ type }) => type === 'usage'),
      [1, 2].map((images) => ({ type: 'usage', usage: { ...counts, images } })),
    );
    assert.ok(complete);
  });

  it("reads Mistral's and vLLM's transcripts", () => {
    const mistral = read('transcription', [
      { type: 'transcription.text.delta', text: 'Hi' },
      { type: 'transcription.done', text: 'Hi', usage: { prompt_audio_seconds: 3, prompt_tokens: 5 } },
    ]);
    assert.ok(mistral.complete);
    assert.deepEqual(mistral.events.at(-1), { type: 'usage', usage: { inputTokens: 5, audioSeconds: 3 } });
    const chunk = { object: 'transcription.chunk', choices: [{ delta: { content: 'Hi' }, finish_reason: null }] };
    const vllm = read('transcription', [chunk, '[DONE]']);
    assert.deepEqual(vllm.events, [{ type: 'text-delta', choice: 0, index: 0, text: 'Hi' }, { type: 'end' }]);
  });

  it('promise 1: is not complete before the last event, and an error is one', () => {
    assert.ok(!read('speech', [{ type: 'speech.audio.delta', audio: 'aa' }]).complete);
    assert.ok(!read('transcription', [{ type: 'transcript.text.delta', delta: 'a' }]).complete);
    assert.ok(!read('image', [{ type: 'image_generation.partial_image', b64_json: 'a' }]).complete);
    for (const frame of [
      { type: 'error', error: { message: 'no' } },
      { type: 'error', message: 'no' },
    ]) {
      const { events, complete } = read('image', [frame]);
      assert.equal(events[0]?.type, 'error');
      assert.ok(!complete);
    }
    assert.equal(read('image', ['<html>']).events[0]?.type, 'error');
  });
});
