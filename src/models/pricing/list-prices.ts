import { ANTHROPIC_PRICES } from './list/anthropic.ts';
import { BEDROCK_PRICES } from './list/bedrock.ts';
import { BEDROCK_CLAUDE_PRICES } from './list/bedrock-claude.ts';
import { BEDROCK_GUEST_PRICES } from './list/bedrock-guests.ts';
import { BEDROCK_OPENAI_PRICES } from './list/bedrock-openai.ts';
import { DASHSCOPE_INTL_PRICES } from './list/dashscope-intl.ts';
import { DEEPSEEK_PRICES } from './list/deepseek.ts';
import { FIREWORKS_PRICES } from './list/fireworks.ts';
import { GEMINI_PRICES } from './list/gemini.ts';
import { GEMINI_MEDIA_PRICES } from './list/gemini-media.ts';
import { GROQ_PRICES } from './list/groq.ts';
import { MEDIA_PRICES } from './list/media.ts';
import { MISTRAL_PRICES } from './list/mistral.ts';
import { MOONSHOT_PRICES } from './list/moonshot.ts';
import { OPENAI_PRICES } from './list/openai.ts';
import { OPENAI_EARLIER_PRICES } from './list/openai-earlier.ts';
import { OPENAI_MEDIA_PRICES } from './list/openai-media.ts';
import { SEARCH_PRICES } from './list/search.ts';
import { TOGETHER_PRICES } from './list/together.ts';
import { VERTEX_PRICES } from './list/vertex.ts';
import { VERTEX_CLAUDE_PRICES } from './list/vertex-claude.ts';
import { XAI_PRICES } from './list/xai.ts';
import { ZAI_PRICES } from './list/zai.ts';
import { SIMULATOR_PRICES } from './list/simulator.ts';
import type { PriceRow } from './price-row.ts';

/** The prices that this version ships. What is not here, and not configured or stored, has an unknown price. */
export const LIST_PRICES: readonly PriceRow[] = [
  ...ANTHROPIC_PRICES,
  ...BEDROCK_PRICES,
  ...BEDROCK_CLAUDE_PRICES,
  ...BEDROCK_GUEST_PRICES,
  ...BEDROCK_OPENAI_PRICES,
  ...DASHSCOPE_INTL_PRICES,
  ...DEEPSEEK_PRICES,
  ...FIREWORKS_PRICES,
  ...GEMINI_PRICES,
  ...GEMINI_MEDIA_PRICES,
  ...GROQ_PRICES,
  ...MISTRAL_PRICES,
  ...MOONSHOT_PRICES,
  ...OPENAI_PRICES,
  ...OPENAI_EARLIER_PRICES,
  ...OPENAI_MEDIA_PRICES,
  ...TOGETHER_PRICES,
  ...VERTEX_PRICES,
  ...VERTEX_CLAUDE_PRICES,
  ...XAI_PRICES,
  ...ZAI_PRICES,
  ...MEDIA_PRICES,
  ...SEARCH_PRICES,
  ...SIMULATOR_PRICES,
];

/** The models of a family that the table knows, to be shown where the operator names none. */
export function listedModels(family: string): string[] {
  return [...new Set(LIST_PRICES.filter((row) => row.family === family).map(({ model }) => model))];
}
