import type { Effort } from '../../core/inference/request.ts';

/**
 * In which ways a model can be told how much to think. `switch`: on or off; `between-tools`: thinking can be kept to
 * the pauses between tool calls, where it cannot be turned off.
 */
type ReasoningControl = 'effort' | 'budget' | 'adaptive' | 'switch' | 'between-tools';

/**
 * What a model can do, as far as its provider says it. Absent is not known, which is neither yes nor no: a request is
 * refused only for what is known to be impossible.
 */
export interface Capabilities {
  readonly streaming?: boolean;
  readonly tools?: boolean;
  readonly parallelTools?: boolean;
  /** A tool call can be demanded (`tool_choice` required, any, or a tool's name). */
  readonly forcedTools?: boolean;
  /** In chat completions, tools can be used while the model reasons. */
  readonly toolsWhileReasoning?: boolean;
  /** Images in the prompt. */
  readonly vision?: boolean;
  /** PDF documents in the prompt. */
  readonly documents?: boolean;
  readonly citations?: boolean;
  readonly audioInput?: boolean;
  readonly audioOutput?: boolean;
  /** An answer that is held to a JSON Schema by the provider. */
  readonly jsonSchema?: boolean;
  /** `temperature`, `top_p` and `top_k` may be set. Models that reason by default take them only while they do not. */
  readonly sampling?: boolean;
  readonly reasoning?: boolean;
  readonly reasoningControls?: readonly ReasoningControl[];
  /** Where `effort` is a control: which ones it takes. */
  readonly efforts?: readonly Effort[];
  /** It cannot be asked not to think. */
  readonly reasoningAlways?: boolean;
  /** The last message may be the assistant's, to be continued. */
  readonly prefill?: boolean;
  /** The provider's own code sandbox, as a server tool. */
  readonly codeExecution?: boolean;
  /** The provider shortens a long conversation by itself (Anthropic's compaction). */
  readonly compaction?: boolean;
  /** Tokens that prompt and answer may have together. */
  readonly contextTokens?: number;
  /** Tokens that a prompt may have, where that is less than the context. */
  readonly inputTokens?: number;
  /** Tokens that an answer may have. */
  readonly outputTokens?: number;
}
