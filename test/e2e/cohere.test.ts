import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import { cohereRecordings } from '../support/cohere-recordings.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { recordingsMissing } from '../support/recordings.ts';
import { piecesOf } from '../support/splits.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';

const MODEL = 'cohere/command-a-03-2025';

let gateway: Gateway;
let upstream: Upstream;
let openai: OpenAI;
let anthropic: Anthropic;

before(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({
    config: [
      `providers: { cohere: { type: cohere, apiKey: upstream-key, baseUrl: "${upstream.url}" } }`,
      `prices: { ${MODEL}: { input: 2.5, output: 10 } }`,
    ].join('\n'),
  });
  openai = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: gateway.apiKey, baseURL: gateway.url, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

/** Answers with the recordings in turn, streamed where that is asked for. */
function answersWith(...names: readonly string[]): void {
  let at = 0;
  upstream.answer(({ body }) => {
    const kind = (JSON.parse(body) as JsonObject)['stream'] ? 'stream' : 'whole';
    const recording = cohereRecordings().find((one) => one.name === names[at] && one.kind === kind);
    at += 1;
    assert.ok(recording);
    return { headers: kind === 'stream' ? SSE_HEADERS : JSON_HEADERS, chunks: piecesOf(recording.bytes, 300) };
  });
}

function bodies(): JsonObject[] {
  return upstream.received.slice(-2).map(({ body }) => JSON.parse(body) as JsonObject);
}

const TOOLS = ['weather', 'cityAttractions'].map((name) => {
  const parameters = { type: 'object', properties: { location: { type: 'string' } } };
  return { type: 'function' as const, function: { name, parameters } };
});
const PLAN =
  'I will use the weather tool to find out the weather in San Francisco. I will also use the cityAttractions tool to find out what attractions are in San Francisco.';

async function chunksOf(content: string): Promise<OpenAI.ChatCompletionChunk[]> {
  const stream = await openai.chat.completions.create({
    model: MODEL,
    messages: [{ role: 'user', content }],
    tools: TOOLS,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe('a model of Cohere', { skip: recordingsMissing() }, () => {
  it('promise 2: runs a tool loop of an OpenAI client, with its plan, its calls and what Cohere bills', async () => {
    answersWith('tool-call', 'text');
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Weather?' }];
    const { data, response } = await openai.chat.completions
      .create({ model: MODEL, messages, tools: TOOLS })
      .withResponse();
    const [choice] = data.choices;
    assert.ok(choice);
    assert.equal(choice.finish_reason, 'tool_calls');
    assert.equal((choice.message as { reasoning_content?: string }).reasoning_content, PLAN);
    const calls = choice.message.tool_calls ?? [];
    assert.deepEqual(calls, [
      {
        id: 'weather_dqgshstja6p9',
        type: 'function',
        function: { name: 'weather', arguments: '{"location":"San Francisco"}' },
      },
      {
        id: 'cityAttractions_dcxfx4myvx68',
        type: 'function',
        function: { name: 'cityAttractions', arguments: '{"city":"San Francisco"}' },
      },
    ]);
    assert.deepEqual([data.usage?.prompt_tokens, data.usage?.completion_tokens], [119, 52]);
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    // 119 × 2.5 + 52 × 10 dollars per million
    assert.equal(trace.cost_usd, 0.000_817_5);

    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: `result of ${id}` }));
    const last = await openai.chat.completions.create({
      model: MODEL,
      messages: [...messages, choice.message, ...results],
      tools: TOOLS,
    });
    assert.equal(last.choices[0]?.message.content, 'The capital of France is Paris.');
    assert.equal(last.choices[0].finish_reason, 'stop');
    const [, second] = bodies();
    assert.deepEqual(second?.['messages'], [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', tool_plan: PLAN, tool_calls: calls },
      ...results.map(({ role, tool_call_id, content }) => ({ role, tool_call_id, content })),
    ]);
  });

  it('promise 2: runs the same loop streamed, for an Anthropic client', async () => {
    answersWith('tool-call', 'text');
    const question: Anthropic.MessageParam[] = [{ role: 'user', content: 'Weather?' }];
    const tools = TOOLS.map(({ function: { name } }) => ({ name, input_schema: { type: 'object' as const } }));
    const request = { model: MODEL, max_tokens: 500, tools };
    const first = await anthropic.messages.stream({ ...request, messages: question }).finalMessage();
    assert.equal(first.stop_reason, 'tool_use');
    const calls = first.content.filter((block) => block.type === 'tool_use');
    assert.deepEqual(
      calls.map(({ name, input }) => [name, input]),
      [
        ['weather', { location: 'San Francisco' }],
        ['cityAttractions', { city: 'San Francisco' }],
      ],
    );
    const results = calls.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'fine' }));
    const messages = [
      ...question,
      { role: 'assistant' as const, content: first.content },
      { role: 'user' as const, content: results },
    ];
    const last = await anthropic.messages.stream({ ...request, messages }).finalMessage();
    assert.deepEqual(
      last.content.map((block) => (block.type === 'text' ? block.text : block)),
      ['The capital of France is Paris.'],
    );
    assert.equal(last.stop_reason, 'end_turn');
    assert.deepEqual([last.usage.input_tokens, last.usage.output_tokens], [12, 7]);
  });

  it('thinks aloud, and a call without arguments has an empty object', async () => {
    answersWith('reasoning', 'empty-tool-call');
    const thought = await chunksOf('2 + 2?');
    const reasoning = thought.map((chunk) => chunk.choices[0]?.delta as { reasoning_content?: string } | undefined);
    assert.match(reasoning.map((delta) => delta?.reasoning_content ?? '').join(''), /^The user is asking for the sum/);
    const called = await chunksOf('What time is it?');
    const args = called.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []).map((call) => call.function);
    assert.equal(args.map((fn) => fn?.arguments ?? '').join(''), '{}');
    const usage = called.at(-1)?.usage;
    assert.deepEqual([usage?.prompt_tokens, usage?.completion_tokens], [46, 14]);
  });

  it('promise 2: warns of citations, which have no place in the answer', async () => {
    answersWith('citations');
    const { response } = await openai.chat.completions
      .create({ model: MODEL, messages: [{ role: 'user', content: 'Why?' }], user: 'ann' })
      .withResponse();
    assert.match(response.headers.get('x-causeway-warnings') ?? '', /user is left out.*answer: a part/);
  });

  it('promise 1: ends a cut stream in an error', async () => {
    const text = cohereRecordings().find(({ name, kind }) => name === 'text' && kind === 'stream');
    assert.ok(text);
    upstream.answer({ headers: SSE_HEADERS, chunks: [text.bytes.subarray(0, 600)], ending: 'end' });
    const stream = await openai.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    await assert.rejects(async () => {
      for await (const _chunk of stream);
    }, OpenAI.APIError);
  });

  it('embeds for an OpenAI client, 96 texts at a time, in order', async () => {
    upstream.answer(({ body }) => {
      const { texts, embedding_types: types } = JSON.parse(body) as { texts: string[]; embedding_types: string[] };
      assert.deepEqual(types, ['base64']);
      const vectors = texts.map((text) => Buffer.from(Float32Array.of(Number(text), 1).buffer).toString('base64'));
      const meta = { billed_units: { input_tokens: texts.length } };
      return { headers: JSON_HEADERS, chunks: [JSON.stringify({ id: 'e', embeddings: { base64: vectors }, meta })] };
    });
    const asked = upstream.received.length;
    const input = Array.from({ length: 200 }, (_, at) => String(at));
    const request = { model: 'cohere/embed-v4.0', input, rank: 1 };
    const { data: answer, response } = await openai.embeddings.create(request).withResponse();
    const { data, usage } = answer;
    assert.match(response.headers.get('x-causeway-warnings') ?? '', /^rank is left out/);
    assert.equal(upstream.received.length - asked, 3);
    assert.deepEqual(
      data.map(({ embedding }) => embedding[0]),
      input.map(Number),
    );
    assert.equal(usage.prompt_tokens, 200);
  });
});
