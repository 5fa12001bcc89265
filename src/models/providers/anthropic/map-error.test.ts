import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mapError, mapErrorObject } from './map-error.ts';

function refused(status: number, body: unknown): ReturnType<typeof mapError> {
  return mapError(status, {}, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

function errorBody(type: string, message: string): object {
  return { type: 'error', error: { type, message }, request_id: 'req_1' };
}

describe('mapError of an Anthropic-shaped server', () => {
  it('goes by the status', () => {
    const cases: [number, string, string][] = [
      [400, 'invalid_request_error', 'request_invalid'],
      [401, 'authentication_error', 'provider_auth_failed'],
      [403, 'permission_error', 'provider_auth_failed'],
      [404, 'not_found_error', 'model_not_found'],
      [413, 'request_too_large', 'request_too_large'],
      [429, 'rate_limit_error', 'provider_rate_limited'],
      [500, 'api_error', 'provider_error'],
      [529, 'overloaded_error', 'provider_overloaded'],
    ];
    for (const [status, type, code] of cases) {
      const error = refused(status, errorBody(type, 'm'));
      assert.equal(error.code, code, String(status));
      assert.equal(error.refusal?.status, code === 'provider_auth_failed' ? undefined : status);
    }
  });

  it('sees in the words that a prompt is too long', () => {
    const long = 'prompt is too long: 210000 tokens > 200000 maximum';
    assert.equal(refused(400, errorBody('invalid_request_error', long)).code, 'context_length_exceeded');
    assert.equal(refused(500, errorBody('api_error', long)).code, 'provider_error');
  });

  it('sees in the words that its content filter refused', () => {
    const filtered = 'Output blocked by content filtering policy';
    assert.equal(refused(400, errorBody('invalid_request_error', filtered)).code, 'content_policy_violation');
    assert.equal(refused(500, errorBody('api_error', filtered)).code, 'provider_error');
    const inStream = { type: 'invalid_request_error', message: filtered };
    assert.equal(mapErrorObject(inStream).code, 'content_policy_violation');
  });

  it('takes the words of another shape, and a page for a broken answer', () => {
    assert.equal(refused(400, { message: 'bad' }).message, 'bad');
    assert.equal(refused(400, { message: 'bad' }).code, 'request_invalid');
    assert.equal(refused(400, '<html>').code, 'provider_bad_response');
    assert.equal(refused(529, '<html>').code, 'provider_overloaded');
  });
});

describe('mapErrorObject of an Anthropic stream', () => {
  it('goes by the type', () => {
    assert.equal(mapErrorObject({ type: 'overloaded_error', message: 'm' }).code, 'provider_overloaded');
    assert.equal(mapErrorObject({ type: 'rate_limit_error', message: 'm' }).message, 'm');
    assert.equal(mapErrorObject({ type: 'valueOf' }).code, 'provider_error');
    assert.equal(mapErrorObject(undefined).code, 'provider_error');
  });

  it("promise 10: hides the words about the gateway's own key", () => {
    assert.ok(
      !mapErrorObject({ type: 'authentication_error', message: 'invalid x-api-key' }).message.includes('x-api'),
    );
  });
});
