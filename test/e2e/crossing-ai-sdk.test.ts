import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  APICallError,
  type LanguageModel,
  type ModelMessage,
  Output,
  generateText,
  jsonSchema,
  stepCountIs,
  streamText,
  tool,
} from 'ai';

import { claudeSays, gptSays } from '../support/provider-answers.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';

let crossing: SdkGateway;

before(async () => {
  crossing = await startSdkGateway({
    simulator: {
      models: new Map([
        ['cutting', { cutAfterTokens: 5 }],
        ['overloaded', { errorRate: 1, errorStatus: 503 }],
      ]),
    },
  });
});
after(() => crossing.close());

/** One way across: the AI SDK's provider, and the gateway's of the other dialect that leads to the simulator. */
const SIDES: readonly [string, (model: string) => LanguageModel][] = [
  ['@ai-sdk/openai with models of Anthropic', (model) => crossing.ai.openai.chat(`sim-claude/${model}`)],
  ['@ai-sdk/anthropic with models of OpenAI', (model) => crossing.ai.anthropic(`sim-gpt/${model}`)],
];

interface City {
  readonly city: string;
}

const CITY = jsonSchema<City>({
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
});

/** Tools that remember what they were called with. */
function tools(called: string[]) {
  return {
    get_weather: tool({
      description: 'Weather of a city',
      inputSchema: CITY,
      execute: ({ city }) => {
        called.push(`get_weather ${typeof city}`);
        return 'rain';
      },
    }),
    get_time: tool({
      description: 'The time',
      inputSchema: jsonSchema<object>({ type: 'object', properties: {}, additionalProperties: false }),
      execute: (input) => {
        called.push(`get_time ${JSON.stringify(input)}`);
        return 'noon';
      },
    }),
  };
}

for (const [name, modelOf] of SIDES) {
  describe(`the AI SDK across dialects: ${name}`, () => {
    it('generates text, and the record has its usage', async () => {
      const { text, usage, finishReason, response } = await generateText({ model: modelOf('echo'), prompt: 'Hello' });
      assert.deepEqual([text, finishReason], ['Hello', 'stop']);
      const trace = await crossing.trace(response.headers);
      assert.deepEqual([trace.tokens.input, trace.tokens.output], [usage.inputTokens, usage.outputTokens]);
      assert.deepEqual([trace.status, trace.attempts[0]?.usage_source], ['completed', 'reported']);
    });

    it('streams what it generates', async () => {
      const whole = await generateText({ model: modelOf('small'), prompt: 'Hello' });
      const result = streamText({ model: modelOf('small'), prompt: 'Hello' });
      assert.equal(await result.text, whole.text);
      assert.equal(await result.finishReason, 'stop');
      assert.equal((await result.usage).outputTokens, whole.usage.outputTokens);
    });

    it('promise 2: runs parallel tools to the end, streamed and not', async () => {
      const called: string[] = [];
      const request = {
        model: modelOf('echo'),
        prompt: 'call get_weather and get_time',
        tools: tools(called),
        stopWhen: stepCountIs(4),
      };
      const whole = await generateText(request);
      const streamed = streamText(request);
      assert.equal(await streamed.text, whole.text);
      assert.match(whole.text, /noon/);
      assert.deepEqual(
        whole.steps.map(({ finishReason, toolCalls }) => [finishReason, toolCalls.length]),
        [
          ['tool-calls', 2],
          ['stop', 0],
        ],
      );
      assert.deepEqual(called, ['get_weather string', 'get_time {}', 'get_weather string', 'get_time {}']);
    });

    it('generates an object of a schema', async () => {
      const { output } = await generateText({
        model: modelOf('small'),
        prompt: 'Where?',
        output: Output.object({ schema: CITY }),
      });
      assert.equal(typeof output.city, 'string');
    });

    it('takes images', async () => {
      const content = [
        { type: 'text' as const, text: 'What is this?' },
        { type: 'file' as const, data: Buffer.from('iVBORw0KGgo=', 'base64'), mediaType: 'image/png' },
      ];
      const { usage } = await generateText({ model: modelOf('echo'), messages: [{ role: 'user', content }] });
      assert.ok((usage.inputTokens ?? 0) > 700);
    });

    it('stops where it is told to', async () => {
      const { text, finishReason } = await generateText({
        model: modelOf('echo'),
        prompt: 'one END two',
        stopSequences: ['END'],
      });
      assert.deepEqual([text.trim(), finishReason], ['one', 'stop']);
      const short = await generateText({ model: modelOf('small'), prompt: 'Hello', maxOutputTokens: 5 });
      assert.equal(short.finishReason, 'length');
    });

    it('promise 10: throws errors with their status, retryable or not as it is', async () => {
      const work = generateText({ model: modelOf('overloaded'), prompt: 'Hi', maxRetries: 0 });
      const thrown = await thrownBy(work, APICallError);
      assert.deepEqual([thrown.statusCode, thrown.isRetryable], [name.includes('sdk/openai') ? 503 : 529, true]);
    });

    it('promise 1: a cut stream ends in an error', async () => {
      const errors: unknown[] = [];
      const result = streamText({
        model: modelOf('cutting'),
        prompt: 'Hi',
        maxRetries: 0,
        onError: ({ error }) => void errors.push(error),
      });
      const parts: string[] = [];
      for await (const part of result.fullStream) parts.push(part.type);
      assert.ok(parts.includes('error') && parts.includes('text-delta'), parts.join());
      assert.equal(errors.length, 1);
    });
  });
}

describe('the AI SDK across dialects: thinking', () => {
  it('of servers that show it is read as reasoning by @ai-sdk/anthropic, and nothing of it is sent to them as a proof', async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 30, total_tokens: 39 };
    crossing.gpt.answer(gptSays({ parts: [{ thinking: 'First I look.' }, { text: 'Noon.' }], stop: 'stop', usage }));
    const request = {
      model: crossing.ai.anthropic('server/qwen3-8b'),
      providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } },
    };
    const hello: ModelMessage = { role: 'user', content: 'What time is it?' };
    const first = await generateText({ ...request, messages: [hello] });
    assert.deepEqual([first.reasoningText, first.text], ['First I look.', 'Noon.']);
    const streamed = streamText({ ...request, messages: [hello] });
    assert.equal(await streamed.reasoningText, 'First I look.');
    await generateText({
      ...request,
      messages: [hello, ...first.response.messages, { role: 'user', content: 'Sure?' }],
    });
    assert.ok(!crossing.gpt.received.at(-1)?.body.includes('causeway-unsigned'));
  });

  it('of Anthropic does not get between @ai-sdk/openai and the answer', async () => {
    const usage = { input_tokens: 9, output_tokens: 30 };
    crossing.claude.answer(
      claudeSays({
        parts: [{ thinking: 'First I look.', signature: 'sig' }, { text: 'Noon.' }],
        stop: 'end_turn',
        usage,
      }),
    );
    const { text } = await generateText({
      model: crossing.ai.openai.chat('claude/claude-sonnet-4-6'),
      prompt: 'What time is it?',
      providerOptions: { openai: { reasoningEffort: 'low' } },
    });
    assert.equal(text, 'Noon.');
    assert.deepEqual(crossing.sent('claude')['thinking'], { type: 'adaptive' });
  });
});
