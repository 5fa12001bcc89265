import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mapUsage } from './map-usage.ts';

describe('mapUsage of an OpenAI-shaped server', () => {
  it('reads all counts; cached and reasoning are parts of the whole', () => {
    const usage = mapUsage({
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 30 },
    });
    assert.deepEqual(usage, {
      inputTokens: 100,
      outputTokens: 50,
      cacheReadInputTokens: 64,
      reasoningOutputTokens: 30,
    });
  });

  it('leaves out what was not reported, and keeps a reported 0', () => {
    assert.deepEqual(mapUsage({}), {});
    assert.deepEqual(mapUsage({ prompt_tokens: 0, total_tokens: 0, prompt_tokens_details: null }), { inputTokens: 0 });
    assert.deepEqual(mapUsage({ prompt_tokens: '7', completion_tokens: -1 }), {});
  });

  it('promise 6: counts reasoning that stands beside the completion, as the total says', () => {
    const grok = {
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 303,
      completion_tokens_details: { reasoning_tokens: 290 },
    };
    assert.equal(mapUsage(grok).outputTokens, 291);
    assert.equal(mapUsage({ ...grok, total_tokens: 13 }).outputTokens, 1);
    assert.equal(mapUsage({ ...grok, total_tokens: null }).outputTokens, 1);
  });
});
