import type { CacheState } from '../../core/caching.ts';
import type { NanoUsd } from '../../core/money.ts';

/**
 * On what an outcome rests: the record of this very request; another recorded answer of the target to it; an answer of
 * the target to a request like it.
 */
export type Basis = 'recorded' | 'same-request' | 'like-it';

/** What became of a request, in the record or by the proposed configuration. Milliseconds and nano-dollars. */
export type Outcome =
  | { readonly kind: 'refused'; readonly code: string }
  | CachedOutcome
  | AnsweredOutcome
  /** It would go to a target of which nothing is recorded. */
  | { readonly kind: 'unknown'; readonly target: string };

export interface CachedOutcome {
  readonly kind: 'cached';
  readonly state: Extract<CacheState, 'exact' | 'semantic' | 'coalesced'>;
  /** Whose answer it was. */
  readonly target: string | undefined;
  readonly latencyMs: number;
  readonly ttftMs: number | undefined;
}

export interface AnsweredOutcome {
  readonly kind: 'answered';
  /** Undefined where nobody was asked, as for what is refused before. */
  readonly target: string | undefined;
  /** Failed, or broken off. */
  readonly hasFailed: boolean;
  /** What is known of it. */
  readonly costNanoUsd: NanoUsd;
  readonly costKnown: boolean;
  readonly latencyMs: number;
  readonly ttftMs: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly basis: Basis;
}
