import type { Feature } from '../../../core/inference/features.ts';

/** How a server is told whether and how much to think. */
export type ReasoningSwitch =
  /** `reasoning_effort`. */
  | 'effort'
  /** `enable_thinking` and `thinking_budget` (DashScope, SiliconFlow). */
  | 'enable_thinking'
  /** `thinking: { type: enabled | disabled }` (DeepSeek, Zhipu, Moonshot, Ark). */
  | 'thinking'
  /** `chat_template_kwargs: { enable_thinking }` (vLLM, SGLang). */
  | 'chat_template'
  /** `reasoning: { effort | max_tokens | enabled }` (OpenRouter). */
  | 'reasoning'
  /** It cannot be told. */
  | 'none';

/** How one server that speaks OpenAI's chat protocol differs from OpenAI. Data only. */
export interface Quirks {
  /** It takes `stream_options.include_usage`; without it usage comes by itself or not at all. */
  readonly usageFrame: boolean;
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  /** Where the end user's id goes. */
  readonly userField: 'safety_identifier' | 'user' | undefined;
  /** What it refuses or does not know; left out of translated requests with a warning. */
  readonly untaken: readonly Feature[];
  /** It takes `top_k`. */
  readonly topK: boolean;
  /** It takes `n`; else several answers are as many requests. */
  readonly choices: boolean;
  /** `json-object`: it has the JSON mode without a schema only. */
  readonly jsonSchema: 'native' | 'json-object';
  readonly reasoning: ReasoningSwitch;
  /** The field of an assistant's message in which it takes its reasoning back. */
  readonly reasoningHistory: 'reasoning_content' | 'reasoning' | undefined;
  /** How it is told to continue the last message; undefined where it cannot be. */
  readonly prefill: 'prefix' | 'partial' | 'continue_final_message' | 'by-itself' | undefined;
  /** `nine`: exactly nine letters and digits. */
  readonly toolIds: 'any' | 'nine';
  /** It takes `cache_control` on parts of content. */
  readonly cacheControl: boolean;
  /** It takes documents as `file` parts. */
  readonly files: boolean;
}

/** OpenAI itself: what every other server is a variation of. */
export const OPENAI_QUIRKS: Quirks = {
  usageFrame: true,
  maxTokensField: 'max_completion_tokens',
  userField: 'safety_identifier',
  untaken: [],
  topK: false,
  choices: true,
  jsonSchema: 'native',
  reasoning: 'effort',
  reasoningHistory: undefined,
  prefill: undefined,
  toolIds: 'any',
  cacheControl: false,
  files: true,
};

/** A server of which nothing more is known than that it speaks the protocol: the names that were there first. */
export const COMPATIBLE_QUIRKS: Quirks = {
  ...OPENAI_QUIRKS,
  maxTokensField: 'max_tokens',
  userField: 'user',
};
