import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';

import { claudeSays, gptSays } from '../support/provider-answers.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';
import { SSE_HEADERS } from '../support/upstream.ts';
import { anthropicFrame } from '../support/wire-texts.ts';

let crossing: SdkGateway;

before(async () => {
  crossing = await startSdkGateway();
});
after(() => crossing.close());

const CLAUDE = 'claude/claude-sonnet-4-6';
const SERVER = 'server/some-model';
const CLAUDE_USAGE = { input_tokens: 20, cache_read_input_tokens: 70, output_tokens: 50 };
const GPT_USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Response = OpenAI.Responses.Response;

async function askWhole(params: Params): Promise<Response> {
  return crossing.openai.responses.create(params);
}

async function askStreamed(params: Params): Promise<Response> {
  return crossing.openai.responses.stream({ ...params, stream: true }).finalResponse();
}

const WAYS = [
  ['whole', askWhole],
  ['streamed', askStreamed],
] as const;

const WEATHER: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
};

for (const [way, ask] of WAYS) {
  describe(`a client of responses, ${way}`, () => {
    it('promise 2: loops over tools of a model of Anthropic, which sees its proofs again', async () => {
      const args = '{"city":"Paris","id":12345678901234567890}';
      crossing.claude.answer(
        claudeSays(
          {
            parts: [
              { thinking: 'Where is it?', signature: 'sig-1' },
              { redacted: 'sealed-1' },
              { text: 'Let me see.' },
              { call: 'toolu_1', name: 'get_weather', args },
              { call: 'toolu_2', name: 'get_weather', args: '' },
            ],
            stop: 'tool_use',
            usage: CLAUDE_USAGE,
          },
          { parts: [{ text: 'Rain ' }, { text: 'at noon.' }], stop: 'end_turn', usage: CLAUDE_USAGE },
        ),
      );
      const request: Params = {
        model: CLAUDE,
        instructions: 'Be brief.',
        input: [{ role: 'user', content: 'Rain?' }],
        tools: [WEATHER],
        reasoning: { effort: 'low', summary: 'auto' },
        max_output_tokens: 5000,
        store: false,
      };
      const first = await ask(request);
      assert.deepEqual(
        first.output.map(({ type }) => type),
        ['reasoning', 'reasoning', 'message', 'function_call', 'function_call'],
      );
      assert.deepEqual(
        [first.status, first.output_text, first.instructions],
        ['completed', 'Let me see.', 'Be brief.'],
      );
      assert.deepEqual(first.usage?.input_tokens_details, { cached_tokens: 70, cache_write_tokens: 0 });
      const calls = first.output.filter((item) => item.type === 'function_call');
      assert.deepEqual(
        calls.map((call) => [call.call_id, call.name, call.arguments]),
        [
          ['toolu_1', 'get_weather', args],
          ['toolu_2', 'get_weather', '{}'],
        ],
      );
      const second = await ask({
        ...request,
        input: [
          { role: 'user', content: 'Rain?' },
          ...(first.output as OpenAI.Responses.ResponseInputItem[]),
          ...calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'wet' }) as const),
        ],
      });
      assert.equal(second.output_text, 'Rain at noon.');
      const sent = crossing.sent('claude');
      const turns = sent['messages'] as { role: string; content: Record<string, unknown>[] }[];
      assert.deepEqual(
        turns.map(({ role, content }) => [role, content.map(({ type }) => type)]),
        [
          ['user', ['text']],
          ['assistant', ['thinking', 'redacted_thinking', 'text', 'tool_use', 'tool_use']],
          ['user', ['tool_result', 'tool_result']],
        ],
      );
      assert.deepEqual(turns[1]?.content.slice(0, 2), [
        { type: 'thinking', thinking: 'Where is it?', signature: 'sig-1' },
        { type: 'redacted_thinking', data: 'sealed-1' },
      ]);
      assert.match(crossing.claude.received.at(-1)?.body ?? '', /12345678901234567890/);
    });

    it('promise 2: goes on with a model of Anthropic after one of OpenAI, whose proofs stay behind', async () => {
      crossing.claude.answer(claudeSays({ parts: [{ text: 'Yes.' }], stop: 'end_turn', usage: CLAUDE_USAGE }));
      const response = await ask({
        model: CLAUDE,
        input: [
          { role: 'user', content: 'Rain?' },
          { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAAB' },
          { role: 'assistant', content: 'Where?' },
          { role: 'user', content: 'Paris' },
        ],
      });
      assert.equal(response.output_text, 'Yes.');
      assert.doesNotMatch(crossing.claude.received.at(-1)?.body ?? '', /gAAAAAB/);
    });

    it('gets the answer of a server of chat completions in a JSON Schema, cut where it was cut', async () => {
      crossing.gpt.answer(
        gptSays({ parts: [{ thinking: 'hm' }, { text: '{"a":' }], stop: 'length', usage: GPT_USAGE }),
      );
      const response = await ask({
        model: SERVER,
        input: 'Hello',
        text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: false } },
      });
      assert.deepEqual([response.status, response.incomplete_details], ['incomplete', { reason: 'max_output_tokens' }]);
      assert.deepEqual([response.output_text, response.usage?.total_tokens], ['{"a":', 12]);
      assert.equal((crossing.sent('gpt')['response_format'] as { type: string }).type, 'json_schema');
    });
  });
}

