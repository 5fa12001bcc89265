import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readTraceparent, spanIdOf } from '../../core/trace-context.ts';
import { startAttempt } from '../../../test/support/attempt-bench.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import type { UpstreamRequest } from '../../models/transport/transport.ts';
import { traced } from './traced.ts';

const REQUEST: UpstreamRequest = {
  method: 'POST',
  origin: 'https://llm.test',
  path: '/',
  headers: { accept: '*/*' },
  body: undefined,
  timeouts: { connect: 1, headers: 1, idle: 1 },
};
const CONTEXT = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentId: '00f067aa0ba902b7', sampled: false };

function attemptOf(call: ReturnType<typeof makeCall>) {
  const opening = { target: 'a/b', priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined };
  return call.attempts.open({ ...opening, simulated: false });
}

describe('traced', () => {
  it("goes on with the client's trace, each attempt under an id of its own", () => {
    const call = makeCall({ traceContext: CONTEXT });
    for (const number of [1, 2]) {
      const { headers } = traced(REQUEST, call, attemptOf(call));
      assert.deepEqual(readTraceparent(headers['traceparent']), { ...CONTEXT, parentId: spanIdOf(call.id, number) });
    }
    assert.deepEqual(REQUEST.headers, { accept: '*/*' }, 'what all requests share stays as it is');
  });

  it('begins one only where the gateway exports it', () => {
    const call = makeCall();
    assert.equal(traced(REQUEST, call, attemptOf(call)), REQUEST);
    const { headers } = traced(REQUEST, call, attemptOf(call), true);
    const own = { traceId: call.id, parentId: spanIdOf(call.id, 2), sampled: true };
    assert.deepEqual(readTraceparent(headers['traceparent']), own);
  });

  it('is what an attempt sends', () => {
    const { call, upstream } = startAttempt({ traceContext: CONTEXT });
    const { traceparent } = upstream.request.headers;
    assert.deepEqual(readTraceparent(traceparent), { ...CONTEXT, parentId: spanIdOf(call.id, 1) });
  });
});
