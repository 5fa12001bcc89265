import type { Call } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { Parked } from '../review/parked-reply.ts';
import type { ReviewReason } from '../review/review.ts';

/** An answer that somebody has to approve before its client gets it. */
export interface ParkedAnswer {
  readonly kind: 'answer' | 'tool-call';
  /** Whose settings say how long it waits. */
  readonly policy: GuardPolicy;
  readonly reasons: readonly ReviewReason[];
  /** What its client would get: redacted where guards redact, and with its own values again where marks stood. */
  readonly events: readonly StreamEvent[];
  readonly rewritten: boolean;
}

/** Puts an answer where somebody decides about it. @throws guard_review where it cannot wait, storage_unavailable */
export type ParkAnswer = (call: Call, parked: ParkedAnswer) => Promise<Parked>;
