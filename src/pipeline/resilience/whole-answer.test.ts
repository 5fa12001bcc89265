import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type Bench, type BenchOptions, startAttempt } from '../../../test/support/attempt-bench.ts';
import { OPENAI_ANSWER } from '../../../test/support/wire-texts.ts';

function refusal(code: string): object {
  return { error: { message: 'no', type: 'x', param: null, code } };
}

async function refused(status: number, body: unknown, headers: Record<string, string> = {}): Promise<Bench> {
  const bench = startAttempt();
  bench.upstream.answer(status, body, headers);
  await bench.error();
  return bench;
}

describe('a whole answer', () => {
  it('is relayed byte for byte, with the facts of the provider and of the gateway', async () => {
    const bench = startAttempt();
    const body = `${JSON.stringify(OPENAI_ANSWER, null, 3)}\n`;
    bench.clock.advance(120);
    bench.upstream.head(200, {
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'req_1',
      'x-ratelimit-remaining-requests': '7',
      'set-cookie': 'a=b',
      connection: 'keep-alive',
    });
    bench.upstream.data(body.slice(0, 20));
    bench.upstream.data(body.slice(20));
    bench.upstream.end();
    const reply = await bench.whole();
    assert.equal(reply.status, 200);
    assert.equal(Buffer.from(reply.body).toString(), body);
    assert.deepEqual(reply.headers, {
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'req_1',
      'x-ratelimit-remaining-requests': '7',
      'x-causeway-request-id': bench.call.id,
      'x-causeway-target': 'openai/gpt-4o-mini',
      'x-causeway-attempts': '1',
      'x-causeway-cost-usd': '0.00045',
    });
    const usage = { inputTokens: 1000, outputTokens: 500 };
    assert.deepEqual(reply.terminal, { kind: 'completed', finishReason: 'stop', usage });
    assert.deepEqual(bench.attempt.closing, {
      outcome: 'completed',
      errorCode: undefined,
      usage,
      usageSource: 'reported',
      costNanoUsd: 450_000,
      costSource: 'priced',
    });
    assert.equal(bench.attempt.responseModel, 'gpt-4o-mini-2024-07-18');
    assert.equal(bench.attempt.providerRequestId, 'req_1');
    assert.equal(bench.attempt.httpStatus, 200);
    assert.equal(bench.attempt.closedAt, 120);
  });

  it('promise 6: assumes the usage that was not reported, and says that it did', async () => {
    const bench = startAttempt();
    bench.upstream.answer(200, { ...OPENAI_ANSWER, usage: undefined });
    const { terminal } = await bench.whole();
    assert.equal(terminal.usage, undefined);
    assert.equal(bench.attempt.closing?.usageSource, 'assumed');
    assert.ok((bench.attempt.closing?.usage?.outputTokens ?? 0) > 0);
  });

  it('assumes no output tokens for vectors, however long they are', async () => {
    const embeddings: BenchOptions = { operation: 'embeddings', facts: { model: 'text-embedding-3-small' } };
    const bench = startAttempt(embeddings);
    bench.upstream.answer(200, { data: [{ embedding: Array.from({ length: 1000 }, () => 0.123456) }] });
    await bench.whole();
    assert.equal(bench.attempt.closing?.usage?.outputTokens, 0);
    const reported = startAttempt(embeddings);
    reported.upstream.answer(200, { data: [], usage: { prompt_tokens: 50, total_tokens: 50 } });
    await reported.whole();
    assert.equal(reported.attempt.closing?.costNanoUsd, 1000);
  });

  it('promise 6: has no cost, rather than a cost of 0, where the price is not known', async () => {
    const bench = startAttempt({ model: 'gpt-unheard-of' });
    bench.upstream.answer(200, OPENAI_ANSWER);
    const { headers } = await bench.whole();
    assert.equal(bench.attempt.closing?.costNanoUsd, undefined);
    assert.equal(headers['x-causeway-cost-usd'], undefined);
    assert.deepEqual(bench.call.attempts.cost, { nanoUsd: 0, known: false });
  });

  it('names the price that settled it', async () => {
    const bench = startAttempt({ prices: { 'openai/gpt-4o-mini': { input: 1, output: 1 } } });
    bench.upstream.answer(200, OPENAI_ANSWER);
    await bench.whole();
    assert.equal(bench.attempt.closing?.costNanoUsd, 1_500_000);
    assert.match(bench.attempt.opening.priceVersion ?? '', /^config:openai\/gpt-4o-mini#/);
  });

  it('promise 11: is given up beyond 64 MB, and the connection with it', async () => {
    const bench = startAttempt();
    bench.upstream.head(200);
    const piece = Buffer.alloc(1 << 20, ' ');
    for (let sent = 0; sent <= 64; sent += 1) bench.upstream.data(piece);
    assert.equal((await bench.error()).code, 'provider_bad_response');
    assert.equal(bench.upstream.aborts, 1);
  });
});

describe('promise 10: a refusal', () => {
  const rows: [number, string, string][] = [
    [400, 'unsupported_parameter', 'request_invalid'],
    [400, 'context_length_exceeded', 'context_length_exceeded'],
    [401, 'invalid_api_key', 'provider_auth_failed'],
    [402, 'x', 'provider_auth_failed'],
    [403, 'x', 'provider_auth_failed'],
    [404, 'model_not_found', 'model_not_found'],
    [413, 'x', 'request_too_large'],
    [422, 'x', 'request_invalid'],
    [429, 'rate_limit_exceeded', 'provider_rate_limited'],
    [500, 'x', 'provider_error'],
    [503, 'x', 'provider_overloaded'],
    [529, 'x', 'provider_overloaded'],
  ];
  for (const [status, providerCode, code] of rows) {
    it(`${status} ${providerCode} is ${code}, and costs nothing`, async () => {
      const bench = await refused(status, refusal(providerCode));
      const error = await bench.error();
      assert.equal(error.code, code);
      assert.equal(error.refusal?.status, code === 'provider_auth_failed' ? undefined : status);
      assert.deepEqual(bench.attempt.closing, { outcome: 'failed', errorCode: code, costNanoUsd: 0 });
      assert.equal(bench.attempt.httpStatus, status);
      assert.deepEqual(bench.call.attempts.cost, { nanoUsd: 0, known: true });
    });
  }

  it('keeps what a client of the dialect may see of it, and how long to wait', async () => {
    const headers = { 'retry-after': '7', 'x-ratelimit-remaining-tokens': '0', 'set-cookie': 'a=b', server: 'cf' };
    const error = await (await refused(429, refusal('rate_limit_exceeded'), headers)).error();
    assert.equal(error.retryAfterMs, 7000);
    assert.deepEqual(error.refusal?.headers, {
      'content-type': 'application/json',
      'retry-after': '7',
      'x-ratelimit-remaining-tokens': '0',
    });
  });

  it('is known by its status also where its words were cut off', async () => {
    const bench = startAttempt();
    bench.upstream.head(429, { 'content-type': 'application/json', 'retry-after': '3' });
    bench.upstream.data('{"error":{"mess');
    bench.upstream.fail('broken');
    const error = await bench.error();
    assert.equal(error.code, 'provider_rate_limited');
    assert.equal(error.retryAfterMs, 3000);
    assert.equal(bench.attempt.closing?.costNanoUsd, 0);
  });

  it('costs nothing where the client left while it came', async () => {
    const bench = startAttempt();
    bench.upstream.head(503);
    bench.call.cancellation.cancel('client');
    await bench.error();
    assert.deepEqual(bench.attempt.closing, { outcome: 'aborted', errorCode: undefined, costNanoUsd: 0 });
  });
});

describe('an answer that is none', () => {
  const rows: [string, number, string, string][] = [
    ['a page', 200, '<html>Welcome</html>', 'provider_bad_response'],
    ['a page', 400, '<html>Bad Request</html>', 'provider_bad_response'],
    ['a page', 502, '<html>Bad Gateway</html>', 'provider_error'],
    ['half of a JSON text', 200, '{"choices":[{"mess', 'provider_bad_response'],
    ['nothing', 200, '', 'provider_bad_response'],
    ['a list', 200, '[]', 'provider_bad_response'],
    ['another protocol', 200, '{"candidates":[]}', 'provider_bad_response'],
    ['an error', 200, '{"error":{"message":"m","code":"rate_limit_exceeded"}}', 'provider_rate_limited'],
    ['a redirect', 302, '', 'provider_bad_response'],
  ];
  for (const [what, status, body, code] of rows) {
    it(`${what} under ${status} is ${code}`, async () => {
      const bench = await refused(status, body);
      assert.equal((await bench.error()).code, code);
      assert.equal(bench.attempt.closing?.outcome, 'failed');
      assert.equal(bench.attempt.closing.errorCode, code);
      assert.equal(bench.attempt.closing.usage?.outputTokens ?? 0, 0, 'a page was not generated by a model');
    });
  }

  it('is also an answer in one piece where a stream was asked for, which may bill all the same', async () => {
    const bench = startAttempt({ facts: { stream: true } });
    bench.upstream.answer(200, OPENAI_ANSWER);
    const error = await bench.error();
    assert.equal(error.code, 'provider_bad_response');
    assert.match(error.message, /event stream/);
    assert.equal(bench.attempt.closing?.usageSource, 'reported');
    assert.equal(bench.attempt.closing.costNanoUsd, 450_000);
  });

  it('says what it was told where a stream was asked for and an error came under a 200', async () => {
    const bench = startAttempt({ facts: { stream: true } });
    bench.upstream.answer(200, { error: { message: 'm', code: 429 } });
    assert.equal((await bench.error()).code, 'provider_rate_limited');
    assert.equal(bench.attempt.closing?.costNanoUsd, 0);
  });

  it('is a stream where none was asked for', async () => {
    const bench = startAttempt();
    bench.upstream.sse();
    bench.upstream.data('data: {}\n\n');
    bench.upstream.end();
    assert.equal((await bench.error()).code, 'provider_bad_response');
  });
});
