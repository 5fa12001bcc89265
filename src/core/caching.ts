import type { Attempt } from './attempts.ts';
import type { Target } from './call.ts';
import type { NanoUsd } from './money.ts';

/** What the cache did for a call, as `x-causeway-cache` says it. */
export const CACHE_STATES = ['miss', 'exact', 'semantic', 'coalesced', 'bypass'] as const;
export type CacheState = (typeof CACHE_STATES)[number];

/** What became of a call at the cache; absent where none is on for its model. */
export interface CacheOutcome {
  readonly state: CacheState;
  /** Names the answer for who wants to delete it; absent where nothing was looked for. */
  readonly key?: string | undefined;
  /** Of a call that is in an arm: names what was asked, 32 hex digits, the same in whatever arm it is asked. */
  readonly asked?: string | undefined;
  /** `provider/model` of the answer, where it was not asked for this call. */
  readonly target?: string | undefined;
  readonly responseModel?: string | undefined;
  readonly simulated?: boolean | undefined;
  /** How old the answer is, milliseconds. */
  readonly ageMs?: number | undefined;
  /** When its first content went out, monotonic milliseconds. */
  readonly answeredAt?: number | undefined;
}

/** The ways not to pay, or to pay less, in the order of their certainty. */
export const SAVING_MECHANISMS = ['exact', 'coalesced', 'prompt-cache', 'semantic', 'routing'] as const;
export type SavingMechanism = (typeof SAVING_MECHANISMS)[number];

/** What one mechanism saved on one call, net of what it cost to find out. */
export interface Saving {
  readonly mechanism: SavingMechanism;
  /** Negative where it cost more than it saved; undefined where the call that did not happen has no known price. */
  readonly nanoUsd: NanoUsd | undefined;
  /** Tokens that were not computed, or not at the full price. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Nothing was saved: it is what it cost to find out, or to write what nobody has read yet. */
  readonly onlyCost?: true;
}

/** Who shares cached answers with each other; never more than a project. */
type CacheScope = 'project' | 'user' | 'key';

/** When an answer may be given again to the same request. Milliseconds and bytes. */
export interface ExactPolicy {
  readonly ttl: number;
  /** A larger answer is not kept. */
  readonly maxAnswer: number;
  /** Requests with a higher temperature, or none where the dialect's own is higher, are neither kept nor served. */
  readonly maxTemperature: number | undefined;
  /** Also requests that offer tools. */
  readonly tools: boolean;
}

/** When an answer may be given to a request that means the same. */
export interface SemanticPolicy {
  readonly ttl: number;
  /** The part of the answers served so that may be wrong. */
  readonly maxErrorRate: number;
  /** How sure that is, 0.5 to 1. */
  readonly confidence: number;
  /** How many entries are kept for the model, over all tenants. */
  readonly maxEntries: number;
  /** Who makes vectors of texts: the built-in encoder, or a target. */
  readonly embedder: 'built-in' | Target;
  /** Who compares long answers; their vectors are compared where absent. */
  readonly judge: Target | undefined;
}

/** What of the caches is on for a model. */
export interface CachePolicy {
  readonly scope: CacheScope;
  readonly exact: ExactPolicy | undefined;
  /** Identical requests in flight are one upstream. */
  readonly coalesce: boolean;
  readonly semantic: SemanticPolicy | undefined;
  /** How fast a stored answer is streamed; all at once where absent. */
  readonly tokensPerSecond: number | undefined;
}

/** What is done so that the provider's own prompt cache works. */
export interface PromptCachePolicy {
  /** Breakpoints are placed in requests that have none, where the protocol has some. */
  readonly breakpoints: boolean;
  /** For how long they are asked to be kept. */
  readonly ttl: '5m' | '1h';
  /** Requests with the same prefix say so to the provider (`prompt_cache_key`), and go with the same key of ours. */
  readonly sticky: boolean;
}

/** What is asked of a provider so that its prompt cache finds the prompt again; for one attempt. */
export interface PromptCacheHints {
  /** Breakpoints are placed, where the client has none, and kept for that long; undefined: none are. */
  readonly breakpoints: PromptCachePolicy['ttl'] | undefined;
  /** A name of the prefix, for providers that bring together what has the same name. */
  readonly key: string | undefined;
}

/** Decides this for the attempts of one call, and learns what came of it. */
export interface PromptCaching {
  /** @param target `provider/model` */
  hintsFor(target: string): PromptCacheHints;
  /** An attempt is settled. Never throws. */
  settled(attempt: Attempt): void;
}
