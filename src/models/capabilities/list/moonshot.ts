import { type CapabilityRow, LITELLM } from '../row.ts';

/** Moonshot AI. */
export const MOONSHOT: readonly CapabilityRow[] = [
  {
    models: ['kimi-k2.7-code', 'kimi-k2.6'],
    sources: [LITELLM],
    tools: true,
    vision: true,
    reasoning: true,
    contextTokens: 262_144,
    outputTokens: 262_144,
  },
  {
    models: ['kimi-k3.1-pro', 'kimi-k3'],
    sources: [LITELLM],
    tools: true,
    vision: true,
    reasoning: true,
    contextTokens: 1_048_576,
    outputTokens: 1_048_576,
  },
];
