import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic, {
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';

import { type Gateway, latestTraces, startGateway, untilInFlight } from '../support/gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { simulate } from './simulate.ts';

let gateway: Gateway;
let client: Anthropic;

before(async () => {
  gateway = await startGateway({
    config: 'server: { bodyLimit: 64KB }\nproviders: { gpt: { type: openai, apiKey: unused } }\n',
  });
  client = clientWith(gateway.apiKey);
});
after(() => gateway.close());

function clientWith(apiKey: string): Anthropic {
  return new Anthropic({ apiKey, baseURL: gateway.url, maxRetries: 0 });
}

type Request = Anthropic.MessageCreateParamsNonStreaming;

function ask(model: string, content: Anthropic.MessageParam['content'] = 'Hello, dear reader'): Request {
  return { model, max_tokens: 300, messages: [{ role: 'user', content }] };
}

const TOOLS: Anthropic.Tool[] = [
  {
    name: 'get_weather',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
  { name: 'get_time', input_schema: { type: 'object', properties: {} } },
];

describe('messages with the official client', () => {
  it('answers, and the trace tells tokens, cost, input and output', async () => {
    const request = { ...ask('sim/echo'), metadata: { user_id: 'ann' } };
    const { data, response } = await client.messages.create(request).withResponse();
    assert.deepEqual(
      data.content.map((block) => (block.type === 'text' ? block.text : block.type)),
      ['Hello, dear reader'],
    );
    assert.equal(response.headers.get('x-causeway-simulated'), 'true');
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.deepEqual(
      [trace.status, trace.endpoint, trace.dialect, trace.user_id],
      ['completed', '/v1/messages', 'anthropic', 'ann'],
    );
    assert.deepEqual([trace.tokens.input, trace.tokens.output], [data.usage.input_tokens, data.usage.output_tokens]);
    assert.equal(trace.cost_usd, Number(response.headers.get('x-causeway-cost-usd')));
    assert.deepEqual(trace.input, request);
    assert.deepEqual(trace.output, data);
  });

  it('streams to the helper what the whole answer says', async () => {
    const whole = await client.messages.create(ask('sim/small'));
    const stream = client.messages.stream(ask('sim/small'));
    const { response } = await stream.withResponse();
    const final = await stream.finalMessage();
    assert.deepEqual(final.content, whole.content);
    assert.equal(final.stop_reason, 'end_turn');
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.deepEqual([trace.status, trace.tokens.output], ['completed', final.usage.output_tokens]);
    assert.ok(trace.ttft_ms !== null && trace.ttft_ms > 0 && trace.ttft_ms <= trace.latency_ms);
  });

  it('counts what the prompt cache gave and took', async () => {
    const text = 'A long rule that is the same each time. '.repeat(200);
    const request = { ...ask('sim/echo'), system: [{ type: 'text', text, cache_control: { type: 'ephemeral' } }] };
    const first = await client.messages.create(request as Request).withResponse();
    const second = await client.messages.create(request as Request).withResponse();
    const written = await gateway.trace(first.response.headers.get('x-causeway-request-id'));
    const read = await gateway.trace(second.response.headers.get('x-causeway-request-id'));
    const cached = second.data.usage.cache_read_input_tokens ?? 0;
    assert.ok(cached > 1024);
    assert.deepEqual([written.tokens.cache_write, written.tokens.cached], [cached, 0]);
    assert.equal(read.tokens.cached, cached);
    assert.equal(read.tokens.input, second.data.usage.input_tokens + cached, 'the input includes what was cached');
    assert.ok((read.cost_usd ?? 0) < (written.cost_usd ?? 0));
  });

  it('takes images', async () => {
    const image: Anthropic.ImageBlockParam = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
    };
    const message = await client.messages.create(ask('sim/echo', [image, { type: 'text', text: 'What is this?' }]));
    assert.ok(message.usage.input_tokens > 1600);
  });

  it('keeps structured output to its schema', async () => {
    const schema = {
      type: 'object',
      properties: { score: { type: 'integer' } },
      required: ['score'],
      additionalProperties: false,
    };
    const message = await client.messages.create({
      ...ask('sim/small'),
      output_config: { format: { type: 'json_schema', schema } },
    });
    const [block] = message.content;
    assert.ok(block?.type === 'text');
    assert.ok(Number.isInteger((JSON.parse(block.text) as { score: number }).score));
  });

  it('lists models in its own shape', async () => {
    const ids: string[] = [];
    for await (const { id, type } of client.models.list()) ids.push(`${type} ${id}`);
    assert.ok(ids.includes('model sim/echo'), ids.join());
  });
});

describe('tools with the official client', () => {
  it('are called in parallel, whole and streamed alike', async () => {
    const request = { ...ask('sim/small', 'get_weather and get_time'), tools: TOOLS };
    const whole = await client.messages.create(request);
    const streamed = await client.messages.stream(request).finalMessage();
    for (const { content, stop_reason: reason } of [whole, streamed]) {
      assert.equal(reason, 'tool_use');
      const calls = content.filter((block) => block.type === 'tool_use');
      assert.deepEqual(
        calls.map(({ name, input }) => [name, typeof input]),
        [
          ['get_weather', 'object'],
          ['get_time', 'object'],
        ],
      );
    }
  });

  it('run in the loop of the helper to its end', async () => {
    const cities: string[] = [];
    const weather = betaTool({
      name: 'get_weather',
      description: 'Weather of a city',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      run: ({ city }) => {
        cities.push(city);
        return 'rain';
      },
    });
    const final = await client.beta.messages.toolRunner({ ...ask('sim/echo', 'call get_weather'), tools: [weather] });
    assert.equal(cities.length, 1);
    assert.deepEqual(
      final.content.map((block) => (block.type === 'text' ? block.text : block.type)),
      ['rain'],
    );
    const traces = await latestTraces(gateway, '?model=sim/echo&limit=2');
    assert.deepEqual(
      traces.map(({ status }) => status),
      ['completed', 'completed'],
    );
  });
});

interface Row {
  readonly what: string;
  readonly ask: () => Promise<unknown>;
  readonly kind: abstract new (...args: never[]) => APIError;
  readonly status: number;
  readonly type: string;
  readonly message: RegExp;
  /** The code on the record. */
  readonly recorded: string;
}

const ROWS: readonly Row[] = [
  {
    what: 'a wrong key',
    ask: () => clientWith('cw-wrong').messages.create(ask('sim/echo')),
    kind: AuthenticationError,
    status: 401,
    type: 'authentication_error',
    message: /unknown, expired or revoked/,
    recorded: 'auth_invalid_key',
  },
  {
    what: 'a key that may not ask for the model',
    ask: async () => {
      const limited = clientWith(await gateway.makeKey({ project: 'p', models: ['sim/small'] }));
      return limited.messages.create(ask('sim/echo'));
    },
    kind: PermissionDeniedError,
    status: 403,
    type: 'permission_error',
    message: /may not use the model/,
    recorded: 'auth_forbidden',
  },
  {
    what: 'an unknown model',
    ask: () => client.messages.create(ask('nobody/knows')),
    kind: NotFoundError,
    status: 404,
    type: 'not_found_error',
    message: /nobody\/knows/,
    recorded: 'model_not_found',
  },
  {
    what: 'a body without messages',
    ask: () => client.messages.create({ ...ask('sim/echo'), messages: [] }),
    kind: BadRequestError,
    status: 400,
    type: 'invalid_request_error',
    message: /at least one message/,
    recorded: 'request_invalid',
  },
  {
    what: 'a body over the limit',
    ask: () => client.messages.create(ask('sim/echo', 'x'.repeat(70_000))),
    kind: APIError,
    status: 413,
    type: 'request_too_large',
    message: /65536 bytes/,
    recorded: 'request_too_large',
  },
  {
    what: 'a 500 of the provider',
    ask: () => client.messages.create(ask('sim/echo'), simulate('error=500')),
    kind: InternalServerError,
    status: 500,
    type: 'api_error',
    message: /simulated/,
    recorded: 'provider_error',
  },
  {
    what: 'an overloaded provider',
    ask: () => client.messages.stream(ask('sim/echo'), simulate('error=529')).finalMessage(),
    kind: InternalServerError,
    status: 529,
    type: 'overloaded_error',
    message: /[Oo]verloaded/,
    recorded: 'provider_overloaded',
  },
  {
    what: 'a 401 that the provider gives to our own key',
    ask: () => client.messages.create(ask('sim/echo'), simulate('error=401')),
    kind: InternalServerError,
    status: 502,
    type: 'api_error',
    message: /gateway's own credentials/,
    recorded: 'provider_auth_failed',
  },
];

describe('errors, as the official client throws them', () => {
  for (const { what, ask: work, kind, status, type, message, recorded } of ROWS) {
    it(`promise 10: ${what}: ${status} ${type}`, async () => {
      const thrown = await thrownBy(work(), kind);
      assert.deepEqual([thrown.status, thrown.type], [status, type]);
      assert.match(thrown.message, message);
      assert.ok(thrown.requestID);
      const trace = await gateway.trace(thrown.headers?.get('x-causeway-request-id'));
      assert.deepEqual([trace.status, trace.error?.code], ['failed', recorded]);
    });
  }

  it('promise 10: a rate limit of the provider comes with its Retry-After', async () => {
    const work = client.messages.create(ask('sim/echo'), simulate('error=429, retry-after=7s'));
    const thrown = await thrownBy(work, RateLimitError);
    assert.deepEqual([thrown.status, thrown.headers?.get('retry-after')], [429, '7']);
  });
});

describe('streams that do not end well, for the official client', () => {
  for (const [settings, code] of [
    ['cut-after=5', 'stream_interrupted'],
    ['half-json', 'provider_bad_response'],
    ['malformed-after=5', 'provider_bad_response'],
    ['error-after=5, error-status=529', 'provider_overloaded'],
  ] as const) {
    it(`promise 1: ${settings}: the client throws, and the record says failed`, async () => {
      const stream = client.messages.stream(ask('sim/small'), simulate(settings));
      const texts: string[] = [];
      stream.on('text', (text) => texts.push(text));
      const { response } = await stream.withResponse();
      await thrownBy(stream.finalMessage(), APIError);
      assert.ok(texts.length >= 5);
      const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
      assert.deepEqual([trace.status, trace.error?.code], ['failed', code]);
      assert.equal(trace.attempts[0]?.usage_source, 'assumed');
      assert.ok((trace.cost_usd ?? 0) > 0);
    });
  }

  it('an abort in mid-stream ends the request, which is settled with what was seen', async () => {
    const stream = client.messages.stream(ask('sim/small'), simulate('stall-after=5'));
    let heard = 0;
    stream.on('text', () => {
      heard += 1;
      if (heard === 5) stream.abort();
    });
    const { response } = await stream.withResponse();
    await thrownBy(stream.finalMessage(), APIUserAbortError);
    await untilInFlight(gateway, 0);
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.deepEqual([trace.status, trace.attempts[0]?.outcome], ['aborted', 'aborted']);
    assert.equal(trace.attempts[0]?.usage_source, 'assumed');
    assert.ok((trace.tokens.output ?? 0) >= 3 && (trace.cost_usd ?? 0) > 0);
  });

  it("the client's own timeout is an abort", async () => {
    const request = { ...ask('sim/echo'), metadata: { user_id: 'short-of-time' } };
    const work = client.messages.create(request, { ...simulate('hang'), timeout: 50 });
    await thrownBy(work, APIConnectionTimeoutError);
    await untilInFlight(gateway, 0);
    const [trace] = await latestTraces(gateway, '?user=short-of-time');
    assert.equal(trace?.status, 'aborted');
  });

  it('a time limit of the request is kept in mid-stream too', async () => {
    const headers = { 'x-causeway-simulate': 'stall-after=5', 'x-causeway-timeout-ms': '150' };
    const stream = client.messages.stream(ask('sim/small'), { headers });
    const { response } = await stream.withResponse();
    const thrown = await thrownBy(stream.finalMessage(), APIError);
    assert.match(thrown.message, /time that the request allowed/);
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.equal(trace.status, 'aborted');
  });
});
