import type { Verdict } from '../../../core/screening.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { RefusalLanguage } from '../refusal.ts';
import type { ReviewReason } from '../review/review.ts';
import type { UnreadKind } from '../slots/slot.ts';
import type { Problem } from '../validation/validate.ts';
import type { Vault } from '../vault/vault.ts';

/** What every outcome of a request says. */
export interface AnyOutcome {
  /** One for each guard and place that was looked at. */
  readonly verdicts: readonly Verdict[];
  /** What the request has that guards cannot read. */
  readonly unread: readonly UnreadKind[];
  /** What the client speaks, by its last text. */
  readonly language: RefusalLanguage;
  /**
   * For the record, also of a call that does not go on: JSON with marks in the place of what was found to be replaced.
   * Undefined where it cannot be kept.
   */
  concealJson(bytes: Buffer): Buffer | undefined;
}

/** The call goes on, with what was changed in its body. */
export interface GoesOn extends AnyOutcome {
  readonly kind: 'go-on';
  readonly vault: Vault;
  /** The secret word that was put into the system prompt. */
  readonly canary: string | undefined;
  /** How many values were replaced, the same one as often as it stood there. */
  readonly redactions: number;
  /** The body was changed. */
  readonly isChanged: boolean;
  /** By how much the body's texts grew, bytes; 0 where they shrank. */
  readonly grownBytes: number;
  /** What tools and searches brought, as the model gets it; only where a policy holds answers against it. */
  readonly sources: readonly string[];
}

/** The call is refused: a guard found something, did not run and must, or the request is not as it should be. */
export interface Refused extends AnyOutcome {
  readonly kind: 'refused';
  readonly why: 'blocked' | 'failed' | 'invalid';
  /** The policy of the guard, which has the words for it. */
  readonly policy: GuardPolicy;
  /** Of a request that is not as it should be. */
  readonly problems: readonly Problem[];
}

/** Somebody has to approve it; nothing of it was changed. */
export interface NeedsReview extends AnyOutcome {
  readonly kind: 'review';
  readonly policy: GuardPolicy;
  readonly reasons: readonly ReviewReason[];
}

export type InputOutcome = GoesOn | Refused | NeedsReview;
