import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ResponseStream } from 'openai/lib/responses/ResponseStream';

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
import { asText, responseContext, responseFrames, responseStream } from '../../../../test/support/response-frames.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { encodeAnswer } from './encode-answer.ts';
import { errorEvent } from './error-event.ts';
import { STATUSES } from './finish-reasons.ts';
import { ResponsesStreamEncoder } from './stream-encoder.ts';

const END: StreamEvent = { type: 'end' };
function refusal(said: string): StreamEvent {
  return { type: 'refusal-delta', choice: 0, text: said };
}

function outputOf(events: readonly StreamEvent[]): JsonObject[] {
  return encodeAnswer(events, responseContext())['output'] as JsonObject[];
}

function typesOf(frames: readonly JsonObject[]): string[] {
  return frames.map(({ type }) => asText(type).replace('response.', ''));
}

/** What the official client makes of it; it reads one event a line. */
async function accumulated(frames: readonly JsonObject[]): Promise<JsonObject> {
  const lines = frames.map((frame) => Buffer.from(`${JSON.stringify(frame)}\n`));
  const response = await ResponseStream.fromReadableStream(ReadableStream.from(lines)).finalResponse();
  return JSON.parse(JSON.stringify(response)) as JsonObject;
}

/** The deltas of each item, put together. */
function grown(frames: readonly JsonObject[]): string[] {
  const texts: string[] = [];
  for (const { type, output_index: at, delta } of frames) {
    if (type === 'response.output_item.added') texts[Number(at)] = '';
    if (delta !== undefined) texts[Number(at)] += asText(delta);
  }
  return texts;
}

/** The text of an item, whatever it is called there. */
function textOf({ arguments: argumentsText, content, summary }: JsonObject): Json {
  const [part] = [content, summary].flatMap((parts) => (Array.isArray(parts) ? (parts as JsonObject[]) : []));
  return argumentsText ?? part?.['text'] ?? part?.['refusal'] ?? '';
}

/** What the client adds of its own: the texts in one, and what it parsed of the output. */
function withoutParsed(response: JsonObject): JsonObject {
  const { output_text: _text, output_parsed: _parsed, ...rest } = response;
  const output = (rest['output'] as JsonObject[]).map(({ parsed_arguments: _arguments, ...item }) => {
    const content = item['content'] as JsonObject[] | undefined;
    return content ? { ...item, content: content.map(({ parsed: _one, ...part }) => part) } : item;
  });
  return { ...rest, output };
}

test('a stream, frame by frame', () => {
  const frames = responseFrames(
    responseStream([
      { type: 'message-start', id: 'chatcmpl-1', model: 'gpt' },
      thought(0, 'hm'),
      text(1, 'Hel'),
      text(1, 'lo'),
      call(2, 'c1', 'f'),
      args(2, '{}'),
      called(2),
      finish('tool-calls'),
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 2, cacheReadInputTokens: 4, reasoningOutputTokens: 1 } },
      END,
    ]),
  );
  assert.deepEqual(typesOf(frames), [
    'created',
    'in_progress',
    'output_item.added',
    'reasoning_summary_part.added',
    'reasoning_summary_text.delta',
    'reasoning_summary_text.done',
    'reasoning_summary_part.done',
    'output_item.done',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'output_item.added',
    'function_call_arguments.delta',
    'function_call_arguments.done',
    'output_item.done',
    'completed',
  ]);
  const reasoning = {
    id: 'rs_r1_0',
    type: 'reasoning',
    encrypted_content: 'causeway-unsigned',
    summary: [{ type: 'summary_text', text: 'hm' }],
  };
  const message = {
    id: 'msg_r1_1',
    type: 'message',
    status: 'completed',
    content: [{ type: 'output_text', annotations: [], logprobs: [], text: 'Hello' }],
    role: 'assistant',
  };
  const called1 = {
    id: 'fc_r1_2',
    type: 'function_call',
    status: 'completed',
    arguments: '{}',
    call_id: 'c1',
    name: 'f',
  };
  assert.deepEqual(frames[19]?.['response'], {
    id: 'resp_r1',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: 'gpt',
    output: [reasoning, message, called1],
    background: false,
    instructions: 'brief',
    max_output_tokens: null,
    max_tool_calls: null,
    metadata: { a: 'b' },
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    prompt_cache_retention: null,
    reasoning: { effort: null, summary: null },
    safety_identifier: null,
    service_tier: 'auto',
    store: true,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_logprobs: 0,
    top_p: null,
    truncation: 'disabled',
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
      output_tokens: 2,
      output_tokens_details: { reasoning_tokens: 1 },
      total_tokens: 12,
    },
    completed_at: 1_700_000_003,
  });
  assert.deepEqual(frames[10], {
    type: 'response.output_text.delta',
    sequence_number: 10,
    item_id: 'msg_r1_1',
    output_index: 1,
    content_index: 0,
    delta: 'Hel',
    logprobs: [],
  });
  assert.deepEqual([frames[14]?.['item'], frames[18]?.['item']], [message, called1]);
});

