import { listed } from './listed.ts';

/** Alibaba Cloud Model Studio, the international list. */
export const DASHSCOPE_INTL_PRICES = listed('dashscope-intl', {
  'https://www.alibabacloud.com/help/en/model-studio/models': [
    { model: 'deepseek-v4-flash', input: 0.2, cacheRead: 0.04, output: 0.4 },
    { model: 'deepseek-v4-flash-0731', input: 0.2, cacheRead: 0.04, output: 0.4 },
    { model: 'deepseek-v4-pro', input: 2.4, cacheRead: 0.2, output: 4.8 },
    { model: 'glm-5.1', input: 1.4, cacheRead: 0.26, output: 4.4 },
    { model: 'glm-5.2', input: 1.4, cacheRead: 0.28, output: 4.4 },
    { model: 'kimi-k2.7-code', input: 0.95, cacheRead: 0.19, output: 4 },
    { model: 'qwen-coder', input: 0.3, output: 1.5 },
    {
      model: 'qwen-flash',
      input: 0.05,
      output: 0.4,
      variants: [{ when: { inputAbove: 256_000 }, input: 0.25, output: 2 }],
    },
    { model: 'qwen-max', input: 1.6, output: 6.4 },
    { model: 'qwen-plus', input: 0.4, output: 1.2 },
    { model: 'qwen-plus-2025-04-28', input: 0.4, output: 1.2, variants: [{ when: { thinking: true }, output: 4 }] },
    { model: 'qwen-plus-2025-07-14', input: 0.4, output: 1.2, variants: [{ when: { thinking: true }, output: 4 }] },
    {
      model: 'qwen-plus-2025-07-28',
      input: 0.4,
      output: 1.2,
      variants: [
        { when: { thinking: true }, output: 4 },
        { when: { inputAbove: 256_000 }, input: 1.2, output: 3.6 },
        { when: { inputAbove: 256_000, thinking: true }, output: 12 },
      ],
    },
    {
      model: 'qwen-plus-2025-09-11',
      input: 0.4,
      output: 1.2,
      variants: [
        { when: { thinking: true }, output: 4 },
        { when: { inputAbove: 256_000 }, input: 1.2, output: 3.6 },
        { when: { inputAbove: 256_000, thinking: true }, output: 12 },
      ],
    },
    {
      model: 'qwen-plus-latest',
      input: 0.4,
      output: 1.2,
      variants: [
        { when: { thinking: true }, output: 4 },
        { when: { inputAbove: 256_000 }, input: 1.2, output: 3.6 },
        { when: { inputAbove: 256_000, thinking: true }, output: 12 },
      ],
    },
    { model: 'qwen-turbo', input: 0.05, output: 0.2, variants: [{ when: { thinking: true }, output: 0.5 }] },
    { model: 'qwen-turbo-2024-11-01', input: 0.05, output: 0.2 },
    { model: 'qwen-turbo-latest', input: 0.05, output: 0.2, variants: [{ when: { thinking: true }, output: 0.5 }] },
    {
      model: 'qwen3-coder-flash',
      input: 0.3,
      cacheRead: 0.08,
      output: 1.5,
      variants: [
        { when: { inputAbove: 32_000 }, input: 0.5, cacheRead: 0.12, output: 2.5 },
        { when: { inputAbove: 128_000 }, input: 0.8, cacheRead: 0.2, output: 4 },
        { when: { inputAbove: 256_000 }, input: 1.6, cacheRead: 0.4, output: 9.6 },
      ],
    },
    {
      model: 'qwen3-coder-flash-2025-07-28',
      input: 0.3,
      output: 1.5,
      variants: [
        { when: { inputAbove: 32_000 }, input: 0.5, output: 2.5 },
        { when: { inputAbove: 128_000 }, input: 0.8, output: 4 },
        { when: { inputAbove: 256_000 }, input: 1.6, output: 9.6 },
      ],
    },
    {
      model: 'qwen3-coder-plus',
      input: 1,
      cacheRead: 0.1,
      output: 5,
      variants: [
        { when: { inputAbove: 32_000 }, input: 1.8, cacheRead: 0.18, output: 9 },
        { when: { inputAbove: 128_000 }, input: 3, cacheRead: 0.3, output: 15 },
        { when: { inputAbove: 256_000 }, input: 6, cacheRead: 0.6, output: 60 },
      ],
    },
    {
      model: 'qwen3-coder-plus-2025-07-22',
      input: 1,
      output: 5,
      variants: [
        { when: { inputAbove: 32_000 }, input: 1.8, output: 9 },
        { when: { inputAbove: 128_000 }, input: 3, output: 15 },
        { when: { inputAbove: 256_000 }, input: 6, output: 60 },
      ],
    },
    {
      model: 'qwen3-max-preview',
      input: 1.2,
      output: 6,
      variants: [
        { when: { inputAbove: 32_000 }, input: 2.4, output: 12 },
        { when: { inputAbove: 128_000 }, input: 3, output: 15 },
      ],
    },
    {
      model: 'qwen3-max',
      input: 1.2,
      output: 6,
      variants: [
        { when: { inputAbove: 32_000 }, input: 2.4, output: 12 },
        { when: { inputAbove: 128_000 }, input: 3, output: 15 },
      ],
    },
    {
      model: 'qwen3-vl-plus',
      input: 0.2,
      output: 1.6,
      variants: [
        { when: { inputAbove: 32_000 }, input: 0.3, output: 2.4 },
        { when: { inputAbove: 128_000 }, input: 0.6, output: 4.8 },
      ],
    },
    {
      model: 'qwen3.5-plus',
      input: 0.4,
      output: 2.4,
      variants: [{ when: { inputAbove: 256_000 }, input: 0.5, output: 3 }],
    },
    { model: 'qwen3.7-max', input: 2.5, cacheRead: 0.5, cacheWrite: 3.125, output: 7.5 },
    {
      model: 'qwen3.7-plus',
      input: 0.4,
      cacheRead: 0.08,
      output: 1.6,
      variants: [{ when: { inputAbove: 256_000 }, input: 1.2, cacheRead: 0.24, output: 4.8 }],
    },
    { model: 'qwen3.8-max', input: 2, cacheRead: 0.25, output: 6 },
    { model: 'qwq-plus', input: 0.8, output: 2.4 },
  ],
  'https://www.alibabacloud.com/help/en/model-studio/model-pricing': [
    { model: 'qwen3-next-80b-a3b-instruct', input: 0.15, output: 1.2 },
    { model: 'qwen3-next-80b-a3b-thinking', input: 0.15, output: 1.2 },
    { model: 'qwen3-vl-235b-a22b-instruct', input: 0.4, output: 1.6 },
    { model: 'qwen3-vl-235b-a22b-thinking', input: 0.4, output: 4 },
    { model: 'qwen3-vl-32b-instruct', input: 0.16, output: 0.64 },
    { model: 'qwen3-vl-32b-thinking', input: 0.16, output: 2.87 },
  ],
  'https://docs.modelstudio.console.alibabacloud.com/en/model-studio/model-pricing': [
    { model: 'qwen3.8-flash', input: 0.15, cacheRead: 0.016, cacheWrite: 0.2, output: 0.47 },
    { model: 'qwen3.8-omni-flash', input: 0.15, cacheRead: 0.016, output: 0.47 },
  ],
});
