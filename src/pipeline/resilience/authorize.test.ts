import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'node:test';

import { startAttempt } from '../../../test/support/attempt-bench.ts';
import { OPENAI_ANSWER } from '../../../test/support/wire-texts.ts';
import { GatewayError } from '../../core/errors.ts';
import type { UpstreamRequest } from '../../models/transport/transport.ts';

function refuse(): Promise<UpstreamRequest> {
  return Promise.reject(new GatewayError('provider_auth_failed'));
}

describe('a request that has to be signed', () => {
  it('is sent once it is', async () => {
    const signing = Promise.withResolvers<UpstreamRequest>();
    let asked: UpstreamRequest | undefined;
    const authorize = (request: UpstreamRequest): Promise<UpstreamRequest> => {
      asked = request;
      return signing.promise;
    };
    const bench = startAttempt({ provider: { own: { authorize } } });
    assert.ok(asked);
    assert.equal(bench.transport.exchanges.length, 0);
    signing.resolve({ ...asked, headers: { ...asked.headers, authorization: 'signed' } });
    await setImmediate();
    assert.equal(bench.upstream.request.headers['authorization'], 'signed');
    bench.upstream.answer(200, OPENAI_ANSWER);
    assert.equal((await bench.whole()).status, 200);
  });

  it('is not billed where it cannot be', async () => {
    const bench = startAttempt({ provider: { own: { authorize: refuse } } });
    assert.equal((await bench.error()).code, 'provider_auth_failed');
    assert.equal(bench.attempt.closing?.costNanoUsd, 0);
  });

  it('is not sent any more where its client has left', async () => {
    const signing = Promise.withResolvers<UpstreamRequest>();
    let asked: UpstreamRequest | undefined;
    const bench = startAttempt({
      provider: {
        own: {
          authorize: (request) => {
            asked = request;
            return signing.promise;
          },
        },
      },
    });
    bench.call.cancellation.cancel('client');
    assert.equal((await bench.error()).code, 'client_aborted');
    assert.ok(asked);
    signing.resolve(asked);
    await setImmediate();
    assert.equal(bench.transport.exchanges.length, 0);
    assert.equal(bench.attempt.closing?.outcome, 'aborted');
    assert.equal(bench.attempt.closing.costNanoUsd, 0);
  });
});
