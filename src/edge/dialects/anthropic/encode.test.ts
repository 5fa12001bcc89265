import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import * as fc from '../../../../test/support/fast-check.ts';

import {
  anyAnswer,
  args,
  call,
  called,
  finish,
  thought,
  signed,
  text,
} from '../../../../test/support/answer-events.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import type { InferenceRequest, ReasoningRequest } from '../../../core/inference/request.ts';
import { RAW_ARGUMENTS } from '../../../core/inference/tool-arguments.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { encodeAnswer } from './encode-answer.ts';
import { STOP_REASONS } from './finish-reasons.ts';
import { AnthropicStreamEncoder } from './stream-encoder.ts';

const END: StreamEvent = { type: 'end' };
const THINKING: ReasoningRequest = { enabled: 'adaptive' };

function contextWith(reasoning?: ReasoningRequest): AnswerContext {
  const request: InferenceRequest = {
    messages: [],
    tools: [],
    ...(reasoning ? { reasoning } : {}),
    stream: true,
    includeUsage: true,
    fields: {},
    notes: [],
  };
  return { requestId: 'r1', createdAt: 0, model: 'asked', request };
}

function contentOf(events: readonly StreamEvent[], asked?: ReasoningRequest): Json | undefined {
  return encodeAnswer(events, contextWith(asked))['content'];
}

function stopReasonOf(...events: StreamEvent[]): Json | undefined {
  return encodeAnswer(events, contextWith())['stop_reason'];
}

function streamOf(events: readonly StreamEvent[], context = contextWith()): string {
  const encoder = new AnthropicStreamEncoder(context);
  return events.map((event) => encoder.push([event])).join('') + encoder.end();
}

/** The events of a stream; each frame has to be one. */
function framesOf(stream: string): JsonObject[] {
  return stream
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => {
      const [, event, data] = /^event: (\w+)\ndata: (.+)$/.exec(frame) ?? [];
      const body = JSON.parse(data ?? '') as JsonObject;
      assert.equal(body['type'], event);
      return body;
    });
}

/** What the official client makes of it; it reads one event a line. */
async function accumulated(frames: readonly JsonObject[]): Promise<JsonObject> {
  const lines = frames.map((frame) => Buffer.from(`${JSON.stringify(frame)}\n`));
  const message = await MessageStream.fromReadableStream(ReadableStream.from(lines)).finalMessage();
  const { parsed_output: ours, ...accumulatedMessage } = JSON.parse(JSON.stringify(message)) as JsonObject;
  assert.ok(ours === null || ours === undefined);
  return accumulatedMessage;
}

function assertSequential(frames: readonly JsonObject[]): void {
  let next = 0;
  let open: number | undefined;
  assert.deepEqual(
    [frames[0]?.['type'], frames.at(-2)?.['type'], frames.at(-1)?.['type']],
    ['message_start', 'message_delta', 'message_stop'],
  );
  for (const { type, index } of frames.slice(1, -2)) {
    if (type === 'content_block_start') {
      assert.deepEqual([open, index], [undefined, next]);
      open = next;
      next += 1;
    } else assert.equal(index, open);
    if (type === 'content_block_stop') open = undefined;
  }
  assert.equal(open, undefined);
}

test('a stream, frame by frame', () => {
  const frames = framesOf(
    streamOf([
      { type: 'message-start', id: 'chatcmpl-1', model: 'gpt' },
      text(0, 'Hel'),
      text(0, 'lo'),
      finish('stop'),
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 2, cacheReadInputTokens: 4, reasoningOutputTokens: 1 } },
      END,
    ]),
  );
  assert.deepEqual(
    frames.map(({ type }) => type),
    [
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ],
  );
  assert.deepEqual(frames[0]?.['message'], {
    id: 'chatcmpl-1',
    type: 'message',
    role: 'assistant',
    model: 'gpt',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: {
      input_tokens: 0,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      output_tokens: 0,
      server_tool_use: null,
      output_tokens_details: null,
      cache_creation: null,
      inference_geo: null,
      service_tier: null,
      speed: null,
    },
  });
  assert.deepEqual(frames.at(-2), {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null },
    usage: {
      input_tokens: 6,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: 4,
      output_tokens: 2,
      server_tool_use: null,
      output_tokens_details: { thinking_tokens: 1 },
    },
  });
});

test('input that is known before the first word stands in message_start', () => {
  const [start] = framesOf(
    streamOf([{ type: 'message-start' }, { type: 'usage', usage: { inputTokens: 7 } }, text(0, 'a'), finish('stop')]),
  );
  const message = start?.['message'] as JsonObject;
  assert.deepEqual([message['id'], message['model']], ['msg_r1', 'asked']);
  assert.equal((message['usage'] as JsonObject)['input_tokens'], 7);
});

test('text streams as it comes, and so does the first of parallel tool calls', () => {
  const encoder = new AnthropicStreamEncoder(contextWith());
  assert.match(encoder.push([text(0, 'a')]), /"text":"a"/);
  assert.match(encoder.push([call(1, 'x')]), /"id":"x"/);
  assert.match(encoder.push([args(1, '{"a')]), /partial_json/);
  assert.equal(encoder.push([call(2, 'y'), args(2, '{}'), text(3, 'later')]), '');
  assert.match(encoder.push([args(1, '":1}')]), /"index":1/);
  const rest = framesOf(encoder.push([finish('tool-calls')]));
  assert.deepEqual(
    rest.map(({ index }) => index),
    [1, 2, 2, 2, 3, 3, 3],
  );
});

