import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fromResponse } from './from-response.ts';

describe('fromResponse of an OpenAI-shaped server', () => {
  it('reads model, usage and finish reason of a completion', () => {
    const reading = fromResponse('chat', {
      model: 'gpt-4o-mini-2024-07-18',
      choices: [{ index: 0, finish_reason: 'length', message: {} }, { finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    });
    assert.deepEqual(reading, {
      responseModel: 'gpt-4o-mini-2024-07-18',
      usage: { inputTokens: 3, outputTokens: 4 },
      finishReason: 'length',
      error: undefined,
    });
  });

  it('reads embeddings, which have no finish reason', () => {
    const reading = fromResponse('embeddings', { model: 'e', data: [], usage: { prompt_tokens: 3, total_tokens: 3 } });
    assert.deepEqual(reading, {
      responseModel: 'e',
      usage: { inputTokens: 3 },
      finishReason: undefined,
      error: undefined,
    });
  });

  it('sees an error under a 200', () => {
    const error = { message: 'slow down', code: 'rate_limit_exceeded' };
    assert.equal(fromResponse('chat', { error }).error?.code, 'provider_rate_limited');
    assert.equal(fromResponse('chat', { error: 'broken', choices: [] }).error?.code, 'provider_error');
    assert.equal(fromResponse('chat', { error: null, choices: [] }).error, undefined);
  });

  it('promise 1: sees that an answer was broken off', () => {
    const choices = [{ message: { content: 'a' }, finish_reason: 'network_error' }];
    assert.equal(fromResponse('chat', { choices }).error?.code, 'provider_error');
  });

  it('does not take another shape for an answer', () => {
    for (const body of [{}, { choices: 'x' }, { data: [] }]) {
      assert.equal(fromResponse('chat', body).error?.code, 'provider_bad_response');
    }
    assert.equal(fromResponse('embeddings', { choices: [] }).error?.code, 'provider_bad_response');
  });
});
