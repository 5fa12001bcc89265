import type { JsonObject } from '../json.ts';
import type { CacheBreakpoint, Message } from './content.ts';
import type { Feature } from './features.ts';

export interface FunctionTool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent where the function takes none. */
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
  readonly cache?: CacheBreakpoint;
}

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  /** Some tool has to be called. */
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string }
  /** Only these of the tools; `required`: one of them has to be called. */
  | { readonly type: 'allowed'; readonly names: readonly string[]; readonly required: boolean };

export type ResponseFormat =
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema';
      readonly name?: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
    };

/** From least to most; providers know some of them each. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** How much a model may think before it answers. Absent fields were not asked for. */
export interface ReasoningRequest {
  /** `false`: asked not to think; `adaptive`: the model decides. */
  readonly enabled?: boolean | 'adaptive';
  readonly effort?: Effort;
  readonly budgetTokens?: number;
  /** Whether the client wants to read it; `summarized` where the provider would give a summary. */
  readonly display?: 'summarized' | 'omitted';
}

/** Something that the translation could not keep as it was. It becomes a warning. */
export interface TranslationNote {
  /** The client's own name of what is meant, e.g. `messages[2].content[0].image_url.detail`. */
  readonly field: string;
  /** What became of it, in words that follow the field's name. */
  readonly says: string;
}

/**
 * A chat request, dialect-free: what any client dialect is decoded to and any provider's protocol is built from.
 * Absent means that the client did not say it.
 */
export interface InferenceRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly FunctionTool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  /** Token id → bias. */
  readonly logitBias?: JsonObject;
  /** Log probabilities are asked for, and of how many alternatives. */
  readonly logprobs?: { readonly top?: number };
  /** How many answers (`n`). */
  readonly choices?: number;
  readonly responseFormat?: ResponseFormat;
  readonly reasoning?: ReasoningRequest;
  readonly verbosity?: string;
  readonly serviceTier?: string;
  /** An id of the end user, for the provider's abuse detection. */
  readonly user?: string;
  /** A hint for the provider's own routing to warm caches. */
  readonly promptCacheKey?: string;
  /** The provider shall set its cache breakpoints itself. */
  readonly autoCache?: CacheBreakpoint;
  readonly stream: boolean;
  /** The client asked for a usage frame at the end of its stream. */
  readonly includeUsage: boolean;
  /** Which features the request uses, and where in the client's body each stands first. */
  readonly fields: Readonly<Partial<Record<Feature, string>>>;
  /** What decoding itself could not keep. */
  readonly notes: readonly TranslationNote[];
}
