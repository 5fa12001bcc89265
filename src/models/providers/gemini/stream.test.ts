import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../../core/events.ts';
import { fromResponse } from './from-response.ts';
import { PartialArguments } from './partial-arguments.ts';
import { GeminiStreamReader } from './stream.ts';

const HEAD = { modelVersion: 'gemini-3-pro', responseId: 'r' };

function read(...chunks: object[]): { events: StreamEvent[]; complete: boolean } {
  const reader = new GeminiStreamReader();
  const events = chunks.flatMap((chunk) => reader.step({ event: undefined, data: JSON.stringify(chunk) }).events);
  return { events, complete: reader.complete };
}

function candidate(parts: object[], more: object = {}): object {
  return { ...HEAD, candidates: [{ content: { role: 'model', parts }, ...more }] };
}

function part(index: number, text: string, finishReason?: string): object {
  return { index, content: { parts: [{ text }] }, finishReason };
}

describe("a stream of Gemini's", () => {
  it('promise 1: is an error where the model wrote what is no answer, and what it used counts', () => {
    const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 2 };
    const bad = { ...HEAD, candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }], usageMetadata };
    const { events, complete } = read(candidate([{ text: 'a' }]), bad);
    assert.deepEqual(
      events.slice(-2).map(({ type }) => type),
      ['error', 'usage'],
    );
    assert.equal(complete, false);
    const whole = fromResponse('chat', JSON.parse(JSON.stringify(bad)));
    assert.deepEqual([whole.error?.code, whole.usage?.outputTokens], ['provider_bad_response', 2]);
  });

  it('promise 1: is an error where a frame is one, or is no JSON object', () => {
    const [error] = read({ error: { code: 503, message: 'Later.', status: 'UNAVAILABLE' } }).events;
    assert.equal(error?.type === 'error' && error.error.code, 'provider_overloaded');
    const reader = new GeminiStreamReader();
    const [cut] = reader.step({ event: undefined, data: '{"candidates":[' }).events;
    assert.equal(cut?.type === 'error' && cut.error.code, 'provider_bad_response');
  });

  it('ends filtered where the prompt is not let through', () => {
    const blocked = { ...HEAD, promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } };
    const { events, complete } = read(blocked);
    assert.deepEqual(events.at(-1), { type: 'finish', choice: 0, reason: 'content-filter', raw: 'SAFETY' });
    assert.equal(complete, true);
    const whole = fromResponse('chat', JSON.parse(JSON.stringify(blocked)));
    assert.deepEqual([whole.finishReason, whole.error], ['content-filter', undefined]);
    assert.equal(fromResponse('chat', {}).error?.code, 'provider_bad_response');
  });

  it('promise 1: is complete once all its answers are', () => {
    const first = { ...HEAD, candidates: [part(0, 'a', 'STOP'), part(1, 'b')] };
    assert.equal(read(first).complete, false);
    const { events, complete } = read(first, { ...HEAD, candidates: [part(1, 'c', 'MAX_TOKENS')] });
    assert.equal(complete, true);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'finish' ? [[event.choice, event.reason]] : [])),
      [
        [0, 'stop'],
        [1, 'length'],
      ],
    );
  });

  it('counts what was searched and heard, and says how it was served', () => {
    const groundingMetadata = { webSearchQueries: ['a', 'b'] };
    const usageMetadata = {
      promptTokenCount: 100,
      toolUsePromptTokenCount: 20,
      cachedContentTokenCount: 40,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 7,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 60 },
        { modality: 'AUDIO', tokenCount: 30 },
        { modality: 'IMAGE', tokenCount: 10 },
      ],
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 4 }],
      trafficType: 'ON_DEMAND_FLEX',
    };
    const answer = { ...candidate([{ text: 'a' }], { groundingMetadata, finishReason: 'STOP' }), usageMetadata };
    const { events } = read(answer);
    assert.deepEqual(
      events.find(({ type }) => type === 'usage'),
      {
        type: 'usage',
        usage: {
          inputTokens: 120,
          outputTokens: 12,
          cacheReadInputTokens: 40,
          reasoningOutputTokens: 7,
          audioInputTokens: 30,
          cacheReadAudioInputTokens: 4,
          imageInputTokens: 10,
          webSearchRequests: 2,
          serviceTier: 'flex',
        },
      },
    );
    assert.ok(events.some(({ type }) => type === 'other-content'));
    const older = { ...JSON.parse(JSON.stringify(answer)), modelVersion: 'gemini-2.5-pro' };
    assert.equal(fromResponse('chat', older).usage?.webSearchRequests, 1);
  });

  it('promise 2: keeps ids and long numbers of calls, and names those that have none', () => {
    const reader = new GeminiStreamReader();
    const parts =
      '[{"functionCall":{"id":"x","name":"f","args":{"n":12345678901234567890}}},{"functionCall":{"name":"g"}}]';
    const data = `{"responseId":"r","candidates":[{"content":{"parts":${parts}},"finishReason":"STOP"}]}`;
    const { events } = reader.step({ event: undefined, data });
    assert.deepEqual(
      events.filter(({ type }) => type.startsWith('tool-call')),
      [
        { type: 'tool-call-start', choice: 0, index: 0, id: 'x', name: 'f' },
        { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: '{"n":12345678901234567890}' },
        { type: 'tool-call-end', choice: 0, index: 0 },
        { type: 'tool-call-start', choice: 0, index: 1, id: 'call_r_0_1', name: 'g' },
        { type: 'tool-call-delta', choice: 0, index: 1, argumentsText: '{}' },
        { type: 'tool-call-end', choice: 0, index: 1 },
      ],
    );
  });

  it('keeps the proof of a thought with it, and that of a text before it', () => {
    const { events } = read(
      candidate([
        { text: 'Hm.', thought: true, thoughtSignature: 'x' },
        { text: 'Yes', thoughtSignature: 'y' },
      ]),
    );
    assert.deepEqual(events.slice(1), [
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'Hm.' },
      { type: 'reasoning-signature', choice: 0, index: 0, signature: 'gemini:x', redacted: false },
      { type: 'reasoning-signature', choice: 0, index: 1, signature: 'gemini:y', redacted: false },
      { type: 'text-delta', choice: 0, index: 2, text: 'Yes' },
    ]);
  });

  it('reads a count of tokens', () => {
    assert.equal(fromResponse('token-count', { totalTokens: 5 }).error, undefined);
    assert.equal(fromResponse('token-count', {}).error?.code, 'provider_bad_response');
  });
});

