import type { ListPosition } from '../../../storage/database/list-position.ts';
import type { ReviewFacts, ReviewState, StoredReview } from './review.ts';

/** A review that begins to wait. */
export type NewReview = Omit<
  StoredReview,
  'state' | 'decidedAt' | 'decidedBy' | 'note' | 'message' | 'isEdited' | 'usedBy' | 'edited' | 'result'
>;

/** What tells two reviews of the same request of the same client. */
export type ReviewSameness = Pick<NewReview, 'project' | 'keyId' | 'digest' | 'kind' | 'policy' | 'runsHere'>;

export interface ReviewDecision {
  readonly state: 'approved' | 'rejected';
  readonly by: string | null;
  readonly note: string | null;
  readonly message: string | null;
  /** Until when an approval can be used. */
  readonly expiresAt: Date;
  readonly deleteAt: Date;
  /** Sealed; with it the gateway makes the answer by itself. */
  readonly edited?: string | undefined;
}

export interface ReviewOutcome {
  readonly state: 'done' | 'failed';
  /** Sealed; null where nothing came of it. */
  readonly result: string | null;
  readonly message: string | null;
  readonly deleteAt: Date;
}

export interface ReviewFilter {
  readonly state?: ReviewState | undefined;
  readonly project?: string | undefined;
}

export interface WaitingReviews {
  readonly project: string;
  readonly waiting: number;
  readonly oldest: Date;
}

/** Reviews. Every call throws storage_unavailable where the database does not answer. */
export interface ReviewStore {
  add(review: NewReview): Promise<void>;
  /** Of the same request of the same client, one that waits; the oldest. */
  waitingLike(same: ReviewSameness): Promise<Pick<ReviewFacts, 'id' | 'expiresAt'> | undefined>;
  /** How many of a project wait, and of them how many of one key. */
  countWaiting(project: string, keyId: string): Promise<{ readonly ofProject: number; readonly ofKey: number }>;
  /** How many wait, of the projects that have waited longest. */
  waiting(mostProjects: number): Promise<WaitingReviews[]>;
  find(id: string): Promise<StoredReview | undefined>;
  /** Newest first. */
  list(filter: ReviewFilter, limit: number, after?: ListPosition): Promise<ReviewFacts[]>;
  /** Of those that decide about one review the first does; false for the others, and where it does not wait. */
  decide(id: string, decision: ReviewDecision): Promise<boolean>;
  /** Of those that use one approval the first does; false for the others, and where there is none. */
  use(id: string, callId: string): Promise<boolean>;
  /** An approval that this call has used can be used again. */
  giveBack(id: string, callId: string): Promise<boolean>;
  /** One that is approved and nobody runs, of other projects than these, for this runner alone until its lease is over. */
  takeRun(runner: string, leaseMs: number, except?: readonly string[]): Promise<StoredReview | undefined>;
  /** False where another runner has it. */
  keepRun(id: string, runner: string, leaseMs: number): Promise<boolean>;
  /** For another runner to take at once. */
  leaveRun(id: string, runner: string): Promise<boolean>;
  /** False where another runner has it. */
  finishRun(id: string, runner: string, outcome: ReviewOutcome): Promise<boolean>;
  /** Gives up what was begun too often and never came to an end. @returns how many */
  failLostRuns(message: string): Promise<number>;
  /** Deletes what is kept long enough, at most `limit`. @returns how many */
  deleteOld(limit: number): Promise<number>;
  /** What is sealed, by id, from behind one on. */
  boxes(after: string, limit: number): Promise<ReviewBoxes[]>;
  /** Puts other boxes in place, unless somebody has changed one meanwhile. */
  replaceBoxes(before: ReviewBoxes, now: Omit<ReviewBoxes, 'id'>): Promise<boolean>;
}

/** What is sealed of one review. */
export type ReviewBoxes = Pick<StoredReview, 'id' | 'request' | 'held' | 'edited' | 'result'>;
