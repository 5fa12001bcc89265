import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import { pricedCost } from '../../src/models/pricing/cost.ts';
import type { Price } from '../../src/models/pricing/price.ts';
import { mapUsage, usageInMessage } from '../../src/models/providers/anthropic/map-usage.ts';
import { AnthropicStreamReader } from '../../src/models/providers/anthropic/stream.ts';
import { type DocumentedBill, itCosts } from './bill.ts';
import { FABLE_5, GPT_4O, OPUS_46, OPUS_5, SONNET_45, SONNET_46 } from './prices.ts';

const DOCS = 'https://platform.claude.com/docs/en';
const PRICING = `${DOCS}/about-claude/pricing`;
const CACHING = `${DOCS}/build-with-claude/prompt-caching`;
const REFUSALS = `${DOCS}/build-with-claude/refusals-and-fallback`;
const COMPACTION = `${DOCS}/build-with-claude/compaction`;

/** A message that said something. */
function message(usage: JsonObject): JsonObject {
  return { type: 'message', stop_reason: 'end_turn', content: [{ type: 'text', text: 'Hi' }], usage };
}

const CACHED: readonly DocumentedBill[] = [
  {
    what: 'cached tokens stand beside the input',
    source: `${CACHING}#tracking-cache-performance`,
    body: message({
      input_tokens: 50,
      cache_read_input_tokens: 100_000,
      cache_creation_input_tokens: 0,
      output_tokens: 200,
    }),
    price: SONNET_45,
    bill: '50 × 3000 + 100000 × 300 + 200 × 15000 = 33150000',
  },
  {
    what: 'a book is written to the cache',
    source: CACHING,
    body: message({
      input_tokens: 21,
      cache_creation_input_tokens: 188_086,
      cache_read_input_tokens: 0,
      output_tokens: 393,
    }),
    price: SONNET_45,
    bill: '21 × 3000 + 188086 × 3750 + 393 × 15000 = 711280500',
  },
  {
    what: 'and read from it',
    source: CACHING,
    body: message({
      input_tokens: 21,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 188_086,
      output_tokens: 393,
    }),
    price: SONNET_45,
    bill: '21 × 3000 + 188086 × 300 + 393 × 15000 = 62383800',
  },
  {
    what: 'writes for five minutes and for an hour in one call',
    source: `${CACHING}#1-hour-cache-duration`,
    body: message({
      input_tokens: 2048,
      cache_read_input_tokens: 1800,
      cache_creation_input_tokens: 556,
      output_tokens: 503,
      cache_creation: { ephemeral_5m_input_tokens: 456, ephemeral_1h_input_tokens: 100 },
    }),
    price: SONNET_45,
    bill: '2048 × 3000 + 1800 × 300 + 456 × 3750 + 100 × 6000 + 503 × 15000 = 16539000',
  },
  {
    what: 'writes for an hour where the row has one price for writes',
    source: `${CACHING}#1-hour-cache-duration`,
    body: message({
      input_tokens: 0,
      cache_creation_input_tokens: 100,
      output_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 100 },
    }),
    price: { version: 'test', input: 3, output: 15, cacheWrite: 3.75 },
    bill: '100 × 3750 = 375000',
  },
];

const LENGTHS: readonly DocumentedBill[] = [
  {
    what: 'a token below the long-context tier, cached tokens counted',
    source: `${PRICING}#long-context-pricing`,
    body: message({
      input_tokens: 99_999,
      cache_read_input_tokens: 60_000,
      cache_creation_input_tokens: 40_000,
      output_tokens: 1000,
    }),
    price: SONNET_45,
    bill: '99999 × 3000 + 60000 × 300 + 40000 × 3750 + 1000 × 15000 = 482997000',
  },
  {
    what: 'exactly at its edge',
    source: `${PRICING}#long-context-pricing`,
    body: message({
      input_tokens: 100_000,
      cache_read_input_tokens: 60_000,
      cache_creation_input_tokens: 40_000,
      output_tokens: 1000,
    }),
    price: SONNET_45,
    bill: '100000 × 3000 + 60000 × 300 + 40000 × 3750 + 1000 × 15000 = 483000000',
  },
  {
    what: 'a token above it, every rate is another',
    source: `${PRICING}#long-context-pricing`,
    body: message({
      input_tokens: 100_001,
      cache_read_input_tokens: 60_000,
      cache_creation_input_tokens: 40_000,
      output_tokens: 1000,
    }),
    price: SONNET_45,
    bill: '100001 × 6000 + 60000 × 600 + 40000 × 7500 + 1000 × 22500 = 958506000',
  },
];

