import { describe } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import { usageIn } from '../../src/models/providers/openai/map-usage.ts';
import { type DocumentedBill, itCosts } from './bill.ts';
import {
  EMBEDDING_3_SMALL,
  FREE,
  GPT_4O,
  GPT_4O_MINI,
  GPT_4O_SEARCH,
  GPT_5,
  GPT_54,
  GPT_56_SOL,
  GPT_AUDIO,
  GPT_REALTIME,
} from './prices.ts';

const PRICING = 'https://platform.openai.com/docs/pricing';
const CHAT = 'https://platform.openai.com/docs/api-reference/chat/object';
const CACHING = 'https://platform.openai.com/docs/guides/prompt-caching';
const REASONING = 'https://platform.openai.com/docs/guides/reasoning';
const FLEX = 'https://platform.openai.com/docs/guides/flex-processing';
const PRIORITY = 'https://platform.openai.com/docs/guides/priority-processing';

/** Tokens in and out, and what else the report says. */
function used(prompt_tokens: number, completion_tokens: number, more: JsonObject = {}): JsonObject {
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens, ...more };
}

const TEXT: readonly DocumentedBill[] = [
  {
    what: 'a plain answer',
    source: CHAT,
    body: {
      service_tier: 'default',
      usage: used(19, 10, {
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
      }),
    },
    price: GPT_4O_MINI,
    bill: '19 × 150 + 10 × 600 = 8850',
  },
  {
    what: 'cached tokens are part of the prompt',
    source: CACHING,
    body: { usage: used(2006, 300, { prompt_tokens_details: { cached_tokens: 1920 } }) },
    price: GPT_4O,
    bill: '86 × 2500 + 1920 × 1250 + 300 × 10000 = 5615000',
  },
  {
    what: 'tokens written to the cache are part of the prompt too',
    source: CACHING,
    body: { usage: used(5000, 200, { prompt_tokens_details: { cached_tokens: 3000, cache_write_tokens: 1500 } }) },
    price: GPT_56_SOL,
    bill: '500 × 5000 + 3000 × 500 + 1500 × 6250 + 200 × 30000 = 19375000',
  },
  {
    what: 'reasoning is part of the completion',
    source: REASONING,
    body: { usage: used(75, 1186, { completion_tokens_details: { reasoning_tokens: 1024 } }) },
    price: GPT_5,
    bill: '75 × 1250 + 1186 × 10000 = 11953750',
  },
  {
    what: 'predicted tokens, used or not, are part of the completion',
    source: 'https://platform.openai.com/docs/guides/predicted-outputs',
    body: {
      usage: used(324, 228, {
        completion_tokens_details: { accepted_prediction_tokens: 18, rejected_prediction_tokens: 10 },
      }),
    },
    price: GPT_4O,
    bill: '324 × 2500 + 228 × 10000 = 3090000',
  },
  {
    what: 'more cached tokens than tokens are not taken off the rest',
    source: CACHING,
    body: { usage: used(10, 1, { prompt_tokens_details: { cached_tokens: 12 } }) },
    price: GPT_4O,
    bill: '12 × 1250 + 1 × 10000 = 25000',
  },
  {
    what: 'half a nano-dollar rounds up, once',
    source: PRICING,
    body: { usage: used(1, 0, { prompt_tokens_details: { cached_tokens: 1 } }) },
    price: GPT_4O_MINI,
    circumstances: { batch: true },
    bill: '1 × 75 ÷ 2 = 38',
  },
  {
    what: 'a hundred million tokens, to the nano-dollar',
    source: PRICING,
    body: { usage: used(99_999_999, 0, { prompt_tokens_details: { cached_tokens: 99_999_999 } }) },
    price: GPT_4O_MINI,
    circumstances: { batch: true },
    bill: '99999999 × 75 ÷ 2 = 3749999963',
  },
  {
    what: 'a search model asks a fee for every request',
    source: PRICING,
    body: { usage: used(50, 300) },
    price: GPT_4O_SEARCH,
    bill: '50 × 2500 + 300 × 10000 + 25000000 = 28125000',
  },
];

const LENGTHS: readonly DocumentedBill[] = [
  {
    what: 'a token below the long-context tier',
    source: PRICING,
    body: { usage: used(271_999, 100) },
    price: GPT_54,
    bill: '271999 × 2500 + 100 × 15000 = 681497500',
  },
  {
    what: 'exactly at its edge',
    source: PRICING,
    body: { usage: used(272_000, 100) },
    price: GPT_54,
    bill: '272000 × 2500 + 100 × 15000 = 681500000',
  },
  {
    what: 'a token above it, the whole request costs more',
    source: PRICING,
    body: { usage: used(272_001, 100) },
    price: GPT_54,
    bill: '272001 × 5000 + 100 × 22500 = 1362255000',
  },
  {
    what: 'cached tokens count for the length',
    source: PRICING,
    body: { usage: used(300_000, 10, { prompt_tokens_details: { cached_tokens: 299_000 } }) },
    price: GPT_54,
    bill: '1000 × 5000 + 299000 × 500 + 10 × 22500 = 154725000',
  },
  {
    what: 'a long request in a batch',
    source: PRICING,
    body: { usage: used(300_000, 1000) },
    price: GPT_54,
    circumstances: { batch: true },
    bill: '300000 × 2500 + 1000 × 11250 = 761250000',
  },
];

