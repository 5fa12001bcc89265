import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { costOf, pricedCost } from '../../src/models/pricing/cost.ts';
import { usageIn } from '../../src/models/providers/openai/map-usage.ts';
import { type DocumentedBill, itCosts } from './bill.ts';
import {
  DEEPSEEK_FLASH,
  FLASH_IMAGE,
  GLM_46,
  GROK_3_MINI,
  GROK_4,
  KIMI_K2,
  LLAMA_33_70B,
  MISTRAL_SMALL,
  OWN_GPUS,
  QWEN_OMNI,
  QWEN_PLUS,
  SONAR_DEEP_RESEARCH,
  SONAR_PRO,
  SONNET_46,
} from './prices.ts';

const DEEPSEEK_PRICING = 'https://api-docs.deepseek.com/quick_start/pricing';
const QWEN_CACHE = 'https://www.alibabacloud.com/help/en/model-studio/context-cache';
const QWEN_PRICING = 'https://www.alibabacloud.com/help/en/model-studio/model-pricing';
const XAI_PRICING = 'https://docs.x.ai/developers/pricing';
const OPENROUTER = 'https://openrouter.ai/docs/use-cases/usage-accounting';
const SONAR_PRICING = 'https://docs.perplexity.ai/getting-started/pricing';
const SELF_HOSTED = 'docs/costs.md';

const DEEPSEEK_USAGE = {
  prompt_tokens: 495,
  completion_tokens: 144,
  total_tokens: 639,
  prompt_tokens_details: { cached_tokens: 320 },
  completion_tokens_details: { reasoning_tokens: 118 },
  prompt_cache_hit_tokens: 320,
  prompt_cache_miss_tokens: 175,
};

const DEEPSEEK: readonly DocumentedBill[] = [
  {
    what: 'DeepSeek on a Saturday',
    source: DEEPSEEK_PRICING,
    body: { usage: DEEPSEEK_USAGE },
    price: DEEPSEEK_FLASH,
    circumstances: { sentAt: Date.parse('2026-11-21T10:00:00+08:00') },
    bill: '320 × 3 + 175 × 150 + 144 × 600 = 113610',
  },
  {
    what: 'DeepSeek as the peak begins on a Monday',
    source: DEEPSEEK_PRICING,
    body: { usage: DEEPSEEK_USAGE },
    price: DEEPSEEK_FLASH,
    circumstances: { sentAt: Date.parse('2026-11-16T01:00:00Z') },
    bill: '320 × 6 + 175 × 300 + 144 × 1200 = 227220',
  },
  {
    what: 'DeepSeek as the peak ends',
    source: DEEPSEEK_PRICING,
    body: { usage: DEEPSEEK_USAGE },
    price: DEEPSEEK_FLASH,
    circumstances: { sentAt: Date.parse('2026-11-16T04:00:00Z') },
    bill: '320 × 3 + 175 × 150 + 144 × 600 = 113610',
  },
  {
    what: 'DeepSeek on a holiday in China',
    source: DEEPSEEK_PRICING,
    body: { usage: DEEPSEEK_USAGE },
    price: DEEPSEEK_FLASH,
    circumstances: { sentAt: Date.parse('2026-10-01T10:00:00+08:00') },
    bill: '320 × 3 + 175 × 150 + 144 × 600 = 113610',
  },
  {
    what: 'DeepSeek where hits and misses are all that it reports of the prompt',
    source: 'https://api-docs.deepseek.com/guides/kv_cache',
    body: { usage: { prompt_cache_hit_tokens: 320, prompt_cache_miss_tokens: 175, completion_tokens: 144 } },
    price: DEEPSEEK_FLASH,
    bill: '320 × 3 + 175 × 150 + 144 × 600 = 113610',
  },
];

