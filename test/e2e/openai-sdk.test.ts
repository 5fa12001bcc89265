import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { type Gateway, latestTraces, startGateway, untilInFlight } from '../support/gateway.ts';
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

/** Asks the simulator to behave in a certain way for one request. */
function simulate(settings: string): { headers: Record<string, string> } {
  return { headers: { 'x-causeway-simulate': settings } };
}

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
    const { _request_id: _id, ...answer } = data;
    assert.deepEqual(trace.output, answer);
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
    const thrown = await thrownBy(client.chat.completions.create({ model: 'gpt-9', messages: HELLO }), OpenAI.APIError);
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
    const parsed = completion.choices[0]?.message.parsed as unknown as { steps: string[]; score: number };
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

describe('errors, as the official client throws them', () => {
  interface Row {
    readonly what: string;
    readonly ask: () => Promise<unknown>;
    readonly kind: abstract new (...args: never[]) => InstanceType<typeof OpenAI.APIError>;
    readonly status: number;
    readonly code: string | null;
    readonly message: RegExp;
    /** The code on the record, where the client is shown the provider's own. */
    readonly recorded?: string;
  }
  const ask = (body: object, options?: object): Promise<unknown> =>
    client.post('/chat/completions', { body: { model: 'sim/echo', messages: HELLO, ...body }, ...options });
  const rows: readonly Row[] = [
    {
      what: 'a key that may not ask for the model',
      ask: async () => {
        const made = await gateway.admin('/keys', { method: 'POST', body: { project: 'p', models: ['sim/small'] } });
        const limited = clientWith(String(made.json['key']));
        return limited.chat.completions.create({ model: 'sim/echo', messages: HELLO });
      },
      kind: OpenAI.PermissionDeniedError,
      status: 403,
      code: 'auth_forbidden',
      message: /may not use the model "sim\/echo"/,
    },
    {
      what: 'a wrong key',
      ask: () => clientWith('cw-wrong').chat.completions.create({ model: 'sim/echo', messages: HELLO }),
      kind: OpenAI.AuthenticationError,
      status: 401,
      code: 'auth_invalid_key',
      message: /unknown, expired or revoked/,
    },
    {
      what: 'an unknown model',
      ask: () => ask({ model: 'nobody/knows' }),
      kind: OpenAI.NotFoundError,
      status: 404,
      code: 'model_not_found',
      message: /nobody\/knows.*not known here/,
    },
    {
      what: 'a body without messages',
      ask: () => ask({ messages: [] }),
      kind: OpenAI.BadRequestError,
      status: 400,
      code: 'request_invalid',
      message: /at least one message/,
    },
    {
      what: 'a body over the limit',
      ask: () => ask({ messages: [{ role: 'user', content: 'x'.repeat(70_000) }] }),
      kind: OpenAI.APIError,
      status: 413,
      code: 'request_too_large',
      message: /65536 bytes/,
    },
    {
      what: 'a model that speaks the other dialect',
      ask: () => ask({ model: 'claude/claude-haiku-4-5' }),
      kind: OpenAI.BadRequestError,
      status: 400,
      code: 'operation_unsupported',
      message: /not translated between dialects/,
    },
    {
      what: 'a 500 of the provider',
      ask: () => ask({}, simulate('error=500')),
      kind: OpenAI.InternalServerError,
      status: 500,
      code: null,
      message: /simulated/,
      recorded: 'provider_error',
    },
    {
      what: 'an overloaded provider',
      ask: () => ask({ stream: true }, simulate('error=503')),
      kind: OpenAI.InternalServerError,
      status: 503,
      code: null,
      message: /[Oo]verloaded/,
      recorded: 'provider_overloaded',
    },
    {
      what: 'a 401 that the provider gives to our own key',
      ask: () => ask({}, simulate('error=401')),
      kind: OpenAI.InternalServerError,
      status: 502,
      code: 'provider_auth_failed',
      message: /gateway's own credentials/,
    },
    {
      what: 'HTML in place of an answer',
      ask: () => ask({}, simulate('html')),
      kind: OpenAI.InternalServerError,
      status: 502,
      code: 'provider_bad_response',
      message: /not its protocol|HTML|JSON/,
    },
  ];
  for (const { what, ask: work, kind, status, code, message, recorded } of rows) {
    it(`promise 10: ${what}: ${status} ${code ?? 'in the words of the provider'}`, async () => {
      const thrown = await thrownBy(work(), kind);
      assert.equal(thrown.status, status);
      assert.equal(thrown.code, code);
      assert.match(thrown.message, message);
      assert.ok(thrown.requestID);
      const trace = await gateway.trace(thrown.headers?.get('x-causeway-request-id'));
      assert.equal(trace.status, 'failed');
      assert.equal(trace.error?.code, recorded ?? code);
    });
  }

  it('promise 10: a rate limit of the provider comes with its Retry-After', async () => {
    const thrown = await thrownBy(ask({}, simulate('error=429, retry-after=7s')), OpenAI.RateLimitError);
    assert.equal(thrown.status, 429);
    assert.equal(thrown.headers?.get('retry-after'), '7');
    const trace = await gateway.trace(thrown.headers?.get('x-causeway-request-id'));
    assert.equal(trace.error?.code, 'provider_rate_limited');
    assert.equal(trace.cost_usd, 0);
  });
});

