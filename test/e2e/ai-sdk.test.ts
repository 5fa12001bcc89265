import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import {
  APICallError,
  type LanguageModel,
  Output,
  embedMany,
  generateText,
  jsonSchema,
  stepCountIs,
  streamText,
  tool,
} from 'ai';

import { type Gateway, latestTraces, startGateway } from '../support/gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { simulate } from './simulate.ts';

let gateway: Gateway;

before(async () => {
  gateway = await startGateway();
});
after(() => gateway.close());

function openai() {
  return createOpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1` });
}

function anthropic() {
  return createAnthropic({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1` });
}

interface Plan {
  readonly score: number;
}

const PLAN = jsonSchema<Plan>({
  type: 'object',
  properties: { score: { type: 'integer' } },
  required: ['score'],
  additionalProperties: false,
});

/** A tool that remembers what it was called with. */
function weather(cities: string[]) {
  return tool({
    description: 'Weather of a city',
    inputSchema: jsonSchema<{ city: string }>({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    }),
    execute: ({ city }) => {
      cities.push(city);
      return 'rain';
    },
  });
}

const DIALECTS: readonly [string, (model: string) => LanguageModel][] = [
  ['@ai-sdk/openai', (model) => openai().chat(model)],
  ['@ai-sdk/anthropic', (model) => anthropic()(model)],
];

for (const [name, modelOf] of DIALECTS) {
  describe(`the AI SDK with ${name}`, () => {
    it('generates text, and the record has its usage', async () => {
      const { text, usage, response } = await generateText({ model: modelOf('sim/echo'), prompt: 'Hello' });
      assert.equal(text, 'Hello');
      const trace = await gateway.trace(response.headers?.['x-causeway-request-id']);
      assert.deepEqual([trace.tokens.input, trace.tokens.output], [usage.inputTokens, usage.outputTokens]);
    });

    it('streams text', async () => {
      const whole = await generateText({ model: modelOf('sim/small'), prompt: 'Hello' });
      const result = streamText({ model: modelOf('sim/small'), prompt: 'Hello' });
      assert.equal(await result.text, whole.text);
      assert.equal(await result.finishReason, 'stop');
      assert.equal((await result.usage).outputTokens, whole.usage.outputTokens);
    });

    it('runs tools to the end, streamed and not', async () => {
      const cities: string[] = [];
      const request = {
        model: modelOf('sim/echo'),
        prompt: 'call get_weather',
        tools: { get_weather: weather(cities) },
        stopWhen: stepCountIs(4),
      };
      const whole = await generateText(request);
      const streamed = streamText(request);
      assert.match(whole.text, /rain/);
      assert.equal(await streamed.text, whole.text);
      assert.equal(whole.steps.length, 2);
      assert.equal(cities.length, 2);
    });

    it('generates an object of a schema', async () => {
      const { output } = await generateText({
        model: modelOf('sim/small'),
        prompt: 'Rate this',
        output: Output.object({ schema: PLAN }),
      });
      assert.ok(Number.isInteger(output.score));
    });

    it('takes images', async () => {
      const content = [
        { type: 'text' as const, text: 'What is this?' },
        { type: 'file' as const, data: Buffer.from('iVBORw0KGgo=', 'base64'), mediaType: 'image/png' },
      ];
      const { usage } = await generateText({
        model: modelOf('sim/echo'),
        messages: [{ role: 'user', content }],
      });
      assert.ok((usage.inputTokens ?? 0) > 700);
    });

    it('promise 10: throws errors with their status, retryable or not as it is', async () => {
      const refused = await thrownBy(generateText({ model: modelOf('nobody/knows'), prompt: 'Hi' }), APICallError);
      assert.deepEqual([refused.statusCode, refused.isRetryable], [404, false]);
      assert.match(refused.message, /nobody\/knows/);
      const failed = await thrownBy(
        generateText({ model: modelOf('sim/echo'), prompt: 'Hi', maxRetries: 0, ...simulate('error=503') }),
        APICallError,
      );
      assert.deepEqual([failed.statusCode, failed.isRetryable], [503, true]);
    });

    it('promise 1: a cut stream ends in an error', async () => {
      const errors: unknown[] = [];
      const result = streamText({
        model: modelOf('sim/small'),
        prompt: 'Hi',
        maxRetries: 0,
        onError: ({ error }) => void errors.push(error),
        ...simulate('cut-after=5'),
      });
      const parts: string[] = [];
      for await (const part of result.fullStream) parts.push(part.type);
      assert.ok(parts.includes('error') && parts.includes('text-delta'), parts.join());
      assert.equal(errors.length, 1);
      const [trace] = await latestTraces(gateway, '?limit=1');
      assert.deepEqual([trace?.status, trace?.error?.code], ['failed', 'stream_interrupted']);
    });
  });
}

describe('the AI SDK', () => {
  it('makes embeddings', async () => {
    const { embeddings, usage } = await embedMany({ model: openai().embedding('sim/embed'), values: ['one', 'two'] });
    assert.equal(embeddings.length, 2);
    assert.ok(usage.tokens > 0);
  });
});
