import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';

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
import { documentMissing, schemaErrors } from '../../../../test/support/openapi-validator.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { Usage } from '../../../core/usage.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { decode } from './decode.ts';
import { encodeAnswer } from './encode-answer.ts';
import { FINISH_REASONS } from './finish-reasons.ts';
import { OpenAiStreamEncoder } from './stream-encoder.ts';

const END: StreamEvent = { type: 'end' };
const DONE = '[DONE]';

function contextWith(request: Partial<InferenceRequest> = {}): AnswerContext {
  const bare = { messages: [], tools: [], stream: true, includeUsage: true, fields: {}, notes: [] };
  return { requestId: 'r1', createdAt: 1_700_000_000_900, model: 'asked', request: { ...bare, ...request } };
}

const OLDER = contextWith({ fields: { tools: 'functions' } });

function messageOf(events: readonly StreamEvent[], context = contextWith()): JsonObject {
  return choicesOf(encodeAnswer(events, context))[0]?.['message'] as JsonObject;
}

function choicesOf(body: JsonObject): JsonObject[] {
  const choices = body['choices'];
  return Array.isArray(choices) ? choices.filter(isJsonObject) : [];
}

function streamOf(events: readonly StreamEvent[], context = contextWith()): string {
  const encoder = new OpenAiStreamEncoder(context);
  return events.map((event) => encoder.push([event])).join('') + encoder.end();
}

/** The chunks of a stream; each frame has to be one, and the last is the sign that there are no more. */
function chunksOf(stream: string): JsonObject[] {
  const frames = stream.split('\n\n');
  assert.deepEqual(frames.splice(-2), [`data: ${DONE}`, '']);
  return frames.map((frame) => {
    assert.match(frame, /^data: \{[^\n]*\}$/);
    return JSON.parse(frame.slice('data: '.length)) as JsonObject;
  });
}

function deltasOf(events: readonly StreamEvent[], context = contextWith()): Json[] {
  return chunksOf(streamOf(events, context)).flatMap((chunk) =>
    choicesOf(chunk).map(({ delta, finish_reason }) => (finish_reason === null ? delta : finish_reason) as Json),
  );
}

/** What the official client makes of it; it reads one chunk a line. */
async function accumulated(chunks: readonly JsonObject[]): Promise<JsonObject> {
  const lines = chunks.map((chunk) => Buffer.from(`${JSON.stringify(chunk)}\n`));
  const completion = await ChatCompletionStream.fromReadableStream(ReadableStream.from(lines)).finalChatCompletion();
  return JSON.parse(JSON.stringify(completion)) as JsonObject;
}

/** The client replaces fields that it does not know, so that of this one it has the last piece alone. */
function withWholeReasoning(completion: JsonObject, chunks: readonly JsonObject[]): JsonObject {
  const texts = new Map<Json | undefined, string>();
  for (const { index, delta } of chunks.flatMap(choicesOf)) {
    if (!isJsonObject(delta) || typeof delta['reasoning_content'] !== 'string') continue;
    texts.set(index, (texts.get(index) ?? '') + delta['reasoning_content']);
  }
  for (const { index, message } of choicesOf(completion)) {
    if (texts.has(index) && isJsonObject(message)) message['reasoning_content'] = texts.get(index);
  }
  return completion;
}

/** The client's own additions to what came. */
function withoutParsed(completion: JsonObject): JsonObject {
  for (const { message } of choicesOf(completion)) if (isJsonObject(message)) delete message['parsed'];
  return completion;
}

/** Several answers whose events come in any order among each other. */
const anyAnswers = fc
  .tuple(fc.array(anyAnswer, { minLength: 1, maxLength: 3 }), fc.infiniteStream(fc.nat(2)))
  .map(([answers, order]): StreamEvent[] => {
    const [first = [], ...others] = answers;
    const ending = first.filter(({ type }) => type === 'usage' || type === 'end');
    const queues = [first, ...others].map((events, choice) =>
      events.flatMap((event) => ('choice' in event ? [{ ...event, choice }] : [])),
    );
    const mixed: StreamEvent[] = [{ type: 'message-start', id: 'id', model: 'm' }];
    while (queues.some((queue) => queue.length > 0)) {
      const at = Number(order.next().value) % queues.length;
      const event = (queues[at]?.length ? queues[at] : queues.find((queue) => queue.length > 0))?.shift();
      if (event) mixed.push(event);
    }
    return [...mixed, ...ending];
  });