function put(...pieces: [path: string, value: object][]): string {
  const partial = new PartialArguments();
  for (const [jsonPath, value] of pieces) partial.add({ jsonPath, ...value });
  return partial.text;
}

describe('arguments in pieces', () => {
  it('find their places, whatever their names', () => {
    const text = put(
      ["$['a.b'][0]", { stringValue: 'x', willContinue: true }],
      ["$['a.b'][0]", { stringValue: 'y' }],
      ["$['a.b'][1].c", { boolValue: false }],
      ['$["it\'s \\"q\\""]', { nullValue: 'NULL_VALUE' }],
      ['$.__proto__.x', { numberValue: 1 }],
      ['$.again', { stringValue: 'one' }],
      ['$.again', { stringValue: 'two' }],
    );
    assert.equal(text, '{"a.b":["xy",{"c":false}],"it\'s \\"q\\"":null,"__proto__":{"x":1},"again":"two"}');
  });

  it('promise 11: do not make lists as long as a provider likes', () => {
    for (const path of ['$.a[1000000000]', '$', 'a', `$${'.a'.repeat(101)}`]) {
      assert.throws(() => put([path, { numberValue: 1 }]), { code: 'provider_bad_response' });
    }
    assert.throws(() => put(['$.a', { numberValue: 1 }], ['$.a.b', { numberValue: 1 }]), {
      code: 'provider_bad_response',
    });
  });
});