const ASIA: readonly DocumentedBill[] = [
  {
    what: 'Moonshot reports cached tokens on top',
    source: 'https://platform.moonshot.ai/docs/api/chat',
    body: { usage: { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50, cached_tokens: 10 } },
    price: KIMI_K2,
    bill: '10 × 600 + 10 × 150 + 30 × 2500 = 82500',
  },
  {
    what: "Moonshot's streams report inside the choice",
    source: 'https://platform.moonshot.ai/docs/api/chat',
    body: {
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          delta: {},
          usage: { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32 },
        },
      ],
    },
    price: KIMI_K2,
    bill: '19 × 600 + 13 × 2500 = 43900',
  },
  {
    what: 'DashScope reads its implicit or explicit cache',
    source: QWEN_CACHE,
    body: {
      usage: {
        prompt_tokens: 3019,
        completion_tokens: 104,
        total_tokens: 3123,
        prompt_tokens_details: { cached_tokens: 2048 },
      },
    },
    price: QWEN_PLUS,
    bill: '971 × 400 + 2048 × 40 + 104 × 1200 = 595120',
  },
  {
    what: 'DashScope writes its explicit cache',
    source: QWEN_CACHE,
    body: {
      usage: {
        prompt_tokens: 3019,
        completion_tokens: 104,
        total_tokens: 3123,
        prompt_tokens_details: {
          cached_tokens: 2048,
          cache_creation_input_tokens: 500,
          cache_creation: { ephemeral_5m_input_tokens: 500 },
          cache_type: 'ephemeral',
        },
      },
    },
    price: QWEN_PLUS,
    bill: '471 × 400 + 2048 × 40 + 500 × 500 + 104 × 1200 = 645120',
  },
  {
    what: 'DashScope bills the whole output by another price where the model thought',
    source: QWEN_PRICING,
    body: {
      usage: { prompt_tokens: 24, completion_tokens: 1355, completion_tokens_details: { reasoning_tokens: 1084 } },
    },
    price: QWEN_PLUS,
    bill: '24 × 400 + 1355 × 4000 = 5429600',
  },
  {
    what: 'DashScope at the edge of a tier',
    source: QWEN_PRICING,
    body: { usage: { prompt_tokens: 256_000, completion_tokens: 1000 } },
    price: QWEN_PLUS,
    bill: '256000 × 400 + 1000 × 1200 = 103600000',
  },
  {
    what: 'DashScope above it, thinking',
    source: QWEN_PRICING,
    body: {
      usage: { prompt_tokens: 256_001, completion_tokens: 1000, completion_tokens_details: { reasoning_tokens: 900 } },
    },
    price: QWEN_PLUS,
    bill: '256001 × 1200 + 1000 × 12000 = 319201200',
  },
  {
    what: 'DashScope bills images and video apart from text',
    source: QWEN_PRICING,
    body: {
      usage: {
        prompt_tokens: 350,
        completion_tokens: 20,
        prompt_tokens_details: { text_tokens: 50, image_tokens: 100, video_tokens: 200 },
      },
    },
    price: QWEN_OMNI,
    bill: '50 × 430 + 300 × 780 + 20 × 3060 = 316700',
  },
  {
    what: 'Zhipu',
    source: 'https://docs.z.ai/guides/capabilities/cache',
    body: {
      usage: { prompt_tokens: 1200, completion_tokens: 300, prompt_tokens_details: { cached_tokens: 800 } },
    },
    price: GLM_46,
    bill: '400 × 600 + 800 × 110 + 300 × 2200 = 988000',
  },
];

const WEST: readonly DocumentedBill[] = [
  {
    what: "Groq's streams report in a place of their own",
    source: 'https://console.groq.com/docs/api-reference#chat-create',
    body: {
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      x_groq: { id: 'req_1', usage: { prompt_tokens: 45, completion_tokens: 662, total_tokens: 707 } },
    },
    price: LLAMA_33_70B,
    bill: '45 × 590 + 662 × 790 = 549530',
  },
  {
    what: "Groq's on-demand tier is the list price",
    source: 'https://console.groq.com/docs/service-tiers',
    body: { service_tier: 'on_demand', usage: { prompt_tokens: 45, completion_tokens: 662 } },
    price: LLAMA_33_70B,
    bill: '45 × 590 + 662 × 790 = 549530',
  },
  {
    what: 'Mistral',
    source: 'https://docs.mistral.ai/studio-api/conversations/advanced/prompt-caching',
    body: { usage: { prompt_tokens: 171, completion_tokens: 14, prompt_tokens_details: { cached_tokens: 128 } } },
    price: MISTRAL_SMALL,
    bill: '43 × 100 + 128 × 10 + 14 × 300 = 9780',
  },
  {
    what: 'xAI counts reasoning beside the completion',
    source: 'https://docs.x.ai/docs/guides/reasoning',
    body: {
      usage: {
        prompt_tokens: 32,
        completion_tokens: 9,
        total_tokens: 135,
        completion_tokens_details: { reasoning_tokens: 94 },
      },
    },
    price: GROK_3_MINI,
    bill: '32 × 300 + 103 × 500 = 61100',
  },
  {
    what: 'xAI above its long-context tier',
    source: XAI_PRICING,
    body: { usage: { prompt_tokens: 128_001, completion_tokens: 10, total_tokens: 128_011 } },
    price: GROK_4,
    bill: '128001 × 6000 + 10 × 30000 = 768306000',
  },
  {
    what: 'xAI says what it charges, in ten-billionths of a dollar',
    source: 'https://docs.x.ai/developers/cost-tracking',
    body: { usage: { prompt_tokens: 32, completion_tokens: 9, total_tokens: 41, cost_in_usd_ticks: 37_756_000 } },
    price: GROK_3_MINI,
    bill: '37756000 ÷ 10 = 3775600',
  },
  {
    what: 'OpenRouter says what it charges, whatever the row says',
    source: OPENROUTER,
    body: {
      usage: {
        prompt_tokens: 194,
        completion_tokens: 2,
        total_tokens: 196,
        cost: 0.95,
        cost_details: { upstream_inference_cost: null },
      },
    },
    price: undefined,
    bill: '95 × 10000000 = 950000000',
  },
  {
    what: "with a key of one's own, OpenRouter's fee and the provider's bill",
    source: OPENROUTER,
    body: {
      usage: {
        prompt_tokens: 194,
        completion_tokens: 2,
        cost: 0.95,
        is_byok: true,
        cost_details: { upstream_inference_cost: 19 },
      },
    },
    price: SONNET_46,
    bill: '95 × 10000000 + 19 × 1000000000 = 19950000000',
  },
  {
    what: "OpenRouter's prompt with writes to the cache, priced by a row",
    source: OPENROUTER,
    body: {
      usage: {
        prompt_tokens: 194,
        completion_tokens: 2,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 100, audio_tokens: 0 },
      },
    },
    price: SONNET_46,
    bill: '94 × 3000 + 100 × 3750 + 2 × 15000 = 687000',
  },
  {
    what: 'an image as output has a price of its own',
    source: 'https://openrouter.ai/docs/features/multimodal/image-generation',
    body: {
      usage: { prompt_tokens: 10, completion_tokens: 1300, completion_tokens_details: { image_tokens: 1290 } },
    },
    price: FLASH_IMAGE,
    bill: '10 × 300 + 10 × 2500 + 1290 × 30000 = 38728000',
  },
];

