import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FAILURES, REASONS, mapFinishReason } from './map-finish-reason.ts';
import { mapError } from './map-error.ts';
import { mapUsage } from './map-usage.ts';

function code(status: number, message: string): string {
  return mapError(status, {}, Buffer.from(JSON.stringify({ id: 'i', message }))).code;
}

describe('what Cohere refuses', () => {
  it('is told by its status, and a prompt that is too long by its words', () => {
    assert.equal(code(400, 'invalid request: list of documents must not be empty'), 'request_invalid');
    assert.equal(
      code(400, 'too many tokens: total number of tokens in the prompt cannot exceed 4081'),
      'context_length_exceeded',
    );
    assert.equal(code(400, 'too many tokens: max tokens must be less than or equal to 4096'), 'request_invalid');
    assert.equal(code(404, "model 'x' not found"), 'model_not_found');
    assert.equal(code(429, 'trial key'), 'provider_rate_limited');
    assert.equal(code(500, 'internal'), 'provider_error');
    assert.equal(code(503, 'busy'), 'provider_overloaded');
  });

  it("promise 10: our own key's fault never looks like the client's", () => {
    for (const status of [401, 402, 403, 498]) {
      const error = mapError(status, {}, Buffer.from('{"message":"invalid api token"}'));
      assert.equal(error.code, 'provider_auth_failed');
      assert.doesNotMatch(error.message, /token/);
    }
  });

  it('keeps its words, and how long to wait', () => {
    const error = mapError(429, { 'retry-after': '7' }, Buffer.from('{"message":"slow down"}'));
    assert.deepEqual([error.message, error.retryAfterMs], ['slow down', 7000]);
    assert.equal(mapError(502, {}, Buffer.from('<html>')).code, 'provider_error');
    assert.equal(mapError(400, {}, Buffer.from('<html>')).code, 'provider_bad_response');
  });
});

describe("Cohere's words", () => {
  it('for the end of an answer are mapped, and new ones are other', () => {
    assert.equal(mapFinishReason('NEW'), 'other');
    assert.deepEqual([...REASONS.keys(), ...FAILURES.keys()].toSorted(), [
      'COMPLETE',
      'ERROR',
      'MAX_TOKENS',
      'STOP_SEQUENCE',
      'TIMEOUT',
      'TOOL_CALL',
    ]);
  });

  it('promise 6: of usage are what it bills, and only without that what it counts', () => {
    const tokens = { input_tokens: 507, output_tokens: 10 };
    const billed_units = { input_tokens: 12, output_tokens: 7 };
    assert.deepEqual(mapUsage({ tokens, billed_units, cached_tokens: 448 }), { inputTokens: 12, outputTokens: 7 });
    assert.deepEqual(mapUsage({ tokens, cached_tokens: 448 }), {
      inputTokens: 507,
      outputTokens: 10,
      cacheReadInputTokens: 448,
    });
    assert.deepEqual(mapUsage({ billed_units: { search_units: 1 } }), { searchUnits: 1 });
    assert.deepEqual(mapUsage({}), {});
  });
});
