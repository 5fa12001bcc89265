import type { Operation } from '../../../core/call.ts';
import type { Feature } from '../../../core/inference/features.ts';
import type { Effort } from '../../../core/inference/request.ts';
import type { EmbeddingBounds } from '../provider.ts';

/** How a server is told whether and how much to think. */
type ReasoningSwitch =
  /** `reasoning_effort`. */
  | 'effort'
  /** `reasoning_effort`, and an error from models that do not think: it is sent to those that are known to. */
  | 'effort-where-known'
  /** `enable_thinking` and `thinking_budget`. */
  | 'enable_thinking'
  /** `thinking: { type: enabled | disabled }`, with `reasoning_effort` where efforts are known. */
  | 'thinking'
  /** `chat_template_kwargs`: models look for `enable_thinking` or for `thinking`. */
  | 'chat_template'
  /** `reasoning: { effort | max_tokens | enabled }`. */
  | 'reasoning'
  /** It cannot be told. */
  | 'none';

/**
 * Where text is completed. `beta`: below `/beta`, whatever the base address says of a version; `fim`: under
 * `/fim/completions`, and answered as a chat is.
 */
type Completions = 'openai' | 'beta' | 'fim';

/** How one server that speaks OpenAI's chat protocol differs from OpenAI. Data only. */
export interface Quirks {
  /** What it has beside chat. */
  readonly operations: readonly Operation[];
  readonly completions: Completions;
  /**
   * It has the responses API and keeps what it answers there, so that requests are relayed. A server that keeps nothing
   * is asked through chat: then the gateway keeps the responses, and clients can refer to them.
   */
  readonly responses: boolean;
  /** It takes `stream_options.include_usage`; without it usage comes by itself or not at all. */
  readonly usageFrame: boolean;
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  /** Where the end user's id goes. */
  readonly userField: 'safety_identifier' | 'user' | 'user_id' | undefined;
  readonly seedField: 'seed' | 'random_seed';
  /** How many stop sequences it takes. */
  readonly mostStops: number;
  /** What it calls the service tier that everybody has; undefined where it has no tiers. */
  readonly standardTier: 'default' | 'on_demand' | undefined;
  /** What it refuses or does not know; left out of translated requests with a warning, or refused. */
  readonly untaken: readonly Feature[];
  /** It takes `top_k`. */
  readonly topK: boolean;
  /** It takes `n`; else several answers are as many requests. */
  readonly choices: boolean;
  /**
   * `json-object`: it has the JSON mode without a schema only; `json-object-value`: JSON mode with the schema under
   * `value`.
   */
  readonly jsonSchema: 'native' | 'json-object' | 'json-object-value';
  /** It has the JSON mode without a schema. */
  readonly jsonObject: boolean;
  readonly reasoning: ReasoningSwitch;
  /** Efforts that it takes, where nothing more is known of the model. */
  readonly efforts?: readonly Effort[];
  /** It cannot be made to call a tool while it thinks. */
  readonly thinksOrIsForced: boolean;
  /** The field of an assistant's message in which it takes its reasoning back. */
  readonly reasoningHistory: 'reasoning_content' | 'reasoning' | undefined;
  /** It does not take reasoning out of the text: answers begin with `<think>…</think>`. */
  readonly thinkTags: boolean;
  /** How it is told to continue the last message; undefined where it answers it instead. */
  readonly prefill: 'prefix' | 'partial' | 'continue_final_message' | 'by-itself' | 'refused' | undefined;
  /** `nine`: exactly nine letters and digits. */
  readonly toolIds: 'any' | 'nine';
  /** Names of tools that it takes. */
  readonly toolNames: RegExp;
  /** It calls one tool at a time unless it is told that it may call several. */
  readonly oneCallByDefault: boolean;
  /** It takes messages of text parts; else they are joined into one text. */
  readonly textParts: boolean;
  /** It takes `cache_control` on parts of content; `plain`: without a lifetime. */
  readonly cacheControl: 'with-ttl' | 'plain' | undefined;
  /** It fetches images by their URL. */
  readonly imageUrls: boolean;
  /** In which parts it takes documents: their data, or (`-or-url`) an address in its place. */
  readonly documents: 'file' | 'file-or-url' | 'document_url-or-url' | undefined;
  /** The most of one request for embeddings, where it is known. */
  readonly embeddings?: EmbeddingBounds;
  /** Whose message may come next: `alternate`: user and assistant in turns, `bridged`: not a user's after results. */
  readonly turns: 'any' | 'bridged' | 'alternate';
}

/** A server, and what is different about some of its models. */
export interface ServerQuirks extends Quirks {
  readonly models?: readonly { readonly names: RegExp; readonly quirks: Partial<Quirks> }[];
}

/** What holds for one model of a server; the first that fits counts. */
export function quirksOf(server: ServerQuirks, model: string): Quirks {
  const own = server.models?.find(({ names }) => names.test(model));
  return own ? { ...server, ...own.quirks } : server;
}

/** All of OpenAI's operations with a model, but chat. */
const RELAYED_OPERATIONS: readonly Operation[] = [
  'completion',
  'embeddings',
  'moderation',
  'speech',
  'transcription',
  'audio-translation',
  'image',
  'image-edit',
  'image-variation',
];

/** A server of which nothing more is known than that it speaks the protocol: the names that were there first. */
export const COMPATIBLE_QUIRKS: ServerQuirks = {
  // It may have any of them, and says itself what it has not.
  operations: [...RELAYED_OPERATIONS, 'rerank'],
  completions: 'openai',
  responses: false,
  usageFrame: true,
  maxTokensField: 'max_tokens',
  userField: 'user',
  seedField: 'seed',
  mostStops: 4,
  standardTier: 'default',
  untaken: [],
  topK: false,
  choices: true,
  jsonSchema: 'native',
  jsonObject: true,
  reasoning: 'effort',
  thinksOrIsForced: false,
  reasoningHistory: undefined,
  thinkTags: false,
  prefill: undefined,
  toolIds: 'any',
  toolNames: /^[a-zA-Z0-9_-]{1,64}$/,
  oneCallByDefault: false,
  textParts: false,
  cacheControl: undefined,
  imageUrls: true,
  documents: 'file',
  turns: 'any',
};

/**
 * OpenAI itself.
 * @see https://platform.openai.com/docs/api-reference/chat/create (checked 2026-11-21)
 */
export const OPENAI_QUIRKS: ServerQuirks = {
  ...COMPATIBLE_QUIRKS,
  operations: RELAYED_OPERATIONS,
  responses: true,
  maxTokensField: 'max_completion_tokens',
  userField: 'safety_identifier',
  textParts: true,
  models: [
    { names: /^o\d/, quirks: { untaken: ['stop', 'parallel-tool-calls'] } },
    { names: /^gpt-([5-9]|\d\d)/, quirks: { untaken: ['stop'] } },
  ],
};