const SERVED: readonly DocumentedBill[] = [
  {
    what: 'served on flex',
    source: FLEX,
    body: { service_tier: 'flex', usage: used(1000, 200) },
    price: GPT_54,
    bill: '1000 × 1250 + 200 × 7500 = 2750000',
  },
  {
    what: 'served on priority',
    source: PRIORITY,
    body: { service_tier: 'priority', usage: used(1000, 200) },
    price: GPT_54,
    bill: '1000 × 5000 + 200 × 30000 = 11000000',
  },
  {
    what: 'asked for priority, served on default',
    source: PRIORITY,
    body: { service_tier: 'default', usage: used(1000, 200) },
    price: GPT_54,
    circumstances: { serviceTier: 'priority' },
    bill: '1000 × 2500 + 200 × 15000 = 5500000',
  },
  {
    what: 'asked for default, served on priority by the settings of the project',
    source: PRIORITY,
    body: { service_tier: 'priority', usage: used(1000, 200) },
    price: GPT_54,
    circumstances: { serviceTier: 'default' },
    bill: '1000 × 5000 + 200 × 30000 = 11000000',
  },
  {
    what: 'asked for flex, and nothing is said of what it was',
    source: FLEX,
    body: { usage: used(1000, 200) },
    price: GPT_54,
    circumstances: { serviceTier: 'flex' },
    bill: '1000 × 1250 + 200 × 7500 = 2750000',
  },
  {
    what: 'served on a tier without a known price',
    source: 'https://openai.com/api-scale-tier/',
    body: { service_tier: 'scale', usage: used(1000, 200) },
    price: GPT_54,
    bill: 'unknown: what is paid for in advance has no price a token',
  },
  {
    what: 'in a batch',
    source: 'https://platform.openai.com/docs/guides/batch',
    body: { usage: used(1000, 200) },
    price: GPT_54,
    circumstances: { batch: true },
    bill: '1000 × 1250 + 200 × 7500 = 2750000',
  },
  {
    what: 'in a batch of a model without a price for batches',
    source: PRICING,
    body: { usage: used(1000, 200) },
    price: GPT_5,
    circumstances: { batch: true },
    bill: 'unknown: the row does not say what a batch costs',
  },
  {
    what: 'kept in Europe',
    source: PRICING,
    body: { usage: used(1000, 200) },
    price: GPT_54,
    circumstances: { geo: 'eu' },
    bill: '1000 × 2750 + 200 × 16500 = 6050000',
  },
];

const KINDS: readonly DocumentedBill[] = [
  {
    what: 'audio in and out',
    source: 'https://platform.openai.com/docs/guides/audio',
    body: {
      usage: used(120, 200, {
        prompt_tokens_details: { text_tokens: 20, audio_tokens: 100, cached_tokens: 0 },
        completion_tokens_details: { text_tokens: 50, audio_tokens: 150, reasoning_tokens: 0 },
      }),
    },
    price: GPT_AUDIO,
    bill: '20 × 2500 + 100 × 32000 + 50 × 10000 + 150 × 64000 = 13350000',
  },
  {
    what: 'audio without a price of its own costs what text does',
    source: PRICING,
    body: {
      usage: used(120, 200, {
        prompt_tokens_details: { audio_tokens: 100 },
        completion_tokens_details: { audio_tokens: 150 },
      }),
    },
    price: GPT_4O,
    bill: '120 × 2500 + 200 × 10000 = 2300000',
  },
  {
    what: 'cached audio',
    source: PRICING,
    body: {
      usage: used(200, 10, {
        prompt_tokens_details: {
          cached_tokens: 60,
          audio_tokens: 100,
          cached_tokens_details: { text_tokens: 20, audio_tokens: 40 },
        },
      }),
    },
    price: GPT_REALTIME,
    bill: '80 × 4000 + 20 × 400 + 40 × 400 + 60 × 32000 + 10 × 16000 = 2424000',
  },
  {
    what: 'embeddings have no output',
    source: 'https://platform.openai.com/docs/api-reference/embeddings/object',
    body: { object: 'list', usage: { prompt_tokens: 8, total_tokens: 8 } },
    price: EMBEDDING_3_SMALL,
    bill: '8 × 20 = 160',
  },
  {
    what: 'an answer without its output, of a model that bills output',
    source: CHAT,
    body: { usage: { prompt_tokens: 8, total_tokens: 8 } },
    price: GPT_4O,
    bill: 'unknown: the output may be anything',
  },
  {
    what: 'a report that says nothing',
    source: CHAT,
    body: { usage: {} },
    price: GPT_4O,
    bill: 'unknown: absent is not 0',
  },
  {
    what: 'a model without a price',
    source: CHAT,
    body: { usage: used(19, 10) },
    price: undefined,
    bill: 'unknown: that is not free',
  },
  {
    what: 'a model that is free',
    source: CHAT,
    body: { usage: used(19, 10) },
    price: FREE,
    bill: '19 × 0 + 10 × 0 = 0',
  },
];

describe('promise 6: the cost of OpenAI by its own terms', () => {
  for (const row of [...TEXT, ...LENGTHS, ...SERVED, ...KINDS]) itCosts(row, () => usageIn(row.body));
});
