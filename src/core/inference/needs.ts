/** What a chat request asks of its target, read without decoding it whole. */
export interface Needs {
  readonly streaming: boolean;
  readonly tools: boolean;
  /** Several tool calls in one turn are asked for, or are in the history. */
  readonly parallelTools: boolean;
  /** The history has images. */
  readonly vision: boolean;
  readonly documents: boolean;
  readonly audioInput: boolean;
  readonly audioOutput: boolean;
  /** An answer that is held to a JSON Schema. */
  readonly jsonSchema: boolean;
  /** Thinking is asked for in so many words. */
  readonly reasoning: boolean;
  /** The last message is the assistant's, to be continued. */
  readonly prefill: boolean;
  /** The most tokens that the answer may have; undefined where the request does not say. */
  readonly outputTokens: number | undefined;
}

/** An operation without any of these, such as embeddings. */
export const NO_NEEDS: Needs = {
  streaming: false,
  tools: false,
  parallelTools: false,
  vision: false,
  documents: false,
  audioInput: false,
  audioOutput: false,
  jsonSchema: false,
  reasoning: false,
  prefill: false,
  outputTokens: undefined,
};
