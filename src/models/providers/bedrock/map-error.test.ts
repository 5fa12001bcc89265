import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { GatewayError } from '../../../core/errors.ts';
import { mapError } from './map-error.ts';

function errorOf(status: number, type: string | undefined, body: object | string): GatewayError {
  const headers: Record<string, string> = type === undefined ? {} : { 'x-amzn-errortype': type };
  return mapError(status, headers, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

describe("Bedrock's refusals", () => {
  it('are told apart by their type, then by their status', () => {
    const rows: readonly (readonly [status: number, type: string | undefined, code: string])[] = [
      [400, 'ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/', 'request_invalid'],
      [403, 'AccessDeniedException', 'provider_auth_failed'],
      [403, 'UnrecognizedClientException', 'provider_auth_failed'],
      [403, 'InvalidSignatureException', 'provider_auth_failed'],
      [403, 'ExpiredTokenException', 'provider_auth_failed'],
      [404, 'FTUFormNotFilled', 'provider_auth_failed'],
      [404, 'ResourceNotFoundException', 'model_not_found'],
      [408, 'ModelTimeoutException', 'provider_timeout'],
      [424, 'ModelErrorException', 'provider_error'],
      [429, 'ThrottlingException', 'provider_rate_limited'],
      [429, 'ModelNotReadyException', 'provider_overloaded'],
      [400, 'ServiceQuotaExceededException', 'provider_rate_limited'],
      [500, 'InternalServerException', 'provider_error'],
      [503, 'ServiceUnavailableException', 'provider_overloaded'],
      [429, undefined, 'provider_rate_limited'],
      [418, 'NewException', 'request_invalid'],
    ];
    for (const [status, type, code] of rows) {
      assert.equal(errorOf(status, type, { message: 'No.' }).code, code, `${status} ${type}`);
    }
  });

  it('have their type in the body of older servers', () => {
    const body = { __type: 'com.amazon.coral.service#ThrottlingException', Message: 'Slow down.' };
    const error = errorOf(400, undefined, body);
    assert.deepEqual([error.code, error.message], ['provider_rate_limited', 'Slow down.']);
  });

  it('say in words alone that a prompt is too long, or a model unknown', () => {
    const type = 'ValidationException';
    for (const message of [
      'Input is too long for requested model.',
      'The model returned the following errors: prompt is too long: 227255 tokens > 200000 maximum',
    ]) {
      assert.equal(errorOf(400, type, { message }).code, 'context_length_exceeded');
    }
    assert.equal(errorOf(400, type, { message: 'The provided model identifier is invalid.' }).code, 'model_not_found');
    assert.equal(errorOf(429, 'ThrottlingException', { message: 'Input is too long' }).code, 'provider_rate_limited');
  });

  it('say in words alone that a content filter refused', () => {
    for (const message of [
      'This request has been blocked by our content filters. Please adjust your text prompt to submit a new request.',
      'The model returned the following errors: Output blocked by content filtering policy',
    ]) {
      assert.equal(errorOf(400, 'ValidationException', { message }).code, 'content_policy_violation');
    }
  });

  it('promise 10: about our own credentials are not shown to the client', () => {
    const error = errorOf(403, 'AccessDeniedException', { message: 'User: arn:aws:iam::123:user/x may not' });
    assert.doesNotMatch(error.message, /arn:/);
    assert.equal(error.refusal, undefined);
  });

  it('which are a page of a proxy are none of the provider', () => {
    assert.equal(errorOf(400, undefined, '<html>').code, 'provider_bad_response');
  });
});
