import type { Effort } from '../../../core/inference/request.ts';
import type { Capabilities } from '../capabilities.ts';
import {
  AI_SDK_ANTHROPIC,
  CLAUDE_4_6,
  CLAUDE_MODELS,
  CLAUDE_SONNET_5_5,
  CLAUDE_THINKING,
  type CapabilityRow,
  LITELLM,
} from '../row.ts';

const SOURCES = [CLAUDE_MODELS, AI_SDK_ANTHROPIC, LITELLM];

const CLAUDE = {
  streaming: true,
  tools: true,
  parallelTools: true,
  vision: true,
  documents: true,
  citations: true,
  audioInput: false,
  audioOutput: false,
  reasoning: true,
} as const satisfies Capabilities;

const EFFORTS_4_5: readonly Effort[] = ['low', 'medium', 'high'];
const EFFORTS_4_6: readonly Effort[] = [...EFFORTS_4_5, 'max'];
const EFFORTS: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** Until 4.5: thinking by budget, prefill, temperature. */
const BUDGETED = { ...CLAUDE, sampling: true, reasoningControls: ['budget'], prefill: true } as const;

/** From 4.6 on: a million tokens, adaptive thinking, no prefill. */
const ADAPTIVE = {
  ...CLAUDE,
  jsonSchema: true,
  prefill: false,
  codeExecution: true,
  compaction: true,
  contextTokens: 1_000_000,
  outputTokens: 128_000,
} as const satisfies Capabilities;

/** From 4.7 on thinking budgets and sampling parameters are errors. */
const STRICT = {
  ...ADAPTIVE,
  sampling: false,
  reasoningControls: ['adaptive', 'effort'],
  efforts: EFFORTS,
} as const satisfies Capabilities;

/** Models that are retired (Claude 3.7 and before) are left out. */
export const ANTHROPIC: readonly CapabilityRow[] = [
  {
    models: ['claude-fable-5-2', 'claude-fable-5-1', 'claude-mythos-5-2', 'claude-mythos-5-1'],
    sources: [...SOURCES, CLAUDE_THINKING],
    ...STRICT,
    reasoningAlways: true,
    forcedTools: false,
  },
  {
    models: ['claude-fable-5', 'claude-mythos-5'],
    sources: [...SOURCES, CLAUDE_THINKING],
    ...STRICT,
    reasoningAlways: true,
  },
  {
    models: ['claude-opus-5-5'],
    sources: SOURCES,
    ...STRICT,
    reasoningAlways: true,
    forcedTools: false,
  },
  {
    models: ['claude-sonnet-5-5'],
    sources: [...SOURCES, CLAUDE_SONNET_5_5],
    ...STRICT,
    reasoningControls: ['adaptive', 'effort', 'between-tools'],
    reasoningAlways: true,
    forcedTools: false,
  },
  { models: ['claude-haiku-5-5'], sources: SOURCES, ...STRICT, reasoningAlways: false, forcedTools: true },
  {
    models: ['claude-opus-5', 'claude-opus-4-8', 'claude-sonnet-5'],
    sources: SOURCES,
    ...STRICT,
    reasoningAlways: false,
    forcedTools: true,
  },
  // Whether this one takes `disabled` is told both ways.
  { models: ['claude-opus-4-7'], sources: [...SOURCES, CLAUDE_THINKING], ...STRICT, forcedTools: true },
  {
    // Budgets are deprecated here and still work.
    models: ['claude-opus-4-6', 'claude-sonnet-4-6'],
    sources: [...SOURCES, CLAUDE_4_6],
    ...ADAPTIVE,
    sampling: true,
    reasoningControls: ['budget', 'adaptive', 'effort'],
    efforts: EFFORTS_4_6,
    reasoningAlways: false,
    forcedTools: true,
  },
  {
    models: ['claude-opus-4-5'],
    sources: SOURCES,
    ...BUDGETED,
    jsonSchema: true,
    reasoningControls: ['budget', 'effort'],
    efforts: EFFORTS_4_5,
    contextTokens: 200_000,
    outputTokens: 64_000,
  },
  {
    models: ['claude-sonnet-4-5', 'claude-haiku-4-5'],
    sources: SOURCES,
    ...BUDGETED,
    jsonSchema: true,
    contextTokens: 200_000,
    outputTokens: 64_000,
  },
  {
    models: ['claude-opus-4-1'],
    sources: [AI_SDK_ANTHROPIC],
    ...BUDGETED,
    jsonSchema: true,
    contextTokens: 200_000,
    outputTokens: 32_000,
  },
  {
    models: ['claude-opus-4', 'claude-opus-4-0'],
    sources: [AI_SDK_ANTHROPIC],
    ...BUDGETED,
    jsonSchema: false,
    contextTokens: 200_000,
    outputTokens: 32_000,
  },
  {
    models: ['claude-sonnet-4', 'claude-sonnet-4-0'],
    sources: [AI_SDK_ANTHROPIC],
    ...BUDGETED,
    jsonSchema: false,
    outputTokens: 64_000,
  },
];