test('what was asked is repeated, with the fields that the client left out of its tools', () => {
  const body = {
    model: 'm',
    input: 'hi',
    tools: [{ type: 'function', name: 'f', strict: true }],
    tool_choice: { type: 'function', name: 'f' },
    reasoning: { effort: 'low', summary: null },
    text: { verbosity: 'low' },
    temperature: 0.5,
    store: false,
    previous_response_id: 'resp_0',
    user: 'u',
  };
  const response = encodeAnswer([text(0, 'a'), END], responseContext(body));
  assert.deepEqual(response['tools'], [
    { type: 'function', name: 'f', description: null, parameters: null, strict: true },
  ]);
  assert.deepEqual(response['reasoning'], { effort: 'low', summary: null });
  assert.deepEqual(response['text'], { format: { type: 'text' }, verbosity: 'low' });
  for (const name of ['tool_choice', 'temperature', 'store', 'previous_response_id', 'user'] as const) {
    assert.deepEqual(response[name], body[name]);
  }
});

test('text streams as it comes, and so does the first of parallel calls', () => {
  const encoder = new ResponsesStreamEncoder(responseContext());
  assert.match(encoder.push([text(0, 'a')]), /"delta":"a"/);
  assert.match(encoder.push([call(1, 'x')]), /"call_id":"x"/);
  assert.match(encoder.push([args(1, '{"a')]), /arguments\.delta/);
  assert.equal(encoder.push([call(2, 'y'), args(2, '{}'), text(3, 'later')]), '');
  assert.match(encoder.push([args(1, '":1}')]), /"output_index":1/);
  const rest = encoder.push([finish('tool-calls')]).match(/"output_index":\d/g);
  assert.deepEqual(
    rest?.map((place) => Number(place.at(-1))),
    [1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3],
  );
});

test('promise 2: arguments stay the text that they are, and none at all are an empty object', () => {
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
  assert.deepEqual(
    outputOf(events).map((item) => item['arguments']),
    ['{}', '{"id":12345678901234567890}', '{"cut":'],
  );
});

test('calls without an id, or with one that is there, get one of their own', () => {
  const calls = outputOf([call(0, ''), call(1, 'x'), call(2, 'x'), finish('stop')]);
  assert.deepEqual(
    calls.map((item) => item['call_id']),
    ['call_r1_0', 'x', 'call_r1_2'],
  );
});

test('a call that the provider runs itself is not one for the client', () => {
  const served: StreamEvent = { type: 'tool-call-start', choice: 0, index: 0, id: 's', name: 'search', served: true };
  assert.deepEqual(outputOf([served, args(0, '{}'), called(0), finish('stop')]), []);
});

test('proofs ride in the encrypted content of their reasoning', () => {
  const output = outputOf([
    thought(0, 'hm'),
    signed(0, 'sig'),
    signed(1, 'sealed', true),
    signed(2, 'gemini:before a call'),
    call(3, 'c'),
    signed(4, 'responses:gAAA', true),
    END,
  ]);
  assert.deepEqual(
    output.map((item) => item['encrypted_content']),
    [
      'causeway:signature:sig',
      'causeway:redacted:sealed',
      'causeway:signature:gemini:before a call',
      undefined,
      'gAAA',
    ],
  );
  assert.deepEqual(
    output.map((item) => (item['summary'] as Json[] | undefined)?.length),
    [1, 0, 0, undefined, 0],
  );
});

function statusOf(...events: StreamEvent[]): string {
  const { status, incomplete_details: details } = encodeAnswer(events, responseContext());
  return details ? `${asText(status)}: ${asText((details as JsonObject)['reason'])}` : asText(status);
}

