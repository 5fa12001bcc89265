import { type CapabilityRow, LITELLM } from '../row.ts';

/** Groq. */
export const GROQ: readonly CapabilityRow[] = [
  {
    models: ['openai/gpt-oss-120b', 'openai/gpt-oss-20b'],
    sources: [LITELLM],
    tools: true,
    parallelTools: true,
    vision: false,
    jsonSchema: true,
    reasoning: true,
    contextTokens: 131_072,
    outputTokens: 65_536,
  },
  {
    models: ['qwen/qwen3.8-27b'],
    sources: [LITELLM],
    tools: true,
    jsonSchema: true,
    reasoning: true,
    contextTokens: 131_072,
    outputTokens: 16_384,
  },
];