describe('streams that do not end well, for the official client', () => {
  const start = async (settings: string, signal?: AbortSignal) => {
    const request = { model: 'sim/small', messages: HELLO, stream: true as const };
    const options = { ...simulate(settings), ...(signal ? { signal } : {}) };
    const { data, response } = await client.chat.completions.create(request, options).withResponse();
    return { data, id: requestId(response) };
  };
  const readAll = async (stream: AsyncIterable<OpenAI.ChatCompletionChunk>, chunks: unknown[]): Promise<void> => {
    for await (const chunk of stream) chunks.push(chunk);
  };

  for (const [settings, code, message] of [
    ['cut-after=5', 'stream_interrupted', /ended before the answer was complete/],
    ['half-json', 'provider_bad_response', /not its protocol/],
    ['malformed-after=5', 'provider_bad_response', /./],
    ['error-after=5, error-status=500', 'provider_error', /./],
  ] as const) {
    it(`promise 1: ${settings}: what came is there, then the client throws, and the record says failed`, async () => {
      const { data, id } = await start(settings);
      const chunks: unknown[] = [];
      const thrown = await thrownBy(readAll(data, chunks), OpenAI.APIError);
      assert.match(thrown.message, message);
      assert.ok(chunks.length >= 5);
      const trace = await gateway.trace(id);
      assert.deepEqual([trace.status, trace.error?.code], ['failed', code]);
      assert.equal(trace.attempts[0]?.usage_source, 'assumed');
      assert.ok((trace.cost_usd ?? 0) > 0);
    });
  }

  it('promise 1: the stream helper rejects too', async () => {
    const runner = client.chat.completions.stream({ model: 'sim/small', messages: HELLO }, simulate('cut-after=5'));
    await thrownBy(runner.finalChatCompletion(), OpenAI.OpenAIError);
  });

  it('an abort in mid-stream ends the request, which is settled with what was seen', async () => {
    const { data, id } = await start('stall-after=5');
    const chunks: unknown[] = [];
    for await (const chunk of data) {
      chunks.push(chunk);
      if (chunks.length === 6) break;
    }
    await untilInFlight(gateway, 0);
    const trace = await gateway.trace(id);
    assert.deepEqual([trace.status, trace.attempts[0]?.outcome], ['aborted', 'aborted']);
    assert.equal(trace.attempts[0]?.usage_source, 'assumed');
    assert.ok((trace.tokens.output ?? 0) >= 3 && (trace.cost_usd ?? 0) > 0);
  });

  it('an abort before the answer is recorded as aborted', async () => {
    const abort = new AbortController();
    const request = { model: 'sim/large', messages: HELLO, user: 'impatient' };
    const work = client.chat.completions.create(request, { ...simulate('hang'), signal: abort.signal });
    const thrown = thrownBy(work, OpenAI.APIUserAbortError);
    await untilInFlight(gateway, 1);
    abort.abort();
    await thrown;
    await untilInFlight(gateway, 0);
    const [trace] = await latestTraces(gateway, '?user=impatient');
    assert.equal(trace?.status, 'aborted');
  });

  it('a time limit of the request is kept, and not retried', async () => {
    const headers = { 'x-causeway-simulate': 'hang', 'x-causeway-timeout-ms': '50' };
    const work = client.chat.completions.create({ model: 'sim/echo', messages: HELLO }, { headers, maxRetries: 2 });
    const thrown = await thrownBy(work, OpenAI.InternalServerError);
    assert.deepEqual([thrown.status, thrown.code], [504, 'deadline_exceeded']);
    const trace = await gateway.trace(thrown.headers?.get('x-causeway-request-id'));
    assert.deepEqual([trace.status, trace.attempts.length], ['aborted', 1]);
  });

  it("the client's own timeout is an abort", async () => {
    const request = { model: 'sim/echo', messages: HELLO, user: 'short-of-time' };
    await thrownBy(
      client.chat.completions.create(request, { ...simulate('hang'), timeout: 50 }),
      OpenAI.APIConnectionTimeoutError,
    );
    await untilInFlight(gateway, 0);
    const [trace] = await latestTraces(gateway, '?user=short-of-time');
    assert.equal(trace?.status, 'aborted');
  });
});