const PERPLEXITY: readonly DocumentedBill[] = [
  {
    what: 'Perplexity says what it charges',
    source: SONAR_PRICING,
    body: {
      usage: {
        prompt_tokens: 12,
        completion_tokens: 400,
        total_tokens: 412,
        search_context_size: 'low',
        cost: { input_tokens_cost: 0.000036, output_tokens_cost: 0.006, request_cost: 0.006, total_cost: 0.012036 },
      },
    },
    price: SONAR_PRO,
    bill: '12036 × 1000 = 12036000',
  },
  {
    what: 'Perplexity by the row, with little searched',
    source: SONAR_PRICING,
    body: { usage: { prompt_tokens: 12, completion_tokens: 400, search_context_size: 'low' } },
    price: SONAR_PRO,
    bill: '12 × 3000 + 400 × 15000 + 6000000 = 12036000',
  },
  {
    what: 'Perplexity by the row, with much searched',
    source: SONAR_PRICING,
    body: { usage: { prompt_tokens: 12, completion_tokens: 400, search_context_size: 'high', num_search_queries: 3 } },
    price: SONAR_PRO,
    bill: '12 × 3000 + 400 × 15000 + 14000000 = 20036000',
  },
  {
    what: "Perplexity's deep research: reasoning, citations and queries beside the rest",
    source: SONAR_PRICING,
    body: {
      usage: {
        prompt_tokens: 33,
        completion_tokens: 7163,
        total_tokens: 7196,
        citation_tokens: 20_016,
        num_search_queries: 21,
        reasoning_tokens: 73_997,
      },
    },
    price: SONAR_DEEP_RESEARCH,
    bill: '33 × 2000 + 7163 × 8000 + 20016 × 2000 + 73997 × 3000 + 21 × 5000000 = 424393000',
  },
];

const OWN: readonly DocumentedBill[] = [
  {
    what: "machines of one's own cost their time",
    source: SELF_HOSTED,
    body: { usage: { prompt_tokens: 100, completion_tokens: 200 } },
    price: OWN_GPUS,
    circumstances: { durationMs: 1800 },
    bill: '2500000000 × 2 × 1800 ÷ 3600000 ÷ 8 = 312500',
  },
  {
    what: 'whether they report tokens or not',
    source: SELF_HOSTED,
    body: { usage: {} },
    price: OWN_GPUS,
    circumstances: { durationMs: 1000 },
    bill: '2500000000 × 2 × 1000 ÷ 3600000 ÷ 8 = 173611',
  },
  {
    what: 'and nothing is known without it',
    source: SELF_HOSTED,
    body: { usage: { prompt_tokens: 100, completion_tokens: 200 } },
    price: OWN_GPUS,
    bill: 'unknown: how long it took was not measured',
  },
];

describe('promise 6: the cost of servers that speak as OpenAI does, by their own terms', () => {
  for (const row of [...DEEPSEEK, ...ASIA, ...WEST, ...PERPLEXITY, ...OWN]) itCosts(row, () => usageIn(row.body));

  it('marks what the provider says that it charges, and can still price it for comparison', () => {
    const usage = usageIn({ usage: { prompt_tokens: 10, completion_tokens: 1, cost: 0.5 } });
    assert.ok(usage);
    assert.deepEqual(costOf(usage, SONNET_46), { nanoUsd: 500_000_000, source: 'reported' });
    assert.equal(pricedCost(usage, SONNET_46), 45_000);
  });
});
