import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../../core/json.ts';
import type { Usage } from '../../../core/usage.ts';
import { mapUsage, usageIn } from './map-usage.ts';

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

describe('what servers report in places of their own', () => {
  const rows: { what: string; raw: JsonObject; usage: Usage }[] = [
    {
      what: 'tokens by kind',
      raw: {
        prompt_tokens: 9,
        completion_tokens: 8,
        prompt_tokens_details: { audio_tokens: 1, image_tokens: 2, cached_tokens_details: { audio_tokens: 1 } },
        completion_tokens_details: { audio_tokens: 3, image_tokens: 4 },
      },
      usage: {
        inputTokens: 9,
        outputTokens: 8,
        audioInputTokens: 1,
        cacheReadAudioInputTokens: 1,
        imageInputTokens: 2,
        audioOutputTokens: 3,
        imageOutputTokens: 4,
      },
    },
    {
      what: 'predictions, a 0 among them',
      raw: { completion_tokens_details: { accepted_prediction_tokens: 0, rejected_prediction_tokens: 3 } },
      usage: { acceptedPredictionTokens: 0, rejectedPredictionTokens: 3 },
    },
    {
      what: 'the details before what stands on top',
      raw: { cached_tokens: 1, prompt_cache_hit_tokens: 2, prompt_tokens_details: { cached_tokens: 3 } },
      usage: { cacheReadInputTokens: 3 },
    },
    { what: 'nothing in a 0 on top', raw: { reasoning_tokens: 0, audio_prompt_tokens: 0 }, usage: {} },
    { what: 'cost in dollars', raw: { cost: 0.00000125 }, usage: { reportedCostNanoUsd: 1250 } },
    { what: 'cost in ticks', raw: { cost_in_usd_ticks: 15, cost: 9 }, usage: { reportedCostNanoUsd: 2 } },
    { what: 'a cost of nothing', raw: { cost: 0 }, usage: { reportedCostNanoUsd: 0 } },
    { what: 'no cost where a part of it is not said', raw: { cost: 0.1, is_byok: true }, usage: {} },
    { what: 'no cost that is no number', raw: { cost: '0.1' }, usage: {} },
    {
      what: 'searches of OpenRouter',
      raw: { server_tool_use: { web_search_requests: 2 } },
      usage: { webSearchRequests: 2 },
    },
  ];
  for (const { what, raw, usage } of rows) it(`reads ${what}`, () => assert.deepEqual(mapUsage(raw), usage));
});

describe('usageIn', () => {
  it('adds the tier that the answer names beside its usage', () => {
    const body = { service_tier: 'flex', usage: { prompt_tokens: 1 } };
    assert.deepEqual(usageIn(body), { inputTokens: 1, serviceTier: 'flex' });
    assert.deepEqual(usageIn({ ...body, service_tier: null }), { inputTokens: 1 });
  });

  it("finds usage on top, in Groq's place, in a choice, or nowhere", () => {
    const usage = { prompt_tokens: 1 };
    for (const body of [{ usage }, { usage: null, x_groq: { usage } }, { choices: [{ usage }] }]) {
      assert.deepEqual(usageIn(body), { inputTokens: 1 });
    }
    for (const body of [{}, { usage: null }, { choices: [] }, { choices: [null], x_groq: 1 }]) {
      assert.equal(usageIn(body), undefined);
    }
  });
});
