import type { FunctionTool, InferenceRequest } from '../../core/inference/request.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { estimateTokens } from './estimate.ts';
import { type MediaTokens, mediaTokens } from './media-tokens.ts';
import { type PromptParts, promptParts } from './prompt-parts.ts';
import { renderTools } from './render-tools.ts';
import { tokenizer } from './tokenizer.ts';

/** The tokens of a prompt, and how they were found: `estimate` where some of them are only guessed. */
export interface TokenCount {
  readonly tokens: number;
  readonly method: 'tokenizer' | 'estimate';
}

/**
 * The tokens that a chat request puts before the model. Never waits for the request thread to count: tokenizing is
 * done in a thread of its own, and where that cannot, text is estimated.
 */
export async function countTokens(request: InferenceRequest, family: string, model: string): Promise<TokenCount> {
  const parts = promptParts(request.messages);
  const media = mediaTokens(family, model, parts);
  const encoding = encodingOf(family, model);
  const counted = encoding === undefined ? undefined : await tokenized(encoding, request, parts);
  if (counted === undefined) return { tokens: estimated(request, parts, model) + media.tokens, method: 'estimate' };
  return { tokens: counted + media.tokens, method: methodOf(request, media) };
}

/** What OpenAI says nothing of is a guess: how it shows a schema to the model. */
function methodOf({ responseFormat }: InferenceRequest, media: MediaTokens): TokenCount['method'] {
  return media.exact && responseFormat?.type !== 'json-schema' ? 'tokenizer' : 'estimate';
}

/**
 * Tokens beside the texts, of OpenAI's models.
 * @see https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb (checked 2026-11-21)
 */
/** Three around a message, and one for its role. */
const MESSAGE = 4;
const NAME = 1;
const TOOL_CALL = 3;
const ANSWER = 3;
/** Around the functions; where there is a system message, they stand behind it in the same message. */
const TOOLS = 9;
const TOOLS_BEHIND_SYSTEM = 6;

async function tokenized(
  encoding: Encoding,
  request: InferenceRequest,
  parts: PromptParts,
): Promise<number | undefined> {
  const { tools } = request;
  const texts = [...parts.texts, ...schemaTexts(request), ...(tools.length > 0 ? [renderTools(tools)] : [])];
  const counted = await tokenizer.count(encoding, texts);
  if (counted === undefined) return undefined;
  const hasSystem = request.messages.some(({ role }) => role === 'system');
  const around = tools.length === 0 ? 0 : hasSystem ? TOOLS_BEHIND_SYSTEM : TOOLS;
  return counted + parts.messages * MESSAGE + parts.names * NAME + parts.toolCalls * TOOL_CALL + ANSWER + around;
}

function schemaTexts({ responseFormat }: InferenceRequest): string[] {
  return responseFormat?.type === 'json-schema' ? [JSON.stringify(responseFormat.schema)] : [];
}

/** Tokens beside the texts, of models whose template is not known: about what those of open models take. */
const ESTIMATED = { message: 3, toolCall: 12, tool: 10, tools: 150 } as const;

function estimated(request: InferenceRequest, parts: PromptParts, model: string): number {
  const { tools } = request;
  const texts = [...parts.texts, ...schemaTexts(request), ...tools.map(toolText)];
  const sum = texts.reduce((tokens, text) => tokens + estimateTokens(text, model), 0);
  const around = tools.length === 0 ? 0 : toolPrompt(model, request) + tools.length * ESTIMATED.tool;
  return sum + parts.messages * ESTIMATED.message + parts.toolCalls * ESTIMATED.toolCall + around;
}

function toolText({ name, description, parameters }: FunctionTool): string {
  return JSON.stringify({ name, description, parameters });
}

/**
 * What Anthropic puts before the tools: where the model may choose, and where a call is demanded.
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing (checked 2026-11-21)
 */
const CLAUDE_TOOL_PROMPTS: readonly (readonly [RegExp, free: number, forced: number])[] = [
  [/claude-opus-4-8/, 290, 410],
  [/claude-opus-4-7/, 675, 804],
  [/claude-(opus-4-[56]|sonnet-4-[56]|haiku-4-5)/, 497, 589],
  [/claude-(opus-4|sonnet-4)/, 313, 315],
  [/claude/, 354, 474],
];

function toolPrompt(model: string, { toolChoice }: InferenceRequest): number {
  const prompt = CLAUDE_TOOL_PROMPTS.find(([names]) => names.test(model));
  if (!prompt) return ESTIMATED.tools;
  const [, free, forced] = prompt;
  return toolChoice?.type === 'required' || toolChoice?.type === 'tool' ? forced : free;
}
