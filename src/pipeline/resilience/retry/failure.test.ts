import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ERRORS, type ErrorCode, GatewayError } from '../../../core/errors.ts';
import { type Again, type Blame, type FailureFacts, verdictOn } from './failure.ts';

const CHAT: FailureFacts = { operation: 'chat', method: undefined, sent: true, streamedBody: false };
const CODES = Object.keys(ERRORS) as ErrorCode[];

function said(code: ErrorCode, facts: Partial<FailureFacts> = {}): readonly [Blame, Again] {
  const { blames, again } = verdictOn(new GatewayError(code), { ...CHAT, ...facts });
  return [blames, again];
}

describe('the verdict on a failed attempt', () => {
  it('is that of its code', () => {
    const rows: readonly (readonly [ErrorCode, Blame, Again])[] = [
      ['model_not_found', 'nobody', 'elsewhere'],
      ['provider_auth_failed', 'key', 'anywhere'],
      ['provider_rate_limited', 'key', 'anywhere'],
      ['provider_overloaded', 'target', 'anywhere'],
      ['provider_error', 'target', 'anywhere'],
      ['provider_unreachable', 'target', 'anywhere'],
      ['provider_bad_response', 'target', 'anywhere'],
      ['stream_interrupted', 'target', 'anywhere'],
      ['provider_timeout', 'target', 'elsewhere-first'],
      ['queue_full', 'nobody', 'elsewhere'],
      ['target_unavailable', 'nobody', 'elsewhere'],
      ['gateway_overloaded', 'nobody', 'never'],
      ['shutting_down', 'nobody', 'never'],
      ['internal', 'nobody', 'never'],
    ];
    for (const [code, ...verdict] of rows) assert.deepEqual(said(code), verdict, code);
  });

  it("promise 10: a client's own error is never sent again and never harms a target", () => {
    for (const code of CODES.filter((each) => ERRORS[each].origin === 'client' && each !== 'model_not_found')) {
      assert.deepEqual(said(code), ['client', 'never'], code);
      assert.deepEqual(said(code, { sent: false }), ['client', 'never'], code);
    }
  });

  it('promise 10: only what the provider did wrong is blamed on a target or a key', () => {
    for (const code of CODES) {
      const [blames] = said(code);
      if (blames === 'target' || blames === 'key') assert.equal(ERRORS[code].origin, 'provider', code);
    }
  });
});

describe('a request that cannot be repeated without harm', () => {
  it('is not sent again once its body has begun to go upstream from the client', () => {
    for (const code of CODES) assert.equal(said(code, { streamedBody: true })[1], 'never', code);
    assert.equal(said('provider_unreachable', { streamedBody: true, sent: false })[1], 'anywhere');
    assert.deepEqual(said('provider_error', { streamedBody: true })[0], 'target', 'the blame stays');
  });

  it('is one that makes or changes a thing which is kept, unless nothing was done', () => {
    const writing: Partial<FailureFacts> = { operation: 'resource', method: 'POST' };
    const repeated = CODES.filter((code) => said(code, writing)[1] !== 'never');
    assert.deepEqual(repeated, [
      'provider_auth_failed',
      'provider_rate_limited',
      'provider_overloaded',
      'provider_unreachable',
    ]);
    assert.equal(said('provider_timeout', { ...writing, sent: false })[1], 'elsewhere-first');
  });

  it('is not one that reads such a thing or takes it away', () => {
    for (const method of ['GET', 'DELETE'] as const) {
      for (const code of CODES) assert.deepEqual(said(code, { operation: 'resource', method }), said(code), code);
    }
  });
});
