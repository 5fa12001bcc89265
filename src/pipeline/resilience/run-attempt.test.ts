import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { AbortedBy } from '../../core/cancellation.ts';
import { type Bench, startAttempt } from '../../../test/support/attempt-bench.ts';
import { OPENAI_ANSWER, OPENAI_HELLO } from '../../../test/support/wire-texts.ts';

const ABORTS: [AbortedBy, string][] = [
  ['client', 'client_aborted'],
  ['deadline', 'deadline_exceeded'],
  ['shutdown', 'shutting_down'],
];

/** A cancel after the end must find nothing left that listens. */
function assertForgotten({ call, upstream }: Bench): void {
  const { aborts } = upstream;
  call.cancellation.cancel('client');
  assert.equal(upstream.aborts, aborts);
}

describe('an attempt', () => {
  it('sends what the provider planned, and keeps the patches', async () => {
    const bench = startAttempt({ json: { model: 'chat', messages: [] }, model: 'gpt-4o-mini' });
    const { request } = bench.upstream;
    assert.equal(request.origin + request.path, 'http://openai.test/v1/chat/completions');
    assert.equal(Buffer.from(request.body ?? []).toString(), '{"model":"gpt-4o-mini","messages":[]}');
    assert.deepEqual(bench.attempt.patches, [{ op: 'set', path: '/model', value: 'gpt-4o-mini' }]);
    bench.upstream.answer(200, OPENAI_ANSWER);
    await bench.whole();
    assertForgotten(bench);
  });

  it('costs nothing where there was no connection, and its time is not ours', async () => {
    const bench = startAttempt();
    bench.clock.advance(3000);
    bench.upstream.fail('connect');
    assert.equal((await bench.error()).code, 'provider_unreachable');
    assert.deepEqual(bench.attempt.closing, {
      outcome: 'failed',
      errorCode: 'provider_unreachable',
      costNanoUsd: 0,
    });
    assert.deepEqual(bench.call.attempts.cost, { nanoUsd: 0, known: true });
    assert.equal(bench.call.attempts.providerMs(3000), 3000);
    assertForgotten(bench);
  });

  it('is billed as assumed where the provider was asked and did not answer', async () => {
    for (const [kind, code] of [
      ['timeout', 'provider_timeout'],
      ['broken', 'provider_bad_response'],
    ] as const) {
      const bench = startAttempt();
      bench.upstream.fail(kind);
      assert.equal((await bench.error()).code, code);
      const { closing } = bench.attempt;
      assert.equal(closing?.errorCode, code);
      assert.equal(closing?.usageSource, 'assumed');
      assert.equal(closing?.usage?.outputTokens, 0);
      assert.ok((closing?.costNanoUsd ?? 0) > 0);
      assertForgotten(bench);
    }
  });

  it('is billed for what was seen where a whole answer breaks off', async () => {
    const bench = startAttempt();
    bench.upstream.head(200);
    bench.upstream.data('x'.repeat(400));
    bench.upstream.fail('broken');
    assert.match((await bench.error()).message, /in the middle/);
    assert.equal(bench.attempt.closing?.usage?.outputTokens, 100);
  });

  for (const [by, code] of ABORTS) {
    it(`ends with ${code} where the ${by} ends it before the head, and aborts the provider`, async () => {
      const bench = startAttempt();
      bench.call.cancellation.cancel(by);
      assert.equal((await bench.error()).code, code);
      assert.equal(bench.upstream.aborts, 1);
      assert.equal(bench.attempt.closing?.outcome, 'aborted');
      assert.equal(bench.attempt.closing.usageSource, 'assumed');
    });

    it(`ends with ${code} where the ${by} ends it after the head`, async () => {
      for (const stream of [false, true]) {
        const bench = startAttempt({ facts: { stream } });
        if (stream) bench.upstream.sse();
        else bench.upstream.head(200);
        bench.upstream.data(': wait\n\n');
        bench.call.cancellation.cancel(by);
        assert.equal((await bench.error()).code, code);
        assert.ok(bench.upstream.aborts > 0);
        assert.equal(bench.attempt.closing?.outcome, 'aborted');
      }
    });

    it(`is not begun where the ${by} has ended the call before`, async () => {
      const { cancellation } = startAttempt().call;
      cancellation.cancel(by);
      const bench = startAttempt({ cancellation });
      assert.equal((await bench.error()).code, code);
      assert.deepEqual(bench.transport.exchanges, []);
      assert.deepEqual(bench.call.attempts.all, []);
    });
  }

  it('fails where the request cannot be sent at all, while it is being sent', async () => {
    const bench = startAttempt({ unsendable: true });
    assert.equal((await bench.error()).code, 'provider_unreachable');
    assert.equal(bench.attempt.closing?.costNanoUsd, 0);
    assertForgotten(bench);
  });

  it('says that a provider does not serve this kind of request', async () => {
    const bench = startAttempt({
      type: 'anthropic',
      dialect: 'openai',
      operation: 'embeddings',
      endpoint: '/v1/embeddings',
    });
    const error = await bench.error();
    assert.equal(error.code, 'operation_unsupported');
    assert.match(error.message, /"anthropic".*\/v1\/embeddings/);
    assert.deepEqual(bench.call.attempts.all, []);
  });

  it('says that there is no key, before anything is opened', async () => {
    const bench = startAttempt({ provider: { apiKeys: [] } });
    assert.equal((await bench.error()).code, 'provider_auth_failed');
    assert.deepEqual(bench.call.attempts.all, []);
  });

  it('says that it is simulated where it is', () => {
    const bench = startAttempt({ provider: { simulated: true }, facts: { stream: true } });
    assert.equal(bench.attempt.opening.simulated, true);
    bench.upstream.sse();
    bench.upstream.data(OPENAI_HELLO);
    return bench.reply.then(({ headers }) => assert.equal(headers['x-causeway-simulated'], 'true'));
  });
});
