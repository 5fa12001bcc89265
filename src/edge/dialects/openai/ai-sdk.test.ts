import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, streamText, tool } from 'ai';

import { args, call, finish, signed, text, thought } from '../../../../test/support/answer-events.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { encodeAnswer } from './encode-answer.ts';
import { OpenAiStreamEncoder } from './stream-encoder.ts';

const CONTEXT: AnswerContext = {
  requestId: 'r1',
  createdAt: 0,
  model: 'm',
  request: { includeUsage: true, fields: {} },
};

/** All that an answer may have besides what OpenAI's own have. */
const EVENTS: readonly StreamEvent[] = [
  { type: 'message-start', id: 'msg_1', model: 'claude' },
  thought(0, 'hm'),
  signed(0, 'sig'),
  signed(1, 'sealed', true),
  text(2, 'Looking '),
  text(2, 'it up.'),
  call(3, 'a', 'weather'),
  call(4, 'b', 'weather'),
  args(4, '{"city":'),
  args(3, '{"city":"Paris"}'),
  args(4, '"Rome"}'),
  finish('tool-calls'),
  { type: 'usage', usage: { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 4, cacheCreationInputTokens: 2 } },
  { type: 'end' },
];

const TOOLS = {
  weather: tool({
    inputSchema: jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } }),
    execute: () => 'rain',
  }),
};

function modelAnswering(body: string, contentType: string) {
  const fetch = () => Promise.resolve(new Response(body, { headers: { 'content-type': contentType } }));
  return createOpenAI({ apiKey: 'key', fetch }).chat('m');
}

function streamed(): string {
  const encoder = new OpenAiStreamEncoder(CONTEXT);
  return encoder.push(EVENTS) + encoder.end();
}

const CALLS = [
  { toolCallId: 'a', toolName: 'weather', input: { city: 'Paris' } },
  { toolCallId: 'b', toolName: 'weather', input: { city: 'Rome' } },
];

interface Called {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}

function plain(calls: readonly Called[]): Called[] {
  return calls.map(({ toolCallId, toolName, input }) => ({ toolCallId, toolName, input }));
}

test('the AI SDK reads a stream that has our own fields', async () => {
  const model = modelAnswering(streamed(), 'text/event-stream');
  const errors: unknown[] = [];
  const result = streamText({ model, prompt: 'hi', tools: TOOLS, onError: ({ error }) => void errors.push(error) });
  assert.equal(await result.text, 'Looking it up.');
  assert.deepEqual(plain(await result.toolCalls), CALLS);
  assert.equal(await result.finishReason, 'tool-calls');
  const { inputTokens, outputTokens } = await result.usage;
  assert.deepEqual([inputTokens, outputTokens], [10, 5]);
  assert.deepEqual(errors, []);
});

test('the AI SDK reads a whole answer that has our own fields', async () => {
  const model = modelAnswering(JSON.stringify(encodeAnswer(EVENTS, CONTEXT)), 'application/json');
  const result = await generateText({ model, prompt: 'hi', tools: TOOLS });
  assert.equal(result.text, 'Looking it up.');
  assert.deepEqual(plain(result.toolCalls), CALLS);
  assert.equal(result.finishReason, 'tool-calls');
  assert.equal(result.usage.inputTokens, 10);
});
