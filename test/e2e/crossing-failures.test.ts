import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import * as anthropicErrors from '@anthropic-ai/sdk';
import * as openaiErrors from 'openai';

import { ERRORS, type ErrorCode } from '../../src/core/errors.ts';
import { untilInFlight } from '../support/gateway.ts';
import { claudeSays, gptSays } from '../support/provider-answers.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, type UpstreamAnswer } from '../support/upstream.ts';
import { anthropicFrame } from '../support/wire-texts.ts';

let crossing: SdkGateway;

before(async () => {
  crossing = await startSdkGateway({
    config: [
      'prices: { claude/m: { input: 3, output: 15 }, gpt/m: { input: 3, output: 15 } }',
      'models:',
      '  quiet-claude: { target: claude/m, timeouts: { idle: 100ms } }',
      '  quiet-gpt: { target: gpt/m, timeouts: { idle: 100ms } }',
    ].join('\n'),
  });
});
after(() => crossing.close());

const HELLO = [{ role: 'user' as const, content: 'Hello' }];
const TEXT = 'A long answer that comes in several pieces';

/** What the tests need of the error of either SDK. */
interface SdkError extends Error {
  readonly status: number | undefined;
  readonly headers: Headers | undefined;
  readonly error: unknown;
}

/** One way across: a client's SDK and the stand-in of the other dialect. */
interface Side {
  readonly what: string;
  readonly provider: 'claude' | 'gpt';
  readonly errors: Readonly<Record<string, unknown>> & {
    readonly APIError: abstract new (...args: never[]) => SdkError;
  };
  /** The client's status where the provider has no capacity. */
  readonly overloaded: number;
  upstream(): Upstream;
  /** Asks, and reads the answer to its end; `heard` gets each piece of text. */
  ask(body: Ask, heard?: (text: string) => void): Promise<unknown>;
  errorBody(status: number, message: string): object;
  /** An answer in order. */
  readonly says: ReturnType<typeof claudeSays>;
  /** A frame that says that something went wrong. */
  readonly errorFrame: string;
}

interface Ask {
  readonly model?: string;
  readonly stream: boolean;
  readonly signal?: AbortSignal;
  readonly more?: object;
}

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
};