const TOOLS: readonly DocumentedBill[] = [
  {
    what: 'a web search costs a cent',
    source: `${DOCS}/agents-and-tools/tool-use/web-search-tool#usage-and-pricing`,
    body: message({
      input_tokens: 105,
      output_tokens: 6039,
      cache_read_input_tokens: 7123,
      cache_creation_input_tokens: 7345,
      server_tool_use: { web_search_requests: 1 },
    }),
    price: SONNET_45,
    bill: '105 × 3000 + 7123 × 300 + 7345 × 3750 + 6039 × 15000 + 10000000 = 130580650',
  },
  {
    what: 'a web search of a model whose row has no fee for it',
    source: `${DOCS}/agents-and-tools/tool-use/web-search-tool#usage-and-pricing`,
    body: message({ input_tokens: 105, output_tokens: 60, server_tool_use: { web_search_requests: 1 } }),
    price: GPT_4O,
    bill: 'unknown: a search is not free',
  },
  {
    what: 'fetching a page costs its tokens only',
    source: `${DOCS}/agents-and-tools/tool-use/web-fetch-tool#usage-and-pricing`,
    body: message({
      input_tokens: 25_039,
      output_tokens: 931,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
      server_tool_use: { web_fetch_requests: 1 },
    }),
    price: SONNET_46,
    bill: '25039 × 3000 + 931 × 15000 = 89082000',
  },
  {
    what: 'searches cost as much in a batch',
    source: PRICING,
    body: message({
      input_tokens: 1000,
      output_tokens: 200,
      service_tier: 'batch',
      server_tool_use: { web_search_requests: 2 },
    }),
    price: OPUS_46,
    bill: '1000 × 2500 + 200 × 12500 + 2 × 10000000 = 25000000',
  },
];

const SERVED: readonly DocumentedBill[] = [
  {
    what: 'in a batch, as the answer says',
    source: `${DOCS}/build-with-claude/batch-processing#pricing`,
    body: message({ input_tokens: 1000, output_tokens: 200, service_tier: 'batch' }),
    price: OPUS_46,
    bill: '1000 × 2500 + 200 × 12500 = 5000000',
  },
  {
    what: 'in the United States',
    source: `${DOCS}/build-with-claude/data-residency#pricing`,
    body: message({ input_tokens: 1000, output_tokens: 200, service_tier: 'standard', inference_geo: 'us' }),
    price: OPUS_46,
    bill: '1000 × 5500 + 200 × 27500 = 11000000',
  },
  {
    what: 'in the United States in a batch',
    source: `${DOCS}/build-with-claude/data-residency#pricing`,
    body: message({ input_tokens: 1000, output_tokens: 200, service_tier: 'batch', inference_geo: 'us' }),
    price: OPUS_46,
    bill: '1000 × 2750 + 200 × 13750 = 5500000',
  },
  {
    what: 'somewhere that the row does not know',
    source: `${DOCS}/build-with-claude/data-residency#pricing`,
    body: message({ input_tokens: 1000, output_tokens: 200, inference_geo: 'eu' }),
    price: OPUS_46,
    bill: 'unknown: another place may cost more',
  },
  {
    what: 'in fast mode',
    source: `${DOCS}/build-with-claude/fast-mode#pricing`,
    body: message({ input_tokens: 1000, output_tokens: 200, speed: 'fast' }),
    price: OPUS_46,
    bill: '1000 × 30000 + 200 × 150000 = 60000000',
  },
  {
    what: 'in fast mode in the United States, with a cache',
    source: `${DOCS}/build-with-claude/fast-mode#pricing`,
    body: message({
      input_tokens: 1000,
      cache_read_input_tokens: 100,
      output_tokens: 200,
      speed: 'fast',
      inference_geo: 'us',
    }),
    price: OPUS_46,
    bill: '1000 × 33000 + 100 × 3300 + 200 × 165000 = 66330000',
  },
  {
    what: 'asked for fast mode, served at standard speed',
    source: `${DOCS}/build-with-claude/fast-mode`,
    body: message({ input_tokens: 1000, output_tokens: 200, speed: 'standard' }),
    price: OPUS_46,
    circumstances: { speed: 'fast' },
    bill: '1000 × 5000 + 200 × 25000 = 10000000',
  },
  {
    what: 'on capacity that is paid for by commitment',
    source: `${DOCS}/api/service-tiers`,
    body: message({ input_tokens: 1000, output_tokens: 200, service_tier: 'priority' }),
    price: OPUS_46,
    bill: 'unknown: the commitment is the price',
  },
];

const OTHERS: Readonly<Record<string, Price>> = { 'claude-opus-4-8': OPUS_5 };

