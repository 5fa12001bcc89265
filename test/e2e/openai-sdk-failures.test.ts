import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI, {
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  OpenAIError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';

import { type Gateway, latestTraces, startGateway, untilInFlight } from '../support/gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { simulate } from './simulate.ts';

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

interface Row {
  readonly what: string;
  readonly ask: () => Promise<unknown>;
  readonly kind: abstract new (...args: never[]) => APIError;
  readonly status: number;
  readonly code: string | null;
  readonly message: RegExp;
  /** The code on the record, where the client is shown the provider's own. */
  readonly recorded?: string;
}

const ask = (body: object, options?: object): Promise<unknown> =>
  client.post('/chat/completions', { body: { model: 'sim/echo', messages: HELLO, ...body }, ...options });

describe('errors, as the official client throws them', () => {
  const rows: readonly Row[] = [
    {
      what: 'a key that may not ask for the model',
      ask: async () => {
        const limited = clientWith(await gateway.makeKey({ project: 'p', models: ['sim/small'] }));
        return limited.chat.completions.create({ model: 'sim/echo', messages: HELLO });
      },
      kind: PermissionDeniedError,
      status: 403,
      code: 'auth_forbidden',
      message: /may not use the model "sim\/echo"/,
    },
    {
      what: 'a wrong key',
      ask: () => clientWith('cw-wrong').chat.completions.create({ model: 'sim/echo', messages: HELLO }),
      kind: AuthenticationError,
      status: 401,
      code: 'auth_invalid_key',
      message: /unknown, expired or revoked/,
    },
    {
      what: 'an unknown model',
      ask: () => ask({ model: 'nobody/knows' }),
      kind: NotFoundError,
      status: 404,
      code: 'model_not_found',
      message: /nobody\/knows.*not known here/,
    },
    {
      what: 'a body without messages',
      ask: () => ask({ messages: [] }),
      kind: BadRequestError,
      status: 400,
      code: 'request_invalid',
      message: /at least one message/,
    },
    {
      what: 'a body over the limit',
      ask: () => ask({ messages: [{ role: 'user', content: 'x'.repeat(70_000) }] }),
      kind: APIError,
      status: 413,
      code: 'request_too_large',
      message: /65536 bytes/,
    },
    {
      what: 'embeddings of a provider that has none',
      ask: () => client.embeddings.create({ model: 'claude/claude-haiku-4-5', input: 'Hello' }),
      kind: BadRequestError,
      status: 400,
      code: 'operation_unsupported',
      message: /does not serve \/v1\/embeddings/,
    },
    {
      what: 'a 500 of the provider',
      ask: () => ask({}, simulate('error=500')),
      kind: InternalServerError,
      status: 500,
      code: null,
      message: /simulated/,
      recorded: 'provider_error',
    },
    {
      what: 'an overloaded provider',
      ask: () => ask({ stream: true }, simulate('error=503')),
      kind: InternalServerError,
      status: 503,
      code: null,
      message: /[Oo]verloaded/,
      recorded: 'provider_overloaded',
    },
    {
      what: 'a 401 that the provider gives to our own key',
      ask: () => ask({}, simulate('error=401')),
      kind: InternalServerError,
      status: 502,
      code: 'provider_auth_failed',
      message: /gateway's own credentials/,
    },
    {
      what: 'HTML in place of an answer',
      ask: () => ask({}, simulate('html')),
      kind: InternalServerError,
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
    const thrown = await thrownBy(ask({}, simulate('error=429, retry-after=7s')), RateLimitError);
    assert.equal(thrown.status, 429);
    assert.equal(thrown.headers?.get('retry-after'), '7');
    const trace = await gateway.trace(thrown.headers?.get('x-causeway-request-id'));
    assert.equal(trace.error?.code, 'provider_rate_limited');
    assert.equal(trace.cost_usd, 0);
  });
});

const start = async (settings: string) => {
  const request = { model: 'sim/small', messages: HELLO, stream: true as const };
  const { data, response } = await client.chat.completions.create(request, simulate(settings)).withResponse();
  return { data, id: response.headers.get('x-causeway-request-id') };
};
const readAll = async (stream: AsyncIterable<OpenAI.ChatCompletionChunk>, chunks: unknown[]): Promise<void> => {
  for await (const chunk of stream) chunks.push(chunk);
};

describe('streams that do not end well, for the official client', () => {
  for (const [settings, code, message] of [
    ['cut-after=5', 'stream_interrupted', /ended before the answer was complete/],
    ['half-json', 'provider_bad_response', /not its protocol/],
    ['malformed-after=5', 'provider_bad_response', /./],
    ['error-after=5, error-status=500', 'provider_error', /./],
  ] as const) {
    it(`promise 1: ${settings}: what came is there, then the client throws, and the record says failed`, async () => {
      const { data, id } = await start(settings);
      const chunks: unknown[] = [];
      const thrown = await thrownBy(readAll(data, chunks), APIError);
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
    await thrownBy(runner.finalChatCompletion(), OpenAIError);
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
    const thrown = thrownBy(work, APIUserAbortError);
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
    const thrown = await thrownBy(work, InternalServerError);
    assert.deepEqual([thrown.status, thrown.code], [504, 'deadline_exceeded']);
    const trace = await gateway.trace(thrown.headers?.get('x-causeway-request-id'));
    assert.deepEqual([trace.status, trace.attempts.length], ['aborted', 1]);
  });

  it("the client's own timeout is an abort", async () => {
    const request = { model: 'sim/echo', messages: HELLO, user: 'short-of-time' };
    await thrownBy(
      client.chat.completions.create(request, { ...simulate('hang'), timeout: 50 }),
      APIConnectionTimeoutError,
    );
    await untilInFlight(gateway, 0);
    const [trace] = await latestTraces(gateway, '?user=short-of-time');
    assert.equal(trace?.status, 'aborted');
  });
});