const SIDES: readonly Side[] = [
  {
    what: 'an OpenAI client with a target of Anthropic',
    provider: 'claude',
    errors: openaiErrors,
    overloaded: 503,
    upstream: () => crossing.claude,
    async ask({ model = 'claude/m', stream, signal, more }, heard = () => {}) {
      const { completions } = crossing.openai.chat;
      const body = { model, messages: HELLO, ...more };
      if (!stream) return completions.create(body, { signal: signal ?? null });
      for await (const { choices } of await completions.create({ ...body, stream: true }, { signal: signal ?? null })) {
        heard(choices[0]?.delta.content ?? '');
      }
      return undefined;
    },
    errorBody: (status, message) => ({ type: 'error', error: { type: ANTHROPIC_TYPES[status], message } }),
    says: claudeSays({ parts: [{ text: TEXT }], stop: 'end_turn', usage: { input_tokens: 9, output_tokens: 30 } }),
    errorFrame: anthropicFrame('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  },
  {
    what: 'an Anthropic client with a target of OpenAI',
    provider: 'gpt',
    errors: anthropicErrors,
    overloaded: 529,
    upstream: () => crossing.gpt,
    async ask({ model = 'gpt/m', stream, signal, more }, heard = () => {}) {
      const { messages } = crossing.anthropic;
      const body = { model, max_tokens: 99, messages: HELLO, ...more };
      if (!stream) return messages.create(body, { signal: signal ?? null });
      for await (const event of await messages.create({ ...body, stream: true }, { signal: signal ?? null })) {
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') heard(event.delta.text);
      }
      return undefined;
    },
    errorBody: (_status, message) => ({ error: { message, type: 'invalid_request_error', param: null, code: null } }),
    says: gptSays({
      parts: [{ text: TEXT }],
      stop: 'stop',
      usage: { prompt_tokens: 9, completion_tokens: 30, total_tokens: 39 },
    }),
    errorFrame: `data: ${JSON.stringify({ error: { message: 'Overloaded', code: 503 } })}\n\n`,
  },
];

interface Row {
  readonly status: number;
  /** Class of both SDKs. */
  readonly throws: string;
  readonly shown: number | 'overloaded';
  readonly recorded: string;
}

const ROWS: readonly Row[] = [
  { status: 400, throws: 'BadRequestError', shown: 400, recorded: 'request_invalid' },
  { status: 401, throws: 'InternalServerError', shown: 502, recorded: 'provider_auth_failed' },
  { status: 404, throws: 'NotFoundError', shown: 404, recorded: 'model_not_found' },
  { status: 413, throws: 'APIError', shown: 413, recorded: 'request_too_large' },
  { status: 429, throws: 'RateLimitError', shown: 429, recorded: 'provider_rate_limited' },
  { status: 500, throws: 'InternalServerError', shown: 502, recorded: 'provider_error' },
  { status: 503, throws: 'InternalServerError', shown: 'overloaded', recorded: 'provider_overloaded' },
  { status: 529, throws: 'InternalServerError', shown: 'overloaded', recorded: 'provider_overloaded' },
];

async function latest(): ReturnType<SdkGateway['gateway']['trace']> {
  const { json } = await crossing.gateway.admin('/traces?limit=1');
  return crossing.gateway.trace((json['data'] as { trace_id: string }[])[0]?.trace_id);
}

/** The answer's first pieces, and then what the test says. */
function broken({ says }: Side, ending: 'end' | 'cut' | 'stall', ...more: string[]): UpstreamAnswer {
  const { chunks = [] } = says({ body: '{"stream":true}' });
  const at = chunks.findIndex((chunk) => String(chunk).includes('several'));
  return { headers: SSE_HEADERS, chunks: [...chunks.slice(0, at), ...more], ending };
}

for (const side of SIDES) {
  describe(`${side.what}: errors as the official client throws them`, () => {
    for (const { status, throws, shown, recorded } of ROWS) {
      it(`promise 10: ${status} of the provider: ${throws}`, async () => {
        const body = side.errorBody(status, 'the words of the provider');
        const headers = { ...JSON_HEADERS, 'retry-after': '7' };
        for (const stream of [false, true]) {
          side.upstream().answer({ status, headers, chunks: [JSON.stringify(body)] });
          const kind = side.errors[throws] as Side['errors']['APIError'];
          const thrown = await thrownBy(side.ask({ stream }), kind);
          assert.equal(thrown.status, shown === 'overloaded' ? side.overloaded : shown);
          assert.equal(thrown.message.includes('the words of the provider'), recorded !== 'provider_auth_failed');
          if (status === 429) assert.equal(thrown.headers?.get('retry-after'), '7');
          const trace = await crossing.trace(thrown.headers);
          assert.deepEqual([trace.status, trace.error?.code, trace.cost_usd], ['failed', recorded, 0]);
        }
      });
    }

    it('a feature that the target does not have is a 400 that names the field, before anything is sent', async () => {
      const { length } = side.upstream().received;
      const more =
        side.provider === 'claude' ? { logprobs: true } : { mcp_servers: [{ type: 'url', url: 'u', name: 'm' }] };
      const thrown = await thrownBy(
        side.ask({ stream: true, more }),
        side.errors['BadRequestError'] as Side['errors']['APIError'],
      );
      assert.match(thrown.message, new RegExp(`\`${Object.keys(more)[0]}\``));
      assert.equal(side.upstream().received.length, length);
      const trace = await crossing.trace(thrown.headers);
      assert.deepEqual([trace.error?.code, trace.attempts], ['capability_unsupported', []]);
    });
  });

  describe(`${side.what}: streams that do not end well`, () => {
    const BROKEN: readonly (readonly [string, () => UpstreamAnswer, ErrorCode])[] = [
      ['is cut', () => broken(side, 'cut'), 'stream_interrupted'],
      ['ends too early', () => broken(side, 'end'), 'stream_interrupted'],
      ['has half a chunk', () => broken(side, 'end', 'data: {"cut\n\n'), 'provider_bad_response'],
      ['falls silent', () => broken(side, 'stall'), 'stream_interrupted'],
      ['says that something went wrong', () => broken(side, 'end', side.errorFrame), 'provider_overloaded'],
    ];
    for (const [what, answer, code] of BROKEN) {
      it(`promise 1: one that ${what} is an error for the client and on the record`, async () => {
        side.upstream().answer(answer());
        let text = '';
        const work = side.ask({ model: `quiet-${side.provider}`, stream: true }, (piece) => (text += piece));
        const thrown = await thrownBy(work, side.errors.APIError);
        assert.ok(text.length > 0 && TEXT.startsWith(text) && text !== TEXT, text);
        const type = side.provider === 'claude' ? ERRORS[code].openai : ERRORS[code].anthropic;
        assert.ok(JSON.stringify(thrown.error).includes(type), JSON.stringify(thrown.error));
        const trace = await latest();
        assert.deepEqual([trace.status, trace.error?.code], ['failed', code]);
        assert.equal(trace.attempts[0]?.usage_source, 'assumed');
        assert.ok((trace.cost_usd ?? 0) > 0);
      });
    }

    it('promise 11: an abort of the client ends the upstream, and what was used is settled', async () => {
      const next = side.upstream().next();
      side.upstream().answer(broken(side, 'stall'));
      const abort = new AbortController();
      const work = side.ask({ stream: true, signal: abort.signal }, () => abort.abort());
      await work.catch(() => {});
      const { closed } = await next;
      await closed;
      await untilInFlight(crossing.gateway, 0);
      const trace = await latest();
      assert.deepEqual([trace.status, trace.attempts[0]?.outcome], ['aborted', 'aborted']);
      assert.equal(trace.attempts[0]?.usage_source, 'assumed');
      assert.ok((trace.tokens.output ?? 0) > 0 && (trace.cost_usd ?? 0) > 0);
    });
  });
}

describe('several answers of which one fails', () => {
  it('are an error for the client, and the others are ended and settled', async () => {
    let asked = 0;
    crossing.claude.answer(() => {
      asked += 1;
      return asked < 3 ? { headers: JSON_HEADERS, ending: 'stall' } : { status: 529, headers: JSON_HEADERS };
    });
    const work = crossing.openai.chat.completions.create({ model: 'claude/m', messages: HELLO, n: 3 });
    const thrown = await thrownBy(work, openaiErrors.InternalServerError);
    await untilInFlight(crossing.gateway, 0);
    const trace = await crossing.trace(thrown.headers);
    assert.deepEqual(
      trace.attempts.map(({ outcome }) => outcome).toSorted((a, b) => a.localeCompare(b)),
      ['aborted', 'aborted', 'failed'],
    );
    await Promise.all(crossing.claude.received.slice(-3).map(({ closed }) => closed));
  });
});