test('a stream, chunk by chunk', () => {
  const chunks = chunksOf(
    streamOf([
      { type: 'message-start', id: 'msg_1', model: 'claude' },
      text(0, 'Hel'),
      text(0, 'lo'),
      finish('stop'),
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 2, cacheReadInputTokens: 4, reasoningOutputTokens: 1 } },
      END,
    ]),
  );
  const head = { id: 'msg_1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'claude' };
  const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    usage: null,
  });
  assert.deepEqual(chunks, [
    chunk({ role: 'assistant', content: '', refusal: null }),
    chunk({ content: 'Hel' }),
    chunk({ content: 'lo' }),
    chunk({}, 'stop'),
    {
      ...head,
      choices: [],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 2,
        total_tokens: 12,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    },
  ]);
});

function usage(counts: Usage): StreamEvent {
  return { type: 'usage', usage: counts };
}

test('usage is shown to who asked for it, where both counts are known', () => {
  const events = [text(0, 'a'), finish('stop'), usage({ inputTokens: 3 }), usage({ outputTokens: 2 })];
  assert.equal(chunksOf(streamOf(events)).at(-1)?.['usage'] !== undefined, true);
  const unasked = chunksOf(streamOf(events, contextWith({ includeUsage: false })));
  assert.ok(unasked.every((chunk) => !('usage' in chunk)));
  assert.equal(choicesOf(unasked.at(-1) ?? {}).length, 1);
  assert.deepEqual(encodeAnswer(events, contextWith())['usage'], {
    prompt_tokens: 3,
    completion_tokens: 2,
    total_tokens: 5,
  });
  assert.ok(!('usage' in encodeAnswer(events.slice(0, 3), contextWith())));
  assert.deepEqual(chunksOf(streamOf(events.slice(0, 3))).at(-1)?.['usage'], null);
});

