import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mapError, mapErrorObject } from './map-error.ts';

function refusal(status: number, error: object, headers = {}) {
  return mapError(status, headers, Buffer.from(JSON.stringify({ error: { code: status, ...error } })));
}

const invalidKey = {
  message: 'API key not valid. Please pass a valid API key.',
  status: 'INVALID_ARGUMENT',
  details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
};

describe('errors of Google', () => {
  it("promise 10: are our own key's where they say so, whatever the status", () => {
    for (const error of [refusal(400, invalidKey), refusal(403, {}), refusal(401, {})]) {
      assert.equal(error.code, 'provider_auth_failed');
      assert.equal(error.refusal, undefined);
      assert.ok(!error.message.includes('API key not valid'));
    }
    const location = { status: 'FAILED_PRECONDITION', message: 'User location is not supported for the API use.' };
    assert.equal(refusal(400, location).code, 'provider_auth_failed');
  });

  it('are told apart by status and words', () => {
    const codes = [
      refusal(400, { message: 'Invalid JSON payload received.', status: 'INVALID_ARGUMENT' }),
      refusal(400, {
        message: 'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
      }),
      refusal(400, { message: 'Request payload size exceeds the limit: 20971520 bytes.' }),
      refusal(404, { message: 'models/x is not found', status: 'NOT_FOUND' }),
      refusal(429, { status: 'RESOURCE_EXHAUSTED' }),
      refusal(500, { status: 'INTERNAL' }),
      refusal(503, { message: 'The model is overloaded.', status: 'UNAVAILABLE' }),
      refusal(504, { status: 'DEADLINE_EXCEEDED' }),
    ].map(({ code }) => code);
    assert.deepEqual(codes, [
      'request_invalid',
      'context_length_exceeded',
      'request_too_large',
      'model_not_found',
      'provider_rate_limited',
      'provider_error',
      'provider_overloaded',
      'provider_timeout',
    ]);
  });

  it('say in words that a filter refused', () => {
    const message =
      'Image generation failed with the following error: The response is blocked, as it may violate our policies.';
    assert.equal(refusal(400, { message }).code, 'content_policy_violation');
    const words = "The prompt contains sensitive words that violate Google's Responsible AI practices.";
    assert.equal(refusal(400, { message: words }).code, 'content_policy_violation');
  });

  it('may stand in a list, and keep their form for clients of Gemini', () => {
    const body = Buffer.from(JSON.stringify([{ error: { code: 400, message: 'No.', status: 'INVALID_ARGUMENT' } }]));
    const error = mapError(400, {}, body);
    assert.deepEqual([error.code, error.message, error.refusal?.dialect], ['request_invalid', 'No.', 'gemini']);
    assert.equal(mapError(400, {}, Buffer.from('<html>')).code, 'provider_bad_response');
  });

  it('inside a stream have no status but their own code', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }];
    const error = mapErrorObject({ code: 429, message: 'Slow down.', details });
    assert.deepEqual([error.code, error.message, error.retryAfterMs], ['provider_rate_limited', 'Slow down.', 2000]);
    assert.equal(mapErrorObject({}).code, 'provider_error');
    assert.equal(refusal(429, { details }, { 'retry-after': '5' }).retryAfterMs, 5000);
  });
});
