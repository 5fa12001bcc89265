import type { Capabilities } from '../capabilities.ts';
import { type CapabilityRow, LITELLM } from '../row.ts';

const GEMINI = {
  streaming: true,
  tools: true,
  forcedTools: true,
  vision: true,
  documents: true,
  audioInput: true,
  audioOutput: false,
  jsonSchema: true,
  sampling: true,
  reasoning: true,
  inputTokens: 1_048_576,
  outputTokens: 65_536,
} as const satisfies Capabilities;

/** From 3 on thinking has levels, and cannot be turned off. */
const LEVELS = { ...GEMINI, reasoningControls: ['effort', 'adaptive'], reasoningAlways: true } as const;

const BUDGETS = { ...GEMINI, reasoningControls: ['budget', 'adaptive'] } as const;

/** Models that are retired (Gemini 2.0 and before) are left out. */
export const GEMINI_MODELS: readonly CapabilityRow[] = [
  {
    models: ['gemini-4-argon'],
    sources: [LITELLM],
    ...LEVELS,
    efforts: ['minimal', 'low', 'medium', 'high'],
    parallelTools: true,
    outputTokens: 1_048_576,
  },
  {
    models: ['gemini-3.8-flash', 'gemini-3.7-flash'],
    sources: [LITELLM],
    ...LEVELS,
    efforts: ['low', 'medium', 'high'],
    parallelTools: true,
  },
  {
    models: [
      'gemini-3.6-flash',
      'gemini-3.5-flash',
      'gemini-3.5-flash-lite',
      'gemini-3.1-flash-lite',
      'gemini-3-flash-preview',
    ],
    sources: [LITELLM],
    ...LEVELS,
    efforts: ['minimal', 'low', 'medium', 'high'],
    parallelTools: true,
  },
  {
    models: ['gemini-3.1-pro-preview', 'gemini-3.1-pro-preview-customtools'],
    sources: [LITELLM],
    ...LEVELS,
    efforts: ['low', 'medium', 'high'],
  },
  { models: ['gemini-2.5-pro'], sources: [LITELLM], ...BUDGETS, reasoningAlways: true },
  {
    models: ['gemini-2.5-flash', 'gemini-2.5-flash-lite'],
    sources: [LITELLM],
    ...BUDGETS,
    reasoningAlways: false,
    parallelTools: true,
  },
];