test('promise 2: empty, exact and broken arguments', () => {
  const events = [
    call(0, 'a'),
    called(0),
    call(1, 'b'),
    args(1, '{"id":12345678901234567890}'),
    call(2, 'c'),
    args(2, '{"cut":'),
    finish('tool-calls'),
    END,
  ];
  const caller = { type: 'direct' };
  assert.equal(
    JSON.stringify(contentOf(events)),
    JSON.stringify([
      { type: 'tool_use', id: 'a', name: 'f', input: {}, caller },
      { type: 'tool_use', id: 'b', name: 'f', input: { id: 0 }, caller },
      { type: 'tool_use', id: 'c', name: 'f', input: { [RAW_ARGUMENTS]: '{"cut":' }, caller },
    ]).replace('"id":0', '"id":12345678901234567890'),
  );
  const pieces = framesOf(streamOf(events)).filter(({ type }) => type === 'content_block_delta');
  assert.deepEqual(
    pieces.map(({ index, delta }) => [index, (delta as JsonObject)['partial_json']]),
    [
      [1, '{"id":12345678901234567890}'],
      [2, '{"cut":'],
    ],
  );
});

test('a call without an id gets one of its own', () => {
  const content = contentOf([call(0, ''), call(1, ''), finish('stop')]) as JsonObject[];
  assert.deepEqual(
    content.map(({ id }) => id),
    ['toolu_r1_1', 'toolu_r1_2'],
  );
});

test('reasoning is shown to those who asked for it', () => {
  const events = [thought(0, 'hm'), signed(0, 's'), thought(1, 'so'), text(2, 'a'), signed(3, 'x', true), END];
  const answer = { type: 'text', text: 'a', citations: null };
  const shown = [
    { type: 'thinking', thinking: 'hm', signature: 's' },
    { type: 'thinking', thinking: 'so', signature: UNSIGNED },
    answer,
    { type: 'redacted_thinking', data: 'x' },
  ];
  for (const asked of [THINKING, { enabled: true, budgetTokens: 1024 }, { effort: 'low' }] as const) {
    assert.deepEqual(contentOf(events, asked), shown);
  }
  for (const asked of [
    undefined,
    { enabled: false },
    { enabled: true, display: 'omitted' },
    { effort: 'none' },
  ] as const) {
    assert.deepEqual(contentOf(events, asked), [answer]);
  }
});

test('a signature comes before the end of its block', () => {
  const frames = framesOf(streamOf([thought(0, 'hm'), signed(0, 's'), text(1, 'a'), END], contextWith(THINKING)));
  const deltas = frames.map(({ index, delta }) => [index, isJsonObject(delta) ? delta['type'] : undefined]);
  assert.deepEqual(deltas.slice(1, 5), [
    [0, undefined],
    [0, 'thinking_delta'],
    [0, 'signature_delta'],
    [0, undefined],
  ]);
});

test('why an answer ended', () => {
  for (const [reason, said] of Object.entries(STOP_REASONS)) {
    assert.equal(stopReasonOf(text(0, 'a'), finish(reason as FinishReason)), said);
  }
  assert.equal(stopReasonOf(text(0, 'a')), 'end_turn');
  assert.equal(stopReasonOf(call(0, 'a'), finish('stop')), 'tool_use');
  assert.equal(stopReasonOf(call(0, 'a'), finish('length')), 'max_tokens');
  const refusal: StreamEvent = { type: 'refusal-delta', choice: 0, text: 'No.' };
  assert.equal(stopReasonOf(refusal, finish('stop')), 'refusal');
  assert.deepEqual(contentOf([refusal, refusal]), [{ type: 'text', text: 'No.No.', citations: null }]);
});

test('other choices and empty pieces are not written', () => {
  const events: StreamEvent[] = [
    text(0, ''),
    { type: 'text-delta', choice: 1, index: 0, text: 'other' },
    { type: 'tool-call-start', choice: 1, index: 1, id: 'x', name: 'f' },
    { type: 'finish', choice: 1, reason: 'length' },
    args(5, 'of no call'),
    { type: 'other-content', choice: 0 },
    { type: 'error', error: new GatewayError('provider_error') },
  ];
  assert.deepEqual(contentOf(events), []);
  assert.equal(stopReasonOf(...events), 'end_turn');
});

test('usage says what cached beside what was read anew, by lifetime where that is known', () => {
  const usage = { inputTokens: 100, outputTokens: 5, cacheReadInputTokens: 60, cacheCreationInputTokens: 30 };
  const event: StreamEvent = { type: 'usage', usage: { ...usage, cacheCreation1hInputTokens: 10 } };
  const counts = encodeAnswer([event], contextWith())['usage'] as JsonObject;
  assert.deepEqual(
    [counts['input_tokens'], counts['cache_read_input_tokens'], counts['cache_creation_input_tokens']],
    [10, 60, 30],
  );
  assert.deepEqual(counts['cache_creation'], { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 });
});

test('promise 2: a stream that the official client accumulates is the whole answer, however its parts interleave', async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, fc.constantFrom(undefined, THINKING), async (events, asked) => {
      const context = contextWith(asked);
      const frames = framesOf(streamOf(events, context));
      assertSequential(frames);
      assert.deepEqual(await accumulated(frames), JSON.parse(JSON.stringify(encodeAnswer(events, context))));
    }),
    { numRuns: 300 },
  );
});

test('pieces that are pushed together are written as those that come one by one', () => {
  fc.assert(
    fc.property(anyAnswer, (events) => {
      const together = new AnthropicStreamEncoder(contextWith(THINKING));
      assert.equal(together.push(events) + together.end(), streamOf(events, contextWith(THINKING)));
    }),
  );
});
