import type { Dialect, Operation } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Place } from '../../../core/screening.ts';

/** What somebody has to decide about. `answer` and `tool-call`: a model has answered, and its answer is held. */
export const REVIEW_KINDS = ['request', 'answer', 'tool-call'] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/**
 * `waiting` → `approved`, `rejected`, or `expired`. What is approved is `used` once by the client that sends it again,
 * or the gateway itself makes an answer of it: `done`, or `failed` where that is an error.
 */
export const REVIEW_STATES = ['waiting', 'approved', 'rejected', 'expired', 'used', 'done', 'failed'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** Why it waits: what one guard found. Never texts of clients. */
export interface ReviewReason {
  /** As its verdict names it. */
  readonly guard: string;
  readonly place: Place;
  /** 0 to 1. */
  readonly score?: number | undefined;
  /** How often each category was found. */
  readonly found?: Readonly<Record<string, number>> | undefined;
  /** Of a call of a tool: its name. */
  readonly tool?: string | undefined;
}

/** A request as it can be made again, by any replica. */
export interface KeptRequest {
  readonly dialect: Dialect;
  readonly operation: Operation;
  readonly endpoint: string;
  /** Of the path, in dialects that have them there; elsewhere the body's own. */
  readonly model: string;
  readonly stream: boolean;
  readonly query: string;
  readonly clientIp: string;
  /** Those that mean something to a provider or to the gateway. Never credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The client's own bytes, as text. */
  readonly body: string;
  /** Whose it is; what the key may do is asked again when it is run. */
  readonly keyId: string;
  readonly project: string;
  readonly user: string | undefined;
}

/** An answer that waits: what it says, in no dialect. */
export interface HeldAnswer {
  readonly events: readonly StreamEvent[];
  readonly rewritten: boolean;
}

/** What a reviewer puts in place of what waited. */
export type Edit = { readonly body: JsonObject } | { readonly answer: string };

/** An answer as its client would have got it. */
export interface RenderedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** The id of the request that brought it, under which its trace is. */
  readonly requestId: string;
  /** It is an error, or ends in one. */
  readonly isError: boolean;
}

/** What lists show of a review: everything but texts of clients. */
export interface ReviewFacts {
  readonly id: string;
  readonly state: ReviewState;
  readonly kind: ReviewKind;
  /** The gateway makes the answer by itself: its client asked for that, or somebody has edited the request. */
  readonly runsHere: boolean;
  readonly createdAt: Date;
  /** Until when it waits, and then until when an approval can be used. */
  readonly expiresAt: Date;
  readonly decidedAt: Date | null;
  /** A name that the reviewer gave. */
  readonly decidedBy: string | null;
  /** For whoever reads it later; the client is not told. */
  readonly note: string | null;
  /** For the client. */
  readonly message: string | null;
  readonly isEdited: boolean;
  readonly project: string;
  readonly keyId: string;
  readonly userId: string | null;
  /** Of the request that was parked. */
  readonly traceId: string;
  /** Of the request that used the approval. */
  readonly usedBy: string | null;
  readonly dialect: Dialect;
  readonly operation: Operation;
  readonly endpoint: string;
  readonly model: string;
  readonly policy: string;
  readonly reasons: readonly ReviewReason[];
  /** Which request it is: the same where nothing but white space is written otherwise. */
  readonly digest: string;
}

/** A review with what is sealed. */
export interface StoredReview extends ReviewFacts {
  readonly request: string;
  readonly held: string | null;
  readonly edited: string | null;
  readonly result: string | null;
  /** How long it is kept once it is decided, milliseconds. */
  readonly keepMs: number;
}
