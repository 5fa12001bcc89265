import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fromResponse } from './from-response.ts';

describe('fromResponse of Anthropic', () => {
  it('reads model, usage and finish reason of a message', () => {
    const reading = fromResponse('chat', {
      type: 'message',
      model: 'claude-haiku-4-5-20251001',
      content: [],
      stop_reason: 'tool_use',
      usage: { input_tokens: 3, output_tokens: 4 },
    });
    assert.deepEqual(reading, {
      responseModel: 'claude-haiku-4-5-20251001',
      usage: { inputTokens: 3, outputTokens: 4 },
      finishReason: 'tool-calls',
      error: undefined,
    });
  });

  it('sees an error under a 200, and does not take another shape for an answer', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'm' } };
    assert.equal(fromResponse('chat', error).error?.code, 'provider_overloaded');
    assert.equal(fromResponse('chat', { choices: [] }).error?.code, 'provider_bad_response');
  });
});
