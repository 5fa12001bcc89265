import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type FunctionCall, GenerateContentResponse } from '@google/genai';

import {
  anyAnswer,
  args,
  call,
  called,
  finish,
  signed,
  text,
  thought,
} from '../../../../test/support/answer-events.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { makeInference } from '../../../../test/support/make-inference.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import type { AssistantPart } from '../../../core/inference/content.ts';
import { sealForGemini } from '../../../core/inference/gemini-seal.ts';
import { RAW_ARGUMENTS } from '../../../core/inference/tool-arguments.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { decode } from './decode.ts';
import { encodeAnswer } from './encode-answer.ts';
import { FINISH_REASONS } from './finish-reasons.ts';
import { GeminiStreamEncoder } from './stream-encoder.ts';

const END: StreamEvent = { type: 'end' };

function contextWith(showsThoughts = false): AnswerContext {
  const asked = showsThoughts ? ({ reasoning: { display: 'summarized' } } as const) : {};
  const request = makeInference({ messages: [], ...asked, stream: true, includeUsage: true });
  return { requestId: 'r1', createdAt: 0, model: 'asked', request };
}

function streamOf(events: readonly StreamEvent[], context = contextWith()): string {
  const encoder = new GeminiStreamEncoder(context);
  return events.map((event) => encoder.push([event])).join('') + encoder.end();
}

/** The chunks of a stream. */
function framesOf(stream: string): JsonObject[] {
  return stream
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => JSON.parse(/^data: (.+)$/.exec(frame)?.[1] ?? '') as JsonObject);
}

function candidatesOf({ candidates }: JsonObject): JsonObject[] {
  return (candidates as Json[]).filter(isJsonObject);
}

/** What a client that collects an answer sends back of it. */
function contentsOf(...answers: JsonObject[]): JsonObject[] {
  return answers.map((answer) => candidatesOf(answer)[0]?.['content'] as JsonObject);
}

function partsOf(events: readonly StreamEvent[], showsThoughts = false): Json | undefined {
  return contentsOf(encodeAnswer(events, contextWith(showsThoughts)))[0]?.['parts'];
}

function finishOf(...events: StreamEvent[]): Json | undefined {
  return candidatesOf(encodeAnswer(events, contextWith()))[0]?.['finishReason'];
}

/** The turn of the assistant that other providers are told of. */
function turnOf(contents: JsonObject[]): readonly AssistantPart[] {
  const { messages } = decode({ contents: JSON.parse(JSON.stringify(contents)) as Json }, {});
  return messages.flatMap((message) => (message.role === 'assistant' ? message.content : []));
}

test('a stream, frame by frame', () => {
  const stream = streamOf([
    { type: 'message-start', id: 'chatcmpl-1', model: 'gpt' },
    text(0, 'Hel'),
    text(0, 'lo'),
    finish('stop'),
    { type: 'usage', usage: { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 4, reasoningOutputTokens: 3 } },
    END,
  ]);
  const foot = { modelVersion: 'gpt', responseId: 'chatcmpl-1' };
  const chunk = (said: string): JsonObject => {
    return { candidates: [{ content: { parts: [{ text: said }], role: 'model' }, index: 0 }], ...foot };
  };
  assert.deepEqual(framesOf(stream), [
    chunk('Hel'),
    chunk('lo'),
    {
      candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
      usageMetadata: {
        promptTokenCount: 10,
        candidatesTokenCount: 2,
        thoughtsTokenCount: 3,
        cachedContentTokenCount: 4,
        totalTokenCount: 15,
      },
      ...foot,
    },
  ]);
});

test('an answer without anything has one candidate, and what nobody reported is not there', () => {
  assert.deepEqual(encodeAnswer([END], contextWith()), {
    candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'OTHER', index: 0 }],
    modelVersion: 'asked',
    responseId: 'r1',
  });
});

test('text streams as it comes, and a call when its arguments are whole', () => {
  const encoder = new GeminiStreamEncoder(contextWith());
  assert.match(encoder.push([text(0, 'a')]), /"text":"a"/);
  assert.equal(encoder.push([call(1, 'x'), args(1, '{"a')]), '');
  assert.equal(encoder.push([call(2, 'y'), args(2, '{}'), called(2), text(3, 'later')]), '');
  const parts = contentsOf(...framesOf(encoder.push([args(1, '":1}'), called(1)]))).flatMap((one) => one['parts']);
  assert.deepEqual(parts, [
    { functionCall: { id: 'x', name: 'f', args: { a: 1 } } },
    { functionCall: { id: 'y', name: 'f', args: {} } },
    { text: 'later' },
  ]);
});