test('why an answer ended', () => {
  for (const [reason, said] of Object.entries(STATUSES)) {
    assert.equal(statusOf(text(0, 'a'), finish(reason as FinishReason)), said);
  }
  assert.equal(STATUSES.length, 'incomplete: max_output_tokens');
  assert.equal(statusOf(text(0, 'a')), 'completed');
  assert.equal(statusOf(refusal('No.'), finish('refusal')), 'completed');
  assert.equal(statusOf(refusal('No.'), finish('length')), 'incomplete: max_output_tokens');
});

test('what was being said when an answer was cut is incomplete', () => {
  const events = [text(0, 'a'), call(1, 'x'), args(1, '{"a'), called(1), finish('length'), END];
  assert.deepEqual(
    outputOf(events).map(({ status }) => status),
    ['completed', 'incomplete'],
  );
  const frames = responseFrames(responseStream(events));
  assert.deepEqual(typesOf(frames).slice(-2), ['output_item.done', 'incomplete']);
  assert.deepEqual(frames.at(-2)?.['item'], outputOf(events)[1]);
});

test('texts that follow each other are one message; other choices and empty pieces are not written', () => {
  const events: StreamEvent[] = [
    text(0, 'a'),
    text(1, ''),
    text(2, 'b'),
    refusal('No.'),
    thought(3, ''),
    { type: 'text-delta', choice: 1, index: 0, text: 'other' },
    { type: 'finish', choice: 1, reason: 'length' },
    args(5, 'of no call'),
    { type: 'other-content', choice: 0 },
    { type: 'error', error: new GatewayError('provider_error') },
  ];
  assert.deepEqual(
    outputOf(events).map(({ content }) => content),
    [[{ type: 'output_text', annotations: [], logprobs: [], text: 'ab' }], [{ type: 'refusal', refusal: 'No.' }]],
  );
  assert.equal(encodeAnswer(events, responseContext())['status'], 'completed');
});

test('promise 1: a stream that broke ends in an error at which the official client throws', async () => {
  const error = new GatewayError('stream_interrupted');
  const encoder = new ResponsesStreamEncoder(responseContext());
  const frames = responseFrames(encoder.push([text(0, 'a'), text(0, 'b')]) + encoder.fail(error));
  assert.deepEqual(typesOf(frames).slice(-2), ['error', 'failed']);
  const response = frames.at(-1)?.['response'] as JsonObject;
  assert.deepEqual(
    [response['status'], response['error']],
    ['failed', { code: 'server_error', message: error.message }],
  );
  await assert.rejects(accumulated(frames), { message: error.message, code: 'stream_interrupted' });
  const [relayed = ''] = /\{.*\}/.exec(errorEvent(error)) ?? [];
  await assert.rejects(accumulated([...frames.slice(0, -2), JSON.parse(relayed) as JsonObject]), {
    code: 'stream_interrupted',
  });
});

test('an error before anything was said is all that there is', () => {
  const frames = responseFrames(
    new ResponsesStreamEncoder(responseContext()).fail(new GatewayError('provider_rate_limited')),
  );
  assert.deepEqual(typesOf(frames), ['error']);
});

test('promise 2: a stream that the official client accumulates is the whole answer, however its parts interleave', async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, async (events) => {
      const context = responseContext();
      const whole = JSON.parse(JSON.stringify(encodeAnswer(events, context))) as JsonObject;
      const frames = responseFrames(responseStream(events, context));
      assert.deepEqual(withoutParsed(await accumulated(frames)), whole);
      assert.deepEqual(grown(frames), (whole['output'] as JsonObject[]).map(textOf));
      // What it accumulated before the last frame, which has all of it once more.
      const unsealed = [...frames.slice(0, -1), { ...frames.at(-1), response: { ...whole, output: null } }];
      assert.deepEqual(withoutParsed(await accumulated(unsealed))['output'], whole['output']);
    }),
    { numRuns: 200 },
  );
});

test('pieces that are pushed together are written as those that come one by one', () => {
  fc.assert(
    fc.property(anyAnswer, (events) => {
      const together = new ResponsesStreamEncoder(responseContext());
      assert.equal(together.push(events) + together.end(), responseStream(events));
    }),
  );
});
