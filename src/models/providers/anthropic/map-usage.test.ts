import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mapUsage, mergeRawUsage } from './map-usage.ts';

describe('mapUsage of Anthropic', () => {
  it('promise 6: adds the cached tokens that Anthropic reports beside the input', () => {
    const usage = mapUsage({
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 2 },
    });
    assert.deepEqual(usage, {
      inputTokens: 240,
      outputTokens: 5,
      cacheReadInputTokens: 200,
      cacheCreationInputTokens: 30,
      cacheCreation1hInputTokens: 20,
      reasoningOutputTokens: 2,
    });
  });

  it('leaves out what was not reported', () => {
    assert.deepEqual(mapUsage({ input_tokens: 7 }), { inputTokens: 7 });
    assert.deepEqual(mapUsage({ output_tokens: 7, cache_read_input_tokens: 3 }), {
      outputTokens: 7,
      cacheReadInputTokens: 3,
    });
    assert.deepEqual(mapUsage({ input_tokens: null, cache_creation: null }), {});
  });
});

describe('mergeRawUsage', () => {
  it('replaces what a later report says and keeps what it does not', () => {
    const start = { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 };
    assert.deepEqual(mergeRawUsage(start, { output_tokens: 42, cache_read_input_tokens: null }), {
      ...start,
      output_tokens: 42,
    });
    assert.deepEqual(start.output_tokens, 1);
  });
});
