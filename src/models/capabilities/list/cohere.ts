import type { Capabilities } from '../capabilities.ts';
import { COHERE_MODELS, type CapabilityRow, LITELLM } from '../row.ts';

const SOURCES = [COHERE_MODELS, LITELLM];

const COMMAND = {
  streaming: true,
  tools: true,
  parallelTools: true,
  jsonSchema: true,
  audioInput: false,
  audioOutput: false,
  reasoning: false,
} as const satisfies Capabilities;

/** Cohere's chat models, version 2 of its API. */
export const COHERE: readonly CapabilityRow[] = [
  {
    models: ['command-a-plus-05-2026'],
    sources: SOURCES,
    ...COMMAND,
    vision: true,
    reasoning: true,
    reasoningControls: ['budget', 'switch'],
    contextTokens: 128_000,
    outputTokens: 64_000,
  },
  {
    models: ['command-a-03-2025'],
    sources: SOURCES,
    ...COMMAND,
    vision: false,
    contextTokens: 256_000,
    outputTokens: 8000,
  },
  {
    models: ['command-a-reasoning-08-2025'],
    sources: [COHERE_MODELS],
    ...COMMAND,
    vision: false,
    reasoning: true,
    reasoningControls: ['budget', 'switch'],
    contextTokens: 256_000,
    outputTokens: 32_000,
  },
  {
    models: ['command-r-08-2024', 'command-r-plus-08-2024'],
    sources: SOURCES,
    ...COMMAND,
    vision: false,
    forcedTools: false,
    contextTokens: 128_000,
    outputTokens: 4096,
  },
  {
    models: ['command-r7b-12-2024'],
    sources: SOURCES,
    ...COMMAND,
    vision: false,
    contextTokens: 128_000,
    outputTokens: 4096,
  },
];
