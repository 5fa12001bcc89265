import { listed } from './listed.ts';

/** xAI. */
export const XAI_PRICES = listed('xai', {
  'https://api.x.ai/v1/language-models': [
    {
      model: 'grok-4.20-0309-reasoning',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.3',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.3-latest',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.5',
      input: 2,
      cacheRead: 0.3,
      output: 6,
      variants: [{ when: { inputAbove: 200_000 }, input: 4, cacheRead: 0.6, output: 12 }],
    },
    {
      model: 'grok-4.5-latest',
      input: 2,
      cacheRead: 0.3,
      output: 6,
      variants: [{ when: { inputAbove: 200_000 }, input: 4, cacheRead: 0.6, output: 12 }],
    },
    {
      model: 'grok-build-latest',
      input: 2,
      cacheRead: 0.3,
      output: 6,
      variants: [{ when: { inputAbove: 200_000 }, input: 4, cacheRead: 0.6, output: 12 }],
    },
    {
      model: 'grok-4.6',
      input: 2,
      cacheRead: 0.5,
      output: 6,
      variants: [{ when: { inputAbove: 200_000 }, input: 4, cacheRead: 1, output: 12 }],
    },
    {
      model: 'grok-4.7',
      input: 2,
      cacheRead: 0.5,
      output: 6,
      variants: [
        { when: { inputAbove: 200_000 }, input: 4, cacheRead: 1, output: 12 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-0309-non-reasoning',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-multi-agent-0309',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-build-0.1',
      input: 1,
      cacheRead: 0.2,
      output: 2,
      variants: [{ when: { inputAbove: 200_000 }, input: 2, cacheRead: 0.4, output: 4 }],
    },
    {
      model: 'grok-4.20',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-reasoning',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-reasoning-latest',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-non-reasoning',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-non-reasoning-latest',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-multi-agent',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-multi-agent-latest',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-4.20-0309',
      input: 1.25,
      cacheRead: 0.2,
      output: 2.5,
      variants: [
        { when: { inputAbove: 200_000 }, input: 2.5, cacheRead: 0.4, output: 5 },
        { when: { batch: true }, factor: 0.8 },
      ],
    },
    {
      model: 'grok-code-fast',
      input: 1,
      cacheRead: 0.2,
      output: 2,
      variants: [{ when: { inputAbove: 200_000 }, input: 2, cacheRead: 0.4, output: 4 }],
    },
    {
      model: 'grok-code-fast-1',
      input: 1,
      cacheRead: 0.2,
      output: 2,
      variants: [{ when: { inputAbove: 200_000 }, input: 2, cacheRead: 0.4, output: 4 }],
    },
    {
      model: 'grok-code-fast-1-0825',
      input: 1,
      cacheRead: 0.2,
      output: 2,
      variants: [{ when: { inputAbove: 200_000 }, input: 2, cacheRead: 0.4, output: 4 }],
    },
  ],
});
