import type { Capabilities } from './capabilities.ts';

/** Where a row's facts were read, and when. */
export interface Source {
  readonly url: string;
  /** ISO day. */
  readonly checked: string;
}

/** What is known of some models of one family. */
export interface CapabilityRow extends Capabilities {
  /** Names as the provider writes them; one that ends in `*` stands for all that begin so. */
  readonly models: readonly string[];
  readonly sources: readonly Source[];
}

const CHECKED = '2026-11-21';

function source(url: string): Source {
  return { url, checked: CHECKED };
}

/** A collection that its users keep up to date, as of its release 1.109.1; a second witness, and the only one of many rows. */
export const LITELLM = source('https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json');

/** Capabilities as the adapters of @ai-sdk/anthropic 4.0.105 and @ai-sdk/openai 4.0.118 state them. */
export const AI_SDK_ANTHROPIC = source(
  'https://github.com/vercel/ai/blob/main/packages/anthropic/src/anthropic-model-catalog.ts',
);
export const AI_SDK_OPENAI = source(
  'https://github.com/vercel/ai/blob/main/packages/openai/src/openai-model-catalog.ts',
);

export const CLAUDE_MODELS = source('https://platform.claude.com/docs/en/about-claude/models/overview');
export const CLAUDE_THINKING = source('https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking');
export const CLAUDE_SONNET_5_5 = source('https://platform.claude.com/docs/en/models/sonnet-5-5/migration-guide');
export const CLAUDE_4_6 = source('https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-6');
export const OPENAI_MODELS = source('https://platform.openai.com/docs/models');
export const MODEL_STUDIO = source('https://www.alibabacloud.com/help/en/model-studio/deep-thinking');
/** As read in a public copy of May 2026. */
export const COHERE_MODELS = source('https://docs.cohere.com/v2/docs/models');
export const SIMULATOR_DOCS = source('docs/simulator.md');
