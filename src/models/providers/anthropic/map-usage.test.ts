import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mapUsage, mergeRawUsage, usageInMessage } from './map-usage.ts';

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

describe('how an answer was made, and in how many passes', () => {
  it('keeps the tier, the place, the speed and what tools were run', () => {
    const usage = mapUsage({
      input_tokens: 1,
      service_tier: 'standard',
      inference_geo: 'us',
      speed: 'fast',
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
    });
    assert.deepEqual(usage, {
      inputTokens: 1,
      webSearchRequests: 2,
      webFetchRequests: 0,
      serviceTier: 'standard',
      inferenceGeo: 'us',
      speed: 'fast',
    });
  });

  it('takes one pass for what the counts on top say', () => {
    const usage = mapUsage({ input_tokens: 5, iterations: [{ type: 'message', input_tokens: 5 }] });
    assert.deepEqual(usage, { inputTokens: 5 });
  });

  it('adds up several passes, and keeps each with its model', () => {
    const usage = mapUsage({
      input_tokens: 5,
      output_tokens: 1,
      iterations: [
        { type: 'message', input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 2 },
        { type: 'advisor_message', model: 'm', input_tokens: 30, output_tokens: 4 },
      ],
    });
    assert.deepEqual(usage, {
      inputTokens: 37,
      outputTokens: 5,
      cacheReadInputTokens: 2,
      parts: [
        { inputTokens: 7, outputTokens: 1, cacheReadInputTokens: 2 },
        { inputTokens: 30, outputTokens: 4, model: 'm' },
      ],
    });
  });

  it('leaves out attempts that were refused before they said anything', () => {
    const refused = { type: 'message', model: 'a', input_tokens: 5, output_tokens: 0 };
    const stoodIn = { type: 'fallback_message', model: 'b', input_tokens: 6, output_tokens: 2 };
    const raw = { input_tokens: 6, output_tokens: 2, iterations: [refused, stoodIn] };
    assert.deepEqual(mapUsage(raw).parts, [{ inputTokens: 6, outputTokens: 2, model: 'b' }]);
    const all = { ...raw, iterations: [refused, { ...stoodIn, output_tokens: 0 }] };
    assert.deepEqual(mapUsage(all, true), { inputTokens: 6, outputTokens: 2, unbilled: true });
  });

  it('knows a refusal before anything was said by its empty content', () => {
    const usage = { input_tokens: 5, output_tokens: 1 };
    assert.equal(usageInMessage({ stop_reason: 'refusal', content: [], usage })?.unbilled, true);
    assert.equal(usageInMessage({ stop_reason: 'end_turn', content: [], usage })?.unbilled, undefined);
    assert.equal(usageInMessage({ stop_reason: 'refusal', content: [{}], usage })?.unbilled, undefined);
    assert.equal(usageInMessage({ content: [] }), undefined);
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