const PASSES: readonly DocumentedBill[] = [
  {
    what: 'refused before it said anything',
    source: REFUSALS,
    body: { stop_reason: 'refusal', content: [], usage: { input_tokens: 412, output_tokens: 1 } },
    price: FABLE_5,
    bill: '412 × 0 + 1 × 0 = 0',
  },
  {
    what: 'refused in the middle of an answer',
    source: REFUSALS,
    body: {
      stop_reason: 'refusal',
      content: [{ type: 'text', text: 'First' }],
      usage: { input_tokens: 412, output_tokens: 30 },
    },
    price: FABLE_5,
    bill: '412 × 10000 + 30 × 50000 = 5620000',
  },
  {
    what: 'an answer by the model that stood in, the refusal before it free',
    source: REFUSALS,
    body: message({
      input_tokens: 412,
      output_tokens: 264,
      iterations: [
        { type: 'message', model: 'claude-fable-5', input_tokens: 408, output_tokens: 0 },
        { type: 'fallback_message', model: 'claude-opus-4-8', input_tokens: 412, output_tokens: 264 },
      ],
    }),
    price: FABLE_5,
    circumstances: { priceOf: (model) => OTHERS[model] },
    bill: '412 × 5000 + 264 × 25000 = 8660000',
  },
  {
    what: 'the same after the first model had begun to answer, which is billed at its own price',
    source: REFUSALS,
    body: message({
      input_tokens: 412,
      output_tokens: 264,
      iterations: [
        { type: 'message', model: 'claude-fable-5', input_tokens: 408, output_tokens: 20 },
        { type: 'fallback_message', model: 'claude-opus-4-8', input_tokens: 412, output_tokens: 264 },
      ],
    }),
    price: FABLE_5,
    circumstances: { priceOf: (model) => ({ ...OTHERS, 'claude-fable-5': FABLE_5 })[model] },
    bill: '408 × 10000 + 20 × 50000 + 412 × 5000 + 264 × 25000 = 13740000',
  },
  {
    what: 'advice from a model without a price',
    source: `${DOCS}/agents-and-tools/tool-use/advisor-tool`,
    body: message({
      input_tokens: 412,
      output_tokens: 264,
      iterations: [
        { type: 'message', input_tokens: 412, output_tokens: 264 },
        { type: 'advisor_message', model: 'claude-next', input_tokens: 100, output_tokens: 10 },
      ],
    }),
    price: SONNET_46,
    circumstances: { priceOf: (model) => OTHERS[model] },
    bill: 'unknown: a part of the sum is missing',
  },
  {
    what: 'a summary of the conversation is billed beside the counts on top',
    source: COMPACTION,
    body: message({
      input_tokens: 23_000,
      output_tokens: 1000,
      iterations: [
        { type: 'compaction', input_tokens: 180_000, output_tokens: 3500 },
        { type: 'message', input_tokens: 23_000, output_tokens: 1000 },
      ],
    }),
    price: OPUS_46,
    bill: '203000 × 5000 + 4500 × 25000 = 1127500000',
  },
  {
    what: 'each pass has its own length, though together they are long',
    source: COMPACTION,
    body: message({
      input_tokens: 23_000,
      output_tokens: 1000,
      iterations: [
        { type: 'compaction', input_tokens: 180_000, output_tokens: 3500 },
        { type: 'message', input_tokens: 23_000, output_tokens: 1000 },
      ],
    }),
    price: SONNET_45,
    bill: '203000 × 3000 + 4500 × 15000 = 676500000',
  },
  {
    what: 'passes in fast mode',
    source: COMPACTION,
    body: message({
      input_tokens: 10,
      output_tokens: 1,
      speed: 'fast',
      iterations: [
        { type: 'compaction', input_tokens: 100, output_tokens: 2 },
        { type: 'message', input_tokens: 10, output_tokens: 1 },
      ],
    }),
    price: OPUS_46,
    bill: '110 × 30000 + 3 × 150000 = 3750000',
  },
];

function streamedCost(frames: readonly JsonObject[]): number | undefined {
  const reader = new AnthropicStreamReader();
  const events = frames.flatMap((frame) => reader.step({ event: undefined, data: JSON.stringify(frame) }).events);
  const last = events.findLast((event) => event.type === 'usage');
  return last && pricedCost(last.usage, FABLE_5);
}

describe('promise 6: the cost of Anthropic by its own terms', () => {
  for (const row of [...CACHED, ...LENGTHS, ...TOOLS, ...SERVED, ...PASSES]) {
    itCosts(row, () => usageInMessage(row.body));
  }

  it('knows in a stream whether a refusal came before any output', () => {
    const refused = { type: 'message_delta', delta: { stop_reason: 'refusal' }, usage: { output_tokens: 1 } };
    const start = { type: 'message_start', message: { content: [], usage: { input_tokens: 412, output_tokens: 1 } } };
    const heard = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
    assert.equal(streamedCost([start, refused]), 0);
    // 412 × 10000 + 1 × 50000
    assert.equal(streamedCost([start, heard, refused]), 4_170_000);
  });

  it('charges nothing for a refusal before any output, also without a price', () => {
    assert.equal(pricedCost(mapUsage({ input_tokens: 412, output_tokens: 1 }, true), undefined), 0);
  });
});
