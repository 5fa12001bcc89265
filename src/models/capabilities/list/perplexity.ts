import { type CapabilityRow, LITELLM } from '../row.ts';

/** Perplexity. */
export const PERPLEXITY: readonly CapabilityRow[] = [
  { models: ['sonar'], sources: [LITELLM], contextTokens: 128_000, outputTokens: 128_000 },
  {
    models: ['sonar-deep-research', 'sonar-reasoning', 'sonar-reasoning-pro'],
    sources: [LITELLM],
    reasoning: true,
    contextTokens: 128_000,
    outputTokens: 128_000,
  },
  { models: ['sonar-pro'], sources: [LITELLM], contextTokens: 200_000, outputTokens: 8_000 },
];