test('promise 2: empty, exact and broken arguments, and calls without an id', () => {
  const events = [
    call(0, ''),
    called(0),
    call(1, 'b'),
    args(1, '{"id":12345678901234567890}'),
    call(2, 'c'),
    args(2, '{"cut":'),
    finish('tool-calls'),
    END,
  ];
  const written = JSON.stringify([
    { functionCall: { id: 'call_r1_0_1', name: 'f', args: {} } },
    { functionCall: { id: 'b', name: 'f', args: { id: 0 } } },
    { functionCall: { id: 'c', name: 'f', args: { [RAW_ARGUMENTS]: '{"cut":' } } },
  ]).replace('"id":0', '"id":12345678901234567890');
  assert.equal(JSON.stringify(partsOf(events)), written);
  assert.ok(streamOf(events).includes('12345678901234567890'));
});

test('thoughts are shown to those who asked for them', () => {
  const events = [thought(0, 'h'), thought(0, 'm'), text(1, 'a'), finish('stop')];
  assert.deepEqual(partsOf(events, true), [{ text: 'hm', thought: true }, { text: 'a' }]);
  assert.deepEqual(partsOf(events), [{ text: 'a' }]);
});

function own(index: number, signature: string): StreamEvent {
  return signed(index, `gemini:${signature}`);
}

test("Gemini's own signatures stand on the part that they belong to", () => {
  const events = [
    thought(0, 'hm'),
    own(0, 'AAAA'),
    own(1, 'BBBB'),
    text(2, 'a'),
    own(3, 'CCCC'),
    call(4, 'x'),
    called(4),
    own(5, 'DDDD'),
    own(6, 'EEEE'),
    finish('stop'),
  ];
  const rest = [
    { text: 'a', thoughtSignature: 'BBBB' },
    { functionCall: { id: 'x', name: 'f', args: {} }, thoughtSignature: 'CCCC' },
    { text: '', thoughtSignature: 'DDDD' },
    { text: '', thoughtSignature: 'EEEE' },
  ];
  assert.deepEqual(partsOf(events, true), [{ text: 'hm', thought: true, thoughtSignature: 'AAAA' }, ...rest]);
  assert.deepEqual(partsOf(events), [{ text: '', thoughtSignature: 'AAAA' }, ...rest]);
});

test("other protocols' proofs are sealed with their thoughts, on the part behind them", () => {
  const events = [
    thought(0, 'hm'),
    signed(0, 'sig'),
    signed(1, 'x', true),
    call(2, 'a'),
    called(2),
    signed(3, 'responses:y', true),
    finish('tool-calls'),
  ];
  const first = sealForGemini([
    { type: 'reasoning', text: 'hm', signature: 'sig' },
    { type: 'reasoning', text: '', redacted: 'x' },
  ]);
  const second = sealForGemini([{ type: 'reasoning', text: '', redacted: 'responses:y' }]);
  assert.deepEqual(partsOf(events), [
    { functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: first },
    { text: '', thoughtSignature: second },
  ]);
});

test('what the provider runs itself is not for the client to run', () => {
  const served: StreamEvent = { type: 'tool-call-start', choice: 0, index: 0, id: 's', name: 'search', served: true };
  assert.deepEqual(partsOf([served, args(0, '{}'), called(0), text(1, 'a'), finish('stop')]), [{ text: 'a' }]);
});

test('why an answer ended', () => {
  for (const [reason, said] of Object.entries(FINISH_REASONS)) {
    assert.equal(finishOf(text(0, 'a'), finish(reason as FinishReason)), said);
  }
  const refusal: StreamEvent = { type: 'refusal-delta', choice: 0, text: 'No.' };
  assert.equal(finishOf(refusal, finish('stop')), 'SAFETY');
  assert.deepEqual(partsOf([refusal, refusal]), [{ text: 'No.No.' }]);
});

test('several answers are as many candidates', () => {
  const events: StreamEvent[] = [
    { type: 'text-delta', choice: 1, index: 0, text: 'b' },
    text(0, 'a'),
    { type: 'finish', choice: 1, reason: 'length' },
    finish('stop'),
    { type: 'error', error: new GatewayError('provider_error') },
    END,
  ];
  assert.deepEqual(candidatesOf(encodeAnswer(events, contextWith())), [
    { content: { parts: [{ text: 'a' }], role: 'model' }, finishReason: 'STOP', index: 0 },
    { content: { parts: [{ text: 'b' }], role: 'model' }, finishReason: 'MAX_TOKENS', index: 1 },
  ]);
  assert.deepEqual(
    framesOf(streamOf(events)).map((frame) => candidatesOf(frame).map(({ index }) => index)),
    [[1], [0], [0, 1]],
  );
});

