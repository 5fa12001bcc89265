import type { RolloutPart } from '../../core/routing.ts';

/** What somebody says of an answer. */
export interface Opinion {
  readonly thumb: 'up' | 'down' | null;
  /** 0 to 1. */
  readonly score: number | null;
  readonly comment: string | null;
  /** Each once, in the order in which they were given; null where there are none. */
  readonly tags: string[] | null;
}

/** An opinion as a client sends it. */
export interface SentFeedback extends Opinion {
  readonly traceId: string;
  /** Who says it, where the client names somebody. */
  readonly user: string | undefined;
}

/** One row for each trace and author. */
export interface FeedbackRow extends Opinion {
  readonly traceId: string;
  /** `user:…`, `key:…` or `admin`. */
  readonly author: string;
  /** Of the trace. */
  readonly project: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Who may ask about a trace, and what was tried in it. */
export interface TraceOwner {
  readonly project: string | null;
  readonly keyId: string | null;
  readonly userId: string | null;
  readonly conversationId: string | null;
  /** Empty where nothing was tried. */
  readonly rollouts: readonly RolloutPart[];
}

/** What an answer of something that is tried was worth to somebody. */
export interface AttributedFeedback {
  readonly traceId: string;
  readonly owner: TraceOwner;
  /** 0 to 1; a thumb is one or the other. */
  readonly score: number;
}
