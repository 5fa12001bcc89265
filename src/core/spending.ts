import type { Target } from './call.ts';

/**
 * What one call may spend. It is reserved before anything is sent and settled when everything has ended, attempt by
 * attempt; so whoever sends an attempt asks first whether what is reserved still covers it.
 */
export interface Spending {
  /**
   * Leave to send the request to a target, in one attempt or in several side by side that make up one answer. Nothing
   * where what is reserved covers them, which is so of nearly every first one; else a promise of more.
   * @param moreInputTokens that are sent beside what the client sent, at most
   * @throws budget_exhausted, cost_unbounded, counters_unavailable
   */
  cover(target: Target, moreInputTokens?: number): Promise<void> | undefined;
  /** Nothing of it is under way and it may take a while, as in a queue: should the process die, nothing was spent. */
  waits(): void;
  /** Something is about to be sent. */
  sends(): void;
}