/** The calls as the SDK reads them. */
function callsIn(answer: JsonObject): readonly FunctionCall[] {
  return Object.assign(new GenerateContentResponse(), JSON.parse(JSON.stringify(answer))).functionCalls ?? [];
}

function textIn(answer: JsonObject): string {
  const parts = contentsOf(answer).flatMap((content) => content['parts'] as JsonObject[]);
  return parts.map((part) => (part['thought'] ? '' : ((part['text'] as string | undefined) ?? ''))).join('');
}

test('promise 2: a stream says to the official client and to other providers what the whole answer says', () => {
  fc.assert(
    fc.property(anyAnswer, fc.boolean(), (events, showsThoughts) => {
      const context = contextWith(showsThoughts);
      const whole = encodeAnswer(events, context);
      const frames = framesOf(streamOf(events, context));
      assert.equal(frames.map(textIn).join(''), textIn(whole));
      assert.deepEqual(frames.flatMap(callsIn), callsIn(whole));
      assert.deepEqual(turnOf(contentsOf(...frames)), turnOf(contentsOf(whole)));
      const { candidates: _whole, ...said } = whole;
      const { candidates: _last, ...saidLast } = frames.at(-1) ?? {};
      assert.deepEqual(saidLast, said);
      // The SDK drops a turn with a chunk that has no part, or an empty one.
      for (const { parts } of contentsOf(...frames)) assert.ok((parts as JsonObject[]).every(hasFields));
    }),
    { numRuns: 300 },
  );
});

function hasFields(part: JsonObject): boolean {
  return Object.keys(part).length > 0;
}

/** What the events say, read without the encoder: proofs, texts and calls in the order in which they began. */
function saidBy(events: readonly StreamEvent[]): AssistantPart[] {
  const said: { index: number; part: { -readonly [K in string]: unknown } }[] = [];
  const at = (index: number, fresh: JsonObject): { [K in string]: unknown } => {
    let found = said.find((one) => one.index === index);
    if (!found) said.push((found = { index, part: fresh }));
    return found.part;
  };
  let refusals = 0;
  for (const [number, event] of events.entries()) {
    const isNewRefusal = event.type === 'refusal-delta' && events[number - 1]?.type !== 'refusal-delta';
    if (isNewRefusal) refusals += 1;
    switch (event.type) {
      case 'text-delta':
        grow(at(event.index, { type: 'text', text: '' }), 'text', event.text);
        break;
      case 'refusal-delta':
        grow(at(-refusals, { type: 'text', text: '' }), 'text', event.text);
        break;
      case 'reasoning-delta':
        grow(at(event.index, { type: 'reasoning', text: '' }), 'text', event.text);
        break;
      case 'reasoning-signature':
        at(event.index, { type: 'reasoning', text: '' })[event.redacted ? 'redacted' : 'signature'] = event.signature;
        break;
      case 'tool-call-start':
        at(event.index, { type: 'tool-call', id: event.id, name: event.name, argumentsText: '' });
        break;
      case 'tool-call-delta':
        grow(at(event.index, {}), 'argumentsText', event.argumentsText);
        break;
      default:
    }
  }
  return said.map(({ part }) => part as unknown as AssistantPart);
}

function grow(part: { [K in string]: unknown }, name: string, text_: string): void {
  part[name] = String(part[name]) + text_;
}

/** Without thoughts that nothing proves, texts that follow each other as one, and no arguments at all as `{}`. */
function comparable(parts: readonly AssistantPart[]): Json[] {
  const list: JsonObject[] = [];
  for (const part of parts) {
    if (part.type === 'reasoning' && part.signature === undefined && part.redacted === undefined) continue;
    const last = list.at(-1);
    if (part.type === 'text' && last?.['type'] === 'text') last['text'] = `${last['text'] as string}${part.text}`;
    else if (part.type === 'tool-call')
      list.push({ ...part, argumentsText: part.argumentsText || '{}' } as unknown as JsonObject);
    else list.push({ ...part } as unknown as JsonObject);
  }
  return list;
}

test('promise 2: what a client sends back of an answer is what the model said, with its proofs', () => {
  fc.assert(
    fc.property(anyAnswer, fc.boolean(), (events, showsThoughts) => {
      const turn = turnOf(contentsOf(encodeAnswer(events, contextWith(showsThoughts))));
      assert.deepEqual(comparable(turn), comparable(saidBy(events)));
    }),
    { numRuns: 300 },
  );
});

test('pieces that are pushed together are written as those that come one by one', () => {
  fc.assert(
    fc.property(anyAnswer, (events) => {
      const together = new GeminiStreamEncoder(contextWith(true));
      assert.equal(together.push(events) + together.end(), streamOf(events, contextWith(true)));
    }),
  );
});
