import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type RefusalInput, codeForStatus, plainWords, refusalError } from './map-status.ts';

function refuse(parts: Partial<RefusalInput>): ReturnType<typeof refusalError> {
  return refusalError({
    dialect: 'openai',
    code: 'request_invalid',
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{}'),
    shape: 'dialect',
    message: 'no',
    ...parts,
  });
}

describe('codeForStatus', () => {
  it('says whose fault each status is', () => {
    const cases: [number, string][] = [
      [400, 'request_invalid'],
      [401, 'provider_auth_failed'],
      [402, 'provider_auth_failed'],
      [403, 'provider_auth_failed'],
      [404, 'model_not_found'],
      [408, 'provider_timeout'],
      [413, 'request_too_large'],
      [418, 'request_invalid'],
      [422, 'request_invalid'],
      [429, 'provider_rate_limited'],
      [500, 'provider_error'],
      [502, 'provider_error'],
      [503, 'provider_overloaded'],
      [504, 'provider_timeout'],
      [520, 'provider_error'],
      [529, 'provider_overloaded'],
    ];
    for (const [status, code] of cases) assert.equal(codeForStatus(status), code, String(status));
  });
});

describe('refusalError', () => {
  it('keeps a refusal in the dialect as it came', () => {
    const body = Buffer.from('{"error":{"message":"no"}}');
    const error = refuse({ body, headers: { 'x-request-id': 'r1' } });
    assert.deepEqual(error.refusal, { dialect: 'openai', status: 400, headers: { 'x-request-id': 'r1' }, body });
    assert.equal(error.message, 'no');
  });

  it('takes the words but not the form of a server that has its own', () => {
    const error = refuse({ shape: 'json', message: 'max_tokens is too large' });
    assert.equal(error.code, 'request_invalid');
    assert.equal(error.message, 'max_tokens is too large');
    assert.equal(error.refusal, undefined);
  });

  it('promise 10: does not blame the client for a page that a proxy sent', () => {
    assert.equal(refuse({ shape: 'foreign' }).code, 'provider_bad_response');
    assert.equal(refuse({ shape: 'foreign', code: 'model_not_found' }).code, 'provider_bad_response');
    assert.equal(refuse({ shape: 'foreign', code: 'provider_rate_limited' }).code, 'provider_rate_limited');
    assert.equal(refuse({ shape: 'foreign' }).refusal, undefined);
  });

  it("promise 10: shows nothing of what a provider says about the gateway's own key", () => {
    const error = refuse({ code: 'provider_auth_failed', status: 401, message: 'Incorrect key sk-abc' });
    assert.equal(error.refusal, undefined);
    assert.ok(!error.message.includes('Incorrect'));
    assert.equal(error.status, 502);
  });

  it('promise 12: redacts a secret in the words it passes on and in those it keeps for the log', () => {
    const secret = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';
    const error = refuse({ shape: 'json', message: `bad key ${secret}`, body: Buffer.from(`{"error":"${secret}"}`) });
    assert.ok(!error.message.includes(secret));
    assert.ok(!(error.cause as Error).message.includes(secret));
  });

  it('says how long to wait', () => {
    const headers = { 'retry-after': '3' };
    assert.equal(refuse({ code: 'provider_rate_limited', status: 429, headers }).retryAfterMs, 3000);
    assert.equal(refuse({}).retryAfterMs, undefined);
  });
});

describe('plainWords', () => {
  it('finds what a server says in a shape of its own', () => {
    assert.equal(plainWords({ error: 'model not loaded' }), 'model not loaded');
    assert.equal(plainWords({ object: 'error', message: 'too long' }), 'too long');
    assert.equal(plainWords({ detail: 'Not Found' }), 'Not Found');
    assert.equal(plainWords({ error: { message: 'x' } }), undefined);
    assert.equal(plainWords(['x']), undefined);
    assert.equal(plainWords(undefined), undefined);
  });
});
