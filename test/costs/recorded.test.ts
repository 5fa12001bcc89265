import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isJsonObject, parseJson } from '../../src/core/json.ts';
import type { Usage } from '../../src/core/usage.ts';
import { pricedCost } from '../../src/models/pricing/cost.ts';
import type { Price } from '../../src/models/pricing/price.ts';
import { readStream, wireOf } from '../support/read-recording.ts';
import { type Recording, loadRecordings, recordingsMissing } from '../support/recordings.ts';
import { itCosts } from './bill.ts';
import {
  DEEPSEEK_FLASH,
  EMBEDDING_3_SMALL,
  FABLE_5,
  GPT_41_NANO,
  GROK_3_MINI,
  KIMI_K26,
  LLAMA_33_70B,
  MISTRAL_SMALL,
  OPUS_46,
  OPUS_5,
  QWEN3_32B,
  QWEN3_MAX,
  SONNET_46,
  SONNET_5,
} from './prices.ts';

/** Recording, price, and the bill. */
type Row = readonly [name: string, price: Price, bill: string];

const OPENAI_SHAPED: readonly Row[] = [
  ['openai/openai-text.json', GPT_41_NANO, '16 × 100 + 363 × 400 = 146800'],
  ['openai/openai-text.chunks.txt', GPT_41_NANO, '16 × 100 + 300 × 400 = 121600'],
  ['openai/openai-embedding.json', EMBEDDING_3_SMALL, '12 × 20 = 240'],
  ['deepseek/deepseek-json.json', DEEPSEEK_FLASH, '320 × 3 + 175 × 150 + 144 × 600 = 113610'],
  ['deepseek/deepseek-tool-call.chunks.txt', DEEPSEEK_FLASH, '320 × 3 + 19 × 150 + 83 × 600 = 53610'],
  ['groq/groq-reasoning.json', QWEN3_32B, '17 × 290 + 649 × 590 = 387840'],
  ['groq/groq-text.chunks.txt', LLAMA_33_70B, '45 × 590 + 662 × 790 = 549530'],
  ['mistral/mistral-incremental-tool-call.chunks.txt', MISTRAL_SMALL, '43 × 100 + 128 × 10 + 14 × 300 = 9780'],
  ['moonshotai/moonshotai-reasoning.json', KIMI_K26, '10 × 950 + 10 × 160 + 30 × 4000 = 131100'],
  ['alibaba/alibaba-reasoning.json', QWEN3_MAX, '24 × 1200 + 1668 × 6000 = 10036800'],
];

/** These say what xAI charged, so the row's price is held to a real bill. */
const CHARGED: readonly Row[] = [
  ['xai/xai-text.json', GROK_3_MINI, '10 × 300 + 2 × 75 + 229 × 500 = 117650'],
  ['xai/xai-text.chunks.txt', GROK_3_MINI, '1 × 300 + 11 × 75 + 291 × 500 = 146625'],
  ['xai/xai-tool-call.json', GROK_3_MINI, '47 × 300 + 244 × 75 + 215 × 500 = 139900'],
  ['xai/xai-tool-call.chunks.txt', GROK_3_MINI, '1 × 300 + 290 × 75 + 222 × 500 = 133050'],
  ['openai-compatible/xai-text.json', GROK_3_MINI, '10 × 300 + 2 × 75 + 322 × 500 = 164150'],
  ['openai-compatible/xai-text.chunks.txt', GROK_3_MINI, '1 × 300 + 11 × 75 + 342 × 500 = 172125'],
];

const ANTHROPIC: readonly Row[] = [
  [
    'anthropic/anthropic-code-execution-20260120-prompt-cache.1.chunks.txt',
    SONNET_5,
    '6 × 2000 + 6289 × 200 + 3337 × 2500 + 198 × 10000 = 11592300',
  ],
  ['anthropic/anthropic-claude-opus-5-reasoning-high.1.json', OPUS_5, '51 × 5000 + 1699 × 25000 = 42730000'],
  ['anthropic/anthropic-web-search-tool.1.json', SONNET_46, '27118 × 3000 + 600 × 15000 + 2 × 10000000 = 110354000'],
  ['anthropic/anthropic-web-fetch-tool.1.json', SONNET_46, '4234 × 3000 + 462 × 15000 = 19632000'],
  [
    'anthropic/anthropic-advisor-20260301.1.json',
    SONNET_46,
    '1051 × 3000 + 35 × 15000 + 2728 × 5000 + 874 × 25000 + 1363 × 3000 + 3165 × 15000 = 90732000',
  ],
  [
    'anthropic/anthropic-advisor-20250301.1.chunks.txt',
    SONNET_46,
    '4727 × 3000 + 3391 × 15000 + 2728 × 5000 + 3880 × 25000 = 175686000',
  ],
  [
    'anthropic/anthropic-compaction.1.json',
    OPUS_46,
    '60385 × 5000 + 592 × 25000 + 682 × 5000 + 1320 × 25000 = 353135000',
  ],
  [
    'anthropic/anthropic-compaction.1.chunks.txt',
    OPUS_46,
    '60385 × 5000 + 522 × 25000 + 612 × 5000 + 2819 × 25000 = 388510000',
  ],
  ['anthropic/anthropic-fallback.json', FABLE_5, '412 × 5000 + 264 × 25000 = 8660000'],
  ['anthropic/anthropic-fallback.chunks.txt', FABLE_5, '412 × 5000 + 264 × 25000 = 8660000'],
  ['anthropic-sdk/stream-a-refusal.sse', FABLE_5, '28 × 10000 + 106 × 50000 = 5580000'],
];

const OTHERS: Readonly<Record<string, Price>> = { 'claude-opus-4-7': OPUS_5, 'claude-opus-4-8': OPUS_5 };

const skip = recordingsMissing();
const recordings = new Map(loadRecordings().map((recording) => [recording.name, recording]));

/** As the gateway reads it. */
function usageOf(name: string): Usage | undefined {
  const recording = recordings.get(name);
  assert.ok(recording, `there is a recording ${name}`);
  return recording.kind === 'stream' ? streamed(recording) : whole(recording);
}

function streamed(recording: Recording): Usage | undefined {
  const { events } = readStream(wireOf(recording), [recording.bytes]);
  return events.reduce<Usage | undefined>((last, event) => (event.type === 'usage' ? event.usage : last), undefined);
}

function whole(recording: Recording): Usage | undefined {
  const body = parseJson(recording.bytes.toString());
  assert.ok(isJsonObject(body));
  return wireOf(recording).readWhole(recording.operation, body).usage;
}

describe('promise 6: the cost of recorded answers', { skip }, () => {
  for (const [name, price, bill] of [...OPENAI_SHAPED, ...CHARGED, ...ANTHROPIC]) {
    const circumstances = { priceOf: (model: string) => OTHERS[model] };
    itCosts({ what: name, source: name, price, circumstances, bill }, () => usageOf(name));
  }

  for (const [name, price] of CHARGED) {
    it(`${name}: our price makes what was charged`, () => {
      const usage = usageOf(name);
      assert.ok(usage?.reportedCostNanoUsd);
      assert.equal(pricedCost(usage, price), usage.reportedCostNanoUsd);
    });
  }
});
