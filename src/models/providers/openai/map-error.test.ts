import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mapError, mapErrorObject } from './map-error.ts';

function refused(status: number, body: unknown): ReturnType<typeof mapError> {
  return mapError(status, {}, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

describe('mapError of an OpenAI-shaped server', () => {
  it("goes by the provider's own code before the status", () => {
    const cases: [number, string, string][] = [
      [400, 'context_length_exceeded', 'context_length_exceeded'],
      [404, 'model_not_found', 'model_not_found'],
      [403, 'model_not_found', 'model_not_found'],
      [401, 'invalid_api_key', 'provider_auth_failed'],
      [429, 'insufficient_quota', 'provider_auth_failed'],
      [429, 'rate_limit_exceeded', 'provider_rate_limited'],
      [400, 'unsupported_parameter', 'request_invalid'],
      [500, 'rate_limit_exceeded', 'provider_error'],
      [400, 'constructor', 'request_invalid'],
    ];
    for (const [status, code, expected] of cases) {
      assert.equal(refused(status, { error: { message: 'm', code } }).code, expected, `${status} ${code}`);
    }
  });

  it('promise 10: a spent quota is not shown to the client as its own rate limit', () => {
    const error = refused(429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } });
    assert.equal(error.status, 502);
    assert.equal(error.row.retryable, false);
    assert.equal(error.refusal, undefined);
  });

  it("keeps a client's fault the client's where a compatible server words it in its own shape", () => {
    const bodies = [
      { error: 'model "x" not found, try pulling it first' },
      { object: 'error', message: "This model's maximum context length is 4096 tokens.", type: 'BadRequestError' },
      { detail: 'bad' },
    ];
    for (const body of bodies) {
      const error = refused(400, body);
      assert.equal(error.code, 'request_invalid');
      assert.match(error.message, /^(model|This model|bad)/);
    }
  });

  it('promise 10: tells what the content filter refused, and does not blame the key for it', () => {
    const prompt = 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.';
    const grok = 'Content violates usage guidelines. Team: t-1, API key ID: k-1, Failed check: SAFETY_CHECK_TYPE_BIO';
    const refusals: readonly (readonly [number, object])[] = [
      [400, { error: { message: 'filtered', code: 'content_filter' } }],
      [400, { error: { message: 'no', code: 'content_policy_violation' } }],
      [400, { error: { message: 'no', code: 'moderation_blocked' } }],
      [400, { error: { message: 'no', code: 'image_content_policy_violation' } }],
      [400, { error: { message: 'no', code: 'cyber_policy' } }],
      [400, { error: { message: 'no', code: 'data_inspection_failed' } }],
      [400, { error: { message: prompt, code: 'invalid_prompt' } }],
      [400, { error: { message: 'Your request was rejected as a result of our safety system.', code: null } }],
      [400, { error: { message: 'Content Exists Risk', code: 'invalid_request_error' } }],
      [403, { error: { message: 'flagged', code: 403, metadata: { reasons: ['hate'], flagged_input: 'x…' } } }],
      [403, { code: 'The caller does not have permission to execute the specified operation', error: grok }],
    ];
    for (const [status, body] of refusals) {
      const error = refused(status, body);
      assert.deepEqual([error.code, error.status], ['content_policy_violation', 400], JSON.stringify(body));
      assert.equal(error.refusal?.status, status === 400 ? 400 : undefined);
      assert.ok(!/k-1/.test(error.message), error.message);
    }
  });

  it('does not take every wrong prompt for a filtered one', () => {
    assert.equal(
      refused(400, { error: { message: 'No user message.', code: 'invalid_prompt' } }).code,
      'request_invalid',
    );
    assert.equal(refused(403, { error: { message: 'no', metadata: { provider: 'x' } } }).code, 'provider_auth_failed');
    assert.equal(refused(500, { error: { message: 'm', code: 'content_filter' } }).code, 'provider_error');
    assert.equal(refused(429, { error: { message: 'm', code: 'content_filter' } }).code, 'provider_rate_limited');
  });

  it('takes a page for a broken answer', () => {
    assert.equal(refused(400, '<html>Bad Request</html>').code, 'provider_bad_response');
    assert.equal(refused(502, '<html>Bad Gateway</html>').code, 'provider_error');
    assert.equal(refused(400, '').code, 'provider_bad_response');
    assert.equal(refused(400, '["no"]').code, 'provider_bad_response');
  });
});

describe('mapErrorObject', () => {
  it('goes by a code in words, or a status that stands for one', () => {
    assert.equal(mapErrorObject({ message: 'm', code: 'context_length_exceeded' }).code, 'context_length_exceeded');
    assert.equal(mapErrorObject({ message: 'm', code: 429 }).code, 'provider_rate_limited');
    assert.equal(mapErrorObject({ message: 'm', code: 400 }).code, 'request_invalid');
    assert.equal(mapErrorObject({ message: 'm', code: 12 }).code, 'provider_error');
    assert.equal(mapErrorObject({ message: 'm', code: 'toString' }).code, 'provider_error');
    assert.equal(mapErrorObject({ message: 'm' }).message, 'm');
  });

  it('knows what a content filter refused', () => {
    assert.equal(mapErrorObject({ message: 'm', code: 'content_filter' }).code, 'content_policy_violation');
    const flagged = { message: 'm', code: 403, metadata: { flagged_input: 'x' } };
    assert.equal(mapErrorObject(flagged).code, 'content_policy_violation');
  });

  it('reads an error that is only words, or nothing', () => {
    assert.equal(mapErrorObject('out of memory').message, 'out of memory');
    assert.equal(mapErrorObject(null).code, 'provider_error');
  });

  it("promise 10: hides the words about the gateway's own key", () => {
    assert.ok(!mapErrorObject({ message: 'Incorrect API key', code: 'invalid_api_key' }).message.includes('Incorrect'));
  });
});
