import type { Price, Rates, Variant } from '../../src/models/pricing/price.ts';

/**
 * List prices that the rows of this folder are worked out with, as their providers' pages had them in November 2026
 * or when the model was current. They stand here for themselves, so that a change of the shipped table changes no sum.
 */

const HALF_IN_BATCHES: Variant = { when: { batch: true }, factor: 0.5 };
const ANTHROPIC_FEES = { webSearch: 10, webFetch: 0 };

function price(rates: Rates, rest: Partial<Price> = {}): Price {
  return { version: 'test', ...rates, ...rest };
}

function claude(rates: Rates, variants: readonly Variant[] = []): Price {
  const us: Variant = { when: { geo: 'us' }, factor: 1.1 };
  return price(rates, { fees: ANTHROPIC_FEES, variants: [...variants, HALF_IN_BATCHES, us] });
}

export const GPT_4O = price({ input: 2.5, cacheRead: 1.25, output: 10 }, { variants: [HALF_IN_BATCHES] });
export const GPT_4O_MINI = price({ input: 0.15, cacheRead: 0.075, output: 0.6 }, { variants: [HALF_IN_BATCHES] });
export const GPT_41_NANO = price({ input: 0.1, cacheRead: 0.025, output: 0.4 });
export const GPT_5 = price({ input: 1.25, cacheRead: 0.125, output: 10 });
export const GPT_54 = price(
  { input: 2.5, cacheRead: 0.25, output: 15 },
  {
    variants: [
      { when: { inputAbove: 272_000 }, input: 5, cacheRead: 0.5, output: 22.5 },
      { when: { serviceTier: 'flex' }, factor: 0.5 },
      { when: { serviceTier: 'priority' }, factor: 2 },
      { when: { geo: 'eu' }, factor: 1.1 },
      HALF_IN_BATCHES,
    ],
  },
);
/** Writing to the cache costs 1.25 × input. */
export const GPT_56_SOL = price({ input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 30 });
export const GPT_AUDIO = price({ input: 2.5, output: 10, audioInput: 32, audioOutput: 64 });
export const GPT_REALTIME = price({
  input: 4,
  cacheRead: 0.4,
  output: 16,
  audioInput: 32,
  audioCacheRead: 0.4,
  audioOutput: 64,
});
export const GPT_4O_SEARCH = price({ input: 2.5, output: 10 }, { fees: { request: 25 } });
export const EMBEDDING_3_SMALL = price({ input: 0.02, output: 0 });

export const SONNET_45 = claude({ input: 3, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6, output: 15 }, [
  {
    when: { inputAbove: 200_000 },
    input: 6,
    cacheRead: 0.6,
    cacheWrite: 7.5,
    cacheWrite1h: 12,
    output: 22.5,
  },
]);
export const SONNET_46 = claude({ input: 3, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6, output: 15 });
export const SONNET_5 = claude({ input: 2, cacheRead: 0.2, cacheWrite: 2.5, cacheWrite1h: 4, output: 10 });
export const OPUS_46 = claude({ input: 5, cacheRead: 0.5, cacheWrite: 6.25, cacheWrite1h: 10, output: 25 }, [
  { when: { speed: 'fast' }, input: 30, cacheRead: 3, cacheWrite: 37.5, cacheWrite1h: 60, output: 150 },
]);
/** Opus 4.7, 4.8 and 5. */
export const OPUS_5 = claude({ input: 5, cacheRead: 0.5, cacheWrite: 6.25, cacheWrite1h: 10, output: 25 });
export const FABLE_5 = claude({ input: 10, cacheRead: 1, cacheWrite: 12.5, cacheWrite1h: 20, output: 50 });

/** Twice as much on working days in China, 9:00–12:00 and 14:00–18:00 there. */
export const DEEPSEEK_FLASH = price(
  { input: 0.15, cacheRead: 0.003, output: 0.6 },
  {
    variants: [
      {
        when: {
          hours: {
            spans: [
              [9, 12],
              [14, 18],
            ],
            utcOffset: 8,
            weekdays: [1, 2, 3, 4, 5],
            except: ['2026-10-01'],
          },
        },
        factor: 2,
      },
    ],
  },
);
export const GROK_3_MINI = price({ input: 0.3, cacheRead: 0.075, output: 0.5 });
export const GROK_4 = price(
  { input: 3, cacheRead: 0.75, output: 15 },
  { variants: [{ when: { inputAbove: 128_000 }, input: 6, output: 30 }] },
);
export const KIMI_K2 = price({ input: 0.6, cacheRead: 0.15, output: 2.5 });
export const KIMI_K26 = price({ input: 0.95, cacheRead: 0.16, output: 4 });
export const LLAMA_33_70B = price({ input: 0.59, output: 0.79 }, { variants: [HALF_IN_BATCHES] });
export const QWEN3_32B = price({ input: 0.29, output: 0.59 });
export const QWEN_PLUS = price(
  { input: 0.4, cacheRead: 0.04, cacheWrite: 0.5, output: 1.2 },
  {
    variants: [
      { when: { thinking: true }, output: 4 },
      { when: { inputAbove: 256_000 }, input: 1.2, cacheRead: 0.12, cacheWrite: 1.5, output: 3.6 },
      { when: { inputAbove: 256_000, thinking: true }, output: 12 },
    ],
  },
);
export const QWEN3_MAX = price({ input: 1.2, output: 6 });
export const QWEN_OMNI = price({ input: 0.43, imageInput: 0.78, output: 3.06 });
export const MISTRAL_SMALL = price({ input: 0.1, cacheRead: 0.01, output: 0.3 });
export const GLM_46 = price({ input: 0.6, cacheRead: 0.11, output: 2.2 });
export const SONAR_PRO = price(
  { input: 3, output: 15 },
  {
    fees: { request: 6, webSearch: 0 },
    variants: [
      { when: { searchContext: 'medium' }, fees: { request: 10 } },
      { when: { searchContext: 'high' }, fees: { request: 14 } },
    ],
  },
);
export const SONAR_DEEP_RESEARCH = price(
  { input: 2, output: 8, reasoning: 3, citation: 2 },
  { fees: { webSearch: 5 } },
);
/** An image model behind a chat protocol. */
export const FLASH_IMAGE = price({ input: 0.3, output: 2.5, imageOutput: 30 });
/** Two GPUs at $2.50 an hour that serve eight calls at a time. */
export const OWN_GPUS = price({ input: 0, output: 0 }, { gpu: { hour: 2.5, gpus: 2, concurrency: 8 } });
export const FREE = price({ input: 0, output: 0 });