describe('promise 2: tool calls', () => {
  it('have their own numbers, ids and names, and interleave', () => {
    const events = [text(0, 'a'), call(1, 'x', 'f'), call(2, 'y', 'g'), args(2, '{"b'), args(1, '{}'), args(2, '":1}')];
    assert.deepEqual(deltasOf([...events, called(1), called(2), finish('tool-calls')]).slice(2), [
      { tool_calls: [{ index: 0, id: 'x', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 1, id: 'y', type: 'function', function: { name: 'g', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{"b' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '":1}' } }] },
      'tool_calls',
    ]);
  });

  it('without arguments have an empty object, and broken ones stay as they are', () => {
    const events = [call(0, 'a'), called(0), call(1, 'b'), args(1, ''), args(1, ' '), call(2, 'c'), args(2, '{"cut')];
    const { tool_calls: calls, content } = messageOf([...events, finish('tool-calls')]);
    assert.equal(content, null);
    assert.deepEqual(calls, [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'b', type: 'function', function: { name: 'f', arguments: ' {}' } },
      { id: 'c', type: 'function', function: { name: 'f', arguments: '{"cut' } },
    ]);
  });

  it('get an id where the provider gave none', () => {
    const { tool_calls: calls } = messageOf([call(0, ''), call(1, ''), finish('stop')]);
    assert.deepEqual(
      (calls as JsonObject[]).map(({ id }) => id),
      ['call_r1_0_0', 'call_r1_0_1'],
    );
  });

  it('are shown as `function_call` to who asked in that form', () => {
    const events = [call(0, 'x', 'f'), args(0, '{"a":'), args(0, '1}'), finish('tool-calls')];
    assert.deepEqual(deltasOf(events, OLDER).slice(1), [
      { function_call: { name: 'f', arguments: '' } },
      { function_call: { arguments: '{"a":' } },
      { function_call: { arguments: '1}' } },
      'function_call',
    ]);
    const message = messageOf(events, OLDER);
    assert.deepEqual(message['function_call'], { name: 'f', arguments: '{"a":1}' });
    assert.ok(!('tool_calls' in message));
    const two = messageOf([call(0, 'x', 'f'), call(1, 'y', 'g'), finish('tool-calls')], OLDER);
    assert.deepEqual(two['tool_calls'], [{ id: 'y', type: 'function', function: { name: 'g', arguments: '{}' } }]);
  });
});

describe('reasoning', () => {
  const events = [thought(0, 'h'), thought(0, 'm'), signed(0, 'sig'), signed(1, 'sealed', true), thought(2, 'so')];

  it('is text as it comes, and once whole with its proofs', () => {
    assert.deepEqual(deltasOf([...events, text(3, 'a'), finish('stop')]), [
      { role: 'assistant', content: null, refusal: null },
      { reasoning_content: 'h' },
      { reasoning_content: 'm' },
      { reasoning_content: 'so' },
      { content: 'a' },
      {
        causeway_reasoning: [
          { type: 'text', text: 'hm', signature: 'sig' },
          { type: 'redacted', data: 'sealed' },
          { type: 'text', text: 'so' },
        ],
      },
      'stop',
    ]);
  });

  it('without a proof has no list', () => {
    const message = messageOf([thought(0, 'hm'), text(1, 'a'), finish('stop')]);
    assert.deepEqual(message, { role: 'assistant', content: 'a', refusal: null, reasoning_content: 'hm' });
  });

  it('comes back as it was when a client sends the message again', () => {
    const message = messageOf([...events, text(3, 'a'), finish('stop')]);
    const { messages } = decode({ messages: [message] });
    assert.deepEqual(messages[0]?.content, [
      { type: 'reasoning', text: 'hm', signature: 'sig' },
      { type: 'reasoning', text: '', redacted: 'sealed' },
      { type: 'reasoning', text: 'so' },
      { type: 'text', text: 'a' },
    ]);
  });
});

test('an answer without content is an empty text, and one without an end has stopped', () => {
  const empty = { role: 'assistant', content: '', refusal: null };
  assert.deepEqual(deltasOf([finish('length')]), [empty, 'length']);
  assert.deepEqual(messageOf([finish('length')]), empty);
  assert.deepEqual(deltasOf([]), [empty, 'stop']);
  assert.deepEqual(deltasOf([text(0, 'a'), finish('length'), finish('stop'), END]).slice(1), [
    { content: 'a' },
    'length',
  ]);
  assert.deepEqual(messageOf([thought(0, 'hm'), finish('length')])['content'], '');
});

test('an error is not written here', () => {
  assert.equal(
    new OpenAiStreamEncoder(contextWith()).push([{ type: 'error', error: new GatewayError('provider_error') }, END]),
    '',
  );
});

test('finish reasons', () => {
  for (const [reason, expected] of Object.entries(FINISH_REASONS) as [FinishReason, string][]) {
    assert.equal(deltasOf([text(0, 'a'), finish(reason)]).at(-1), expected);
    const afterCall = expected === 'stop' ? 'tool_calls' : expected;
    assert.equal(deltasOf([call(0, 'x'), finish(reason)]).at(-1), afterCall);
  }
  const refused: StreamEvent = { type: 'refusal-delta', choice: 0, text: 'no' };
  assert.deepEqual(messageOf([refused, finish('refusal')]), { role: 'assistant', content: null, refusal: 'no' });
});

test('promise 2: the official client reads of a stream what the whole answer says', async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswers, fc.boolean(), async (events, includeUsage) => {
      const context = contextWith({ includeUsage });
      const chunks = chunksOf(streamOf(events, context));
      const { usage: counts, ...whole } = encodeAnswer(events, context);
      const read = withoutParsed(withWholeReasoning(await accumulated(chunks), chunks));
      const expected = includeUsage ? { ...whole, usage: counts ?? null } : whole;
      assert.deepEqual(read, JSON.parse(JSON.stringify(expected)));
    }),
    { numRuns: 200 },
  );
});

test('promise 2: however events are handed over, the frames are the same', () => {
  fc.assert(
    fc.property(anyAnswers, (events) => {
      const encoder = new OpenAiStreamEncoder(contextWith());
      assert.equal(encoder.push(events) + encoder.end(), streamOf(events));
    }),
  );
});

test("chunks and answers are valid by OpenAI's OpenAPI document", { skip: documentMissing('openai') }, () => {
  fc.assert(
    fc.property(anyAnswers, fc.constantFrom(contextWith(), OLDER), (events, context) => {
      assert.deepEqual(schemaErrors('openai', 'CreateChatCompletionResponse', encodeAnswer(events, context)), []);
      for (const chunk of chunksOf(streamOf(events, context))) {
        assert.deepEqual(schemaErrors('openai', 'CreateChatCompletionStreamResponse', chunk), []);
      }
    }),
    { numRuns: 50 },
  );
});