describe('a client of responses', () => {
  it('is told what cannot be had, in the form of its SDK', async () => {
    await assert.rejects(
      crossing.openai.responses.create({ model: CLAUDE, input: 'Hello', tools: [{ type: 'web_search' }] }),
      (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError);
        assert.deepEqual([error.code, error.param], ['capability_unsupported', 'tools[0].type']);
        return true;
      },
    );
  });

  it('promise 1: sees a broken stream fail', async () => {
    crossing.claude.answer({
      headers: SSE_HEADERS,
      chunks: [
        anthropicFrame('message_start', {
          message: { id: 'm', type: 'message', role: 'assistant', model: 'c', content: [], usage: CLAUDE_USAGE },
        }),
        anthropicFrame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        anthropicFrame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hel' } }),
      ],
      ending: 'cut',
    });
    const stream = crossing.openai.responses.stream({ model: CLAUDE, input: 'Hello' });
    let said = '';
    stream.on('response.output_text.delta', ({ delta }) => (said += delta));
    await assert.rejects(stream.finalResponse(), { code: 'stream_interrupted' });
    assert.equal(said, 'Hel');
    const parts = streamText({
      model: crossing.ai.openai.responses(CLAUDE),
      prompt: 'Hello',
      onError: () => undefined,
    });
    const errors = [];
    for await (const part of parts.fullStream) if (part.type === 'error') errors.push(JSON.stringify(part.error));
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? '', /not the whole answer/);
    assert.equal(await parts.finishReason, 'error');
  });

  it('may be the AI SDK, which loops over tools', async () => {
    const says = claudeSays(
      {
        parts: [
          { thinking: 'hm', signature: 's' },
          { call: 'toolu_1', name: 'get_weather', args: '{"city":"Paris"}' },
        ],
        stop: 'tool_use',
        usage: CLAUDE_USAGE,
      },
      { parts: [{ text: 'Rain.' }], stop: 'end_turn', usage: CLAUDE_USAGE },
    );
    crossing.claude.answer(says);
    const { text, steps } = await generateText({
      model: crossing.ai.openai.responses(CLAUDE),
      prompt: 'Rain?',
      providerOptions: { openai: { store: false, forceReasoning: true, reasoningEffort: 'low' } },
      stopWhen: stepCountIs(3),
      tools: {
        get_weather: tool({
          inputSchema: jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } }),
          execute: ({ city }) => `wet in ${city}`,
        }),
      },
    });
    assert.deepEqual([text, steps.length], ['Rain.', 2]);
    assert.match(crossing.claude.received.at(-1)?.body ?? '', /"signature":"s"/);
  });
});
