import { type CapabilityRow, LITELLM } from '../row.ts';

/** DeepSeek. */
export const DEEPSEEK: readonly CapabilityRow[] = [
  {
    models: ['deepseek-flash', 'deepseek-v4-flash-vision-exp'],
    sources: [LITELLM],
    tools: true,
    parallelTools: true,
    vision: true,
    reasoning: true,
    contextTokens: 1_000_000,
    outputTokens: 393_216,
  },
  {
    models: ['deepseek-v4-flash'],
    sources: [LITELLM],
    tools: true,
    parallelTools: true,
    reasoning: true,
    contextTokens: 1_000_000,
    outputTokens: 393_216,
  },
  {
    models: ['deepseek-v4-pro'],
    sources: [LITELLM],
    tools: true,
    parallelTools: true,
    vision: false,
    reasoning: true,
    contextTokens: 1_000_000,
    outputTokens: 393_216,
  },
];
