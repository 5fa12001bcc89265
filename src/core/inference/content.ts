/** Where the bytes of an image or document are. */
export type MediaSource =
  | { readonly kind: 'data'; readonly mediaType: string; readonly base64: string }
  | { readonly kind: 'url'; readonly url: string }
  /** A file that was uploaded to one provider; no other provider knows it. */
  | { readonly kind: 'file'; readonly fileId: string };

/** A prefix up to here may be cached by the provider. @see https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching (checked 2026-11-21) */
export interface CacheBreakpoint {
  readonly ttl: '5m' | '1h' | undefined;
}

interface Cacheable {
  readonly cache?: CacheBreakpoint;
}

export interface TextPart extends Cacheable {
  readonly type: 'text';
  readonly text: string;
}

export interface ImagePart extends Cacheable {
  readonly type: 'image';
  readonly source: MediaSource;
  readonly detail?: string;
}

export interface DocumentPart extends Cacheable {
  readonly type: 'document';
  /** `text`: plain text that is given as a document. */
  readonly source: MediaSource | { readonly kind: 'text'; readonly text: string };
  readonly title?: string;
  readonly context?: string;
  /** The answer shall cite it. */
  readonly citations?: boolean;
}

export interface AudioPart {
  readonly type: 'audio';
  /** `wav`, `mp3`. */
  readonly format: string;
  readonly base64: string;
}

/** What a model said before its answer. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  /** Empty where it is only there sealed. */
  readonly text: string;
  /** The proof that belongs to `text`. */
  readonly signature?: string;
  /** Reasoning that is shown only sealed. */
  readonly redacted?: string;
}

export interface RefusalPart {
  readonly type: 'refusal';
  readonly text: string;
}

export interface ToolCallPart extends Cacheable {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it, possibly empty or not even JSON; never re-written on the way. */
  readonly argumentsText: string;
}

export interface ToolResultPart extends Cacheable {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  readonly content: readonly (TextPart | ImagePart | DocumentPart)[];
  readonly isError?: boolean;
}

export type UserPart = TextPart | ImagePart | DocumentPart | AudioPart | ToolResultPart;
export type AssistantPart = TextPart | ReasoningPart | RefusalPart | ToolCallPart;

/**
 * One turn. Results of tools are parts of a user's turn: all results of one assistant turn stand in one message,
 * before anything else that the user says in it.
 */
export type Message =
  | { readonly role: 'system'; readonly content: readonly TextPart[]; readonly name?: string }
  | { readonly role: 'user'; readonly content: readonly UserPart[]; readonly name?: string }
  | { readonly role: 'assistant'; readonly content: readonly AssistantPart[]; readonly name?: string };
