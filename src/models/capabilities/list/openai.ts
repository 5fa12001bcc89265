import type { Effort } from '../../../core/inference/request.ts';
import type { Capabilities } from '../capabilities.ts';
import { AI_SDK_OPENAI, type CapabilityRow, LITELLM, OPENAI_MODELS } from '../row.ts';

const SOURCES = [OPENAI_MODELS, LITELLM];
const REASONING_SOURCES = [...SOURCES, AI_SDK_OPENAI];

const TEXT = { streaming: true, tools: true, audioInput: false, audioOutput: false } as const satisfies Capabilities;

const SEEING = {
  ...TEXT,
  parallelTools: true,
  vision: true,
  documents: true,
  jsonSchema: true,
} as const satisfies Capabilities;

const GPT_4O = { ...SEEING, sampling: true, reasoning: false, contextTokens: 128_000, outputTokens: 16_384 } as const;

const GPT_4_1 = { ...GPT_4O, contextTokens: 1_047_576, outputTokens: 32_768 } as const satisfies Capabilities;

const AUDIO = {
  ...TEXT,
  parallelTools: true,
  vision: false,
  jsonSchema: false,
  sampling: true,
  reasoning: false,
  audioInput: true,
  audioOutput: true,
  contextTokens: 128_000,
  outputTokens: 16_384,
} as const satisfies Capabilities;

const O_SERIES = {
  ...TEXT,
  jsonSchema: true,
  sampling: false,
  reasoning: true,
  reasoningAlways: true,
  reasoningControls: ['effort'],
  efforts: ['low', 'medium', 'high'],
  contextTokens: 200_000,
  outputTokens: 100_000,
} as const satisfies Capabilities;

const GPT_5 = {
  ...SEEING,
  sampling: false,
  reasoning: true,
  reasoningControls: ['effort'],
  contextTokens: 400_000,
  inputTokens: 272_000,
  outputTokens: 128_000,
} as const satisfies Capabilities;

/** A million tokens, from 5.4 on; up to 272,000 of them at the usual price. */
const LONG = { ...GPT_5, contextTokens: 1_050_000, inputTokens: 1_050_000 } as const satisfies Capabilities;

const FROM_NONE: readonly Effort[] = ['none', 'low', 'medium', 'high'];
const TO_XHIGH: readonly Effort[] = [...FROM_NONE, 'xhigh'];
const TO_MAX: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** Models of chat completions. From 5.1 on `none` is an effort, with which temperature may be set. */
export const OPENAI: readonly CapabilityRow[] = [
  {
    models: ['gpt-6-sol', 'gpt-6-luna', 'gpt-6.1-sol', 'gpt-6.1-terra'],
    sources: REASONING_SOURCES,
    ...LONG,
    efforts: ['none', ...TO_MAX],
    reasoningAlways: false,
  },
  { models: ['gpt-6-astra'], sources: REASONING_SOURCES, ...LONG, efforts: TO_MAX, reasoningAlways: true },
  {
    models: ['gpt-5.6', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna'],
    sources: REASONING_SOURCES,
    ...LONG,
    efforts: TO_XHIGH,
    reasoningAlways: false,
    toolsWhileReasoning: false,
  },
  {
    models: ['gpt-5.5', 'gpt-5.4'],
    sources: REASONING_SOURCES,
    ...LONG,
    efforts: TO_XHIGH,
    reasoningAlways: false,
  },
  {
    models: ['gpt-5.4-mini', 'gpt-5.4-nano', 'gpt-5.2'],
    sources: REASONING_SOURCES,
    ...GPT_5,
    efforts: TO_XHIGH,
    reasoningAlways: false,
  },
  { models: ['gpt-5.1'], sources: REASONING_SOURCES, ...GPT_5, efforts: FROM_NONE, reasoningAlways: false },
  {
    models: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano'],
    sources: REASONING_SOURCES,
    ...GPT_5,
    efforts: ['minimal', 'low', 'medium', 'high'],
    reasoningAlways: true,
  },
  { models: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'], sources: SOURCES, ...GPT_4_1 },
  { models: ['gpt-4o', 'gpt-4o-mini'], sources: SOURCES, ...GPT_4O },
  // Before structured outputs.
  { models: ['gpt-4o-2024-05-13'], sources: SOURCES, ...GPT_4O, jsonSchema: false, outputTokens: 4096 },
  {
    models: ['gpt-audio*', 'gpt-4o-audio-preview*', 'gpt-4o-mini-audio-preview*'],
    sources: SOURCES,
    ...AUDIO,
  },
  { models: ['o1', 'o3', 'o4-mini'], sources: REASONING_SOURCES, ...O_SERIES, vision: true, documents: true },
  { models: ['o3-mini'], sources: REASONING_SOURCES, ...O_SERIES, vision: false, documents: false },
  {
    models: ['gpt-4-turbo'],
    sources: SOURCES,
    ...GPT_4O,
    jsonSchema: false,
    outputTokens: 4096,
  },
  {
    models: ['gpt-4', 'gpt-4-0613'],
    sources: SOURCES,
    ...TEXT,
    vision: false,
    documents: false,
    jsonSchema: false,
    sampling: true,
    reasoning: false,
    contextTokens: 8192,
    outputTokens: 8192,
  },
  {
    models: ['gpt-3.5-turbo', 'gpt-3.5-turbo-0125', 'gpt-3.5-turbo-1106'],
    sources: SOURCES,
    ...TEXT,
    vision: false,
    documents: false,
    jsonSchema: false,
    sampling: true,
    reasoning: false,
    contextTokens: 16_385,
    outputTokens: 4096,
  },
];
