import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI, { APIError } from 'openai';

import { type Gateway, latestTraces, startGateway } from '../support/gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';

let gateway: Gateway;
let client: OpenAI;

before(async () => {
  gateway = await startGateway({
    config: 'server: { bodyLimit: 64KB }\nproviders: { claude: { type: anthropic, apiKey: unused } }\n',
  });
  client = clientWith(gateway.apiKey);
});
after(() => gateway.close());

function clientWith(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
}

const HELLO = [{ role: 'user' as const, content: 'Hello, dear reader' }];
const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const TIME = { type: 'function' as const, function: { name: 'get_time', parameters: { type: 'object' } } };

function requestId(response: Response): string | null {
  return response.headers.get('x-causeway-request-id');
}

describe('chat with the official client', () => {
  it('answers, and the trace tells tokens, cost, input and output', async () => {
    const request = { model: 'sim/echo', messages: HELLO, user: 'ann', metadata: { team: 'a' } };
    const { data, response } = await client.chat.completions.create(request).withResponse();
    assert.equal(data.choices[0]?.message.content, 'Hello, dear reader');
    assert.equal(response.headers.get('x-causeway-simulated'), 'true');
    assert.equal(response.headers.get('x-causeway-target'), 'sim/echo');
    const trace = await gateway.trace(requestId(response));
    assert.equal(trace.status, 'completed');
    assert.equal(trace.endpoint, '/v1/chat/completions');
    assert.equal(trace.user_id, 'ann');
    assert.deepEqual(trace.metadata, { team: 'a' });
    assert.equal(trace.tokens.input, data.usage?.prompt_tokens);
    assert.equal(trace.tokens.output, data.usage?.completion_tokens);
    assert.equal(trace.tokens.cached, 0);
    assert.equal(trace.cost_known, true);
    assert.equal(String(trace.cost_usd), String(Number(response.headers.get('x-causeway-cost-usd'))));
    assert.ok(trace.latency_ms > 0 && trace.overhead_ms >= 0 && trace.overhead_ms < trace.latency_ms);
    assert.deepEqual(trace.input, request);
    assert.deepEqual(trace.output, data);
    assert.equal(trace.error, null);
    assert.deepEqual(
      trace.attempts.map(({ target, outcome, http_status: status, usage_source: source }) => [
        target,
        outcome,
        status,
        source,
      ]),
      [['sim/echo', 'completed', 200, 'reported']],
    );
  });

  it('streams, without the usage frame that only the gateway asked for', async () => {
    const request = { model: 'sim/small', messages: HELLO, stream: true as const };
    const { data, response } = await client.chat.completions.create(request).withResponse();
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of data) chunks.push(chunk);
    assert.ok(chunks.every(({ choices }) => choices.length === 1));
    assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'stop');
    const trace = await gateway.trace(requestId(response));
    assert.equal(trace.status, 'completed');
    assert.equal(trace.tokens.output, 40);
    assert.ok(trace.ttft_ms !== null && trace.ttft_ms > 0 && trace.ttft_ms <= trace.latency_ms);
    const said = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    assert.ok(JSON.stringify(trace.output).includes(JSON.stringify(said).slice(1, -1)));
  });

  it('streams to the helper, with the usage that the client asked for', async () => {
    const request = { model: 'sim/small', messages: HELLO };
    const whole = await client.chat.completions.create(request);
    const runner = client.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
    const final = await runner.finalChatCompletion();
    assert.equal(final.choices[0]?.message.content, whole.choices[0]?.message.content);
    assert.deepEqual(final.usage, whole.usage);
  });

  it('stands in for a well-known name only where no real provider is set up', async () => {
    const thrown = await thrownBy(client.chat.completions.create({ model: 'gpt-9', messages: HELLO }), APIError);
    assert.equal(thrown.code, 'model_not_found');
  });

  it('takes images', async () => {
    const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    const content = [{ type: 'text' as const, text: 'What is this?' }, image];
    const { data, response } = await client.chat.completions
      .create({ model: 'sim/echo', messages: [{ role: 'user', content }] })
      .withResponse();
    assert.ok((data.usage?.prompt_tokens ?? 0) > 765);
    assert.equal((await gateway.trace(requestId(response))).tokens.input, data.usage?.prompt_tokens);
  });

  it('keeps structured output to its schema', async () => {
    const schema = {
      type: 'object',
      properties: { steps: { type: 'array', items: { type: 'string' }, minItems: 1 }, score: { type: 'integer' } },
      required: ['steps', 'score'],
      additionalProperties: false,
    };
    const completion = await client.chat.completions.parse({
      model: 'sim/small',
      messages: HELLO,
      response_format: { type: 'json_schema', json_schema: { name: 'plan', strict: true, schema } },
    });
    const parsed = completion.choices[0]?.message.parsed as { steps: string[]; score: number };
    assert.ok(parsed.steps.length > 0 && Number.isInteger(parsed.score));
  });

  it('makes embeddings, whose trace has no output tokens', async () => {
    const { data, response } = await client.embeddings
      .create({ model: 'sim/embed', input: ['one', 'two'], dimensions: 8 })
      .withResponse();
    assert.deepEqual(
      data.data.map(({ embedding }) => embedding.length),
      [8, 8],
    );
    const trace = await gateway.trace(requestId(response));
    assert.equal(trace.endpoint, '/v1/embeddings');
    assert.equal(trace.tokens.input, data.usage.prompt_tokens);
    assert.equal(trace.status, 'completed');
  });

  it('lists models, and gets one', async () => {
    const ids = (await client.models.list()).data.map(({ id }) => id);
    assert.ok(ids.includes('sim/echo') && ids.includes('claude/claude-haiku-4-5'), ids.join());
    assert.equal((await client.models.retrieve('sim/echo')).id, 'sim/echo');
  });
});

describe('tools with the official client', () => {
  it('are called in parallel, whole and streamed alike', async () => {
    const content = 'get_weather and get_time';
    const request = { model: 'sim/small', tools: [WEATHER, TIME], messages: [{ role: 'user' as const, content }] };
    const whole = await client.chat.completions.create(request);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      assert.equal(choices[0]?.finish_reason, 'tool_calls');
      const calls = (choices[0].message.tool_calls ?? []).filter((call) => call.type === 'function');
      assert.deepEqual(
        calls.map((call) => [call.function.name, typeof JSON.parse(call.function.arguments)]),
        [
          ['get_weather', 'object'],
          ['get_time', 'object'],
        ],
      );
    }
  });

  it('run in the loop of the helper to its end', async () => {
    const cities: unknown[] = [];
    const runnable = {
      ...WEATHER,
      function: {
        ...WEATHER.function,
        description: 'Weather of a city',
        parse: (text: string) => JSON.parse(text) as { city: string },
        function: ({ city }: { city: string }) => {
          cities.push(city);
          return 'rain';
        },
      },
    };
    const runner = client.chat.completions.runTools({
      model: 'sim/echo',
      stream: true,
      messages: [{ role: 'user', content: 'call get_weather' }],
      tools: [runnable],
    });
    assert.equal(await runner.finalContent(), 'rain');
    assert.equal(cities.length, 1);
    assert.equal(typeof cities[0], 'string');
    const [second, first] = await latestTraces(gateway, '?model=sim/echo&limit=2');
    assert.deepEqual([first?.status, second?.status], ['completed', 'completed']);
    assert.ok((second?.tokens.input ?? 0) > (first?.tokens.input ?? 0));
  });
});
