/** In which ways a model can be told how much to think. */
export type ReasoningControl = 'effort' | 'budget' | 'adaptive' | 'switch';

/**
 * What a model can do, as far as its provider says it. Absent is not known, which is neither yes nor no: a request is
 * refused only for what is known to be impossible.
 */
export interface Capabilities {
  readonly streaming?: boolean;
  readonly tools?: boolean;
  readonly parallelTools?: boolean;
  /** It can be made to call a tool. */
  readonly forcedTools?: boolean;
  /** Images in the prompt. */
  readonly vision?: boolean;
  /** PDF documents in the prompt. */
  readonly documents?: boolean;
  readonly audioInput?: boolean;
  readonly audioOutput?: boolean;
  /** An answer that is held to a JSON Schema by the provider. */
  readonly jsonSchema?: boolean;
  readonly reasoning?: boolean;
  readonly reasoningControls?: readonly ReasoningControl[];
  /** It cannot be asked not to think. */
  readonly reasoningAlways?: boolean;
  /** It takes temperature, top_p and top_k. */
  readonly sampling?: boolean;
  /** The last message may be the assistant's, to be continued. */
  readonly prefill?: boolean;
  /** Tokens that prompt and answer may have together. */
  readonly contextTokens?: number;
  /** Tokens that an answer may have. */
  readonly outputTokens?: number;
}
