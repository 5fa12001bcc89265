import type { JsonObject } from './json.ts';

/** What a guard looked at: what is asked, what is answered, calls of tools, what tools and searches brought. */
export type Place = 'input' | 'output' | 'tool-arguments' | 'tool-results' | 'retrieved';

/**
 * What came of it. `passed`: it ran and found nothing that counts. `failed`: it did not run, or not to its end.
 * `exempt`: nobody who may see the call has to be kept from it. `skipped`: there was nothing that it can read, or it was
 * not asked, and the detail says why.
 */
export const VERDICT_OUTCOMES = [
  'passed',
  'flagged',
  'redacted',
  'blocked',
  'review',
  'repaired',
  'failed',
  'exempt',
  'skipped',
] as const;
export type VerdictOutcome = (typeof VERDICT_OUTCOMES)[number];

/** What one guard said at one place. It is made by whoever ran the guard, after it ran, and by nobody else. */
export interface Verdict {
  /** `pii`, `injection`, `keywords`, or the name of one of the operator's own. */
  readonly guard: string;
  readonly place: Place;
  readonly outcome: VerdictOutcome;
  /** 0 to 1, where the guard has one. */
  readonly score?: number | undefined;
  /** How often each category was found. Never texts of clients. */
  readonly found?: Readonly<Record<string, number>> | undefined;
  /** It is of what a model answered, also where that is a call of a tool; else of what was asked. */
  readonly ofAnswer?: true | undefined;
  /** Of a guard that failed: whether the call went on. */
  readonly went?: 'on' | 'no-further' | undefined;
  /** Time of the request thread, or of the waiting where it asked somebody, microseconds. */
  readonly micros: number;
  /** Numbers and names of its own. Never texts of clients. */
  readonly detail?: JsonObject | undefined;
}

/** What the guards did to one call. */
export interface Screening {
  /** The names of the policies that it falls under. */
  readonly policies: readonly string[];
  /** Changes with every change of the policies, and with what was done to this request; in the cache's key. */
  version: string;
  readonly verdicts: Verdict[];
  /** Answers are read and written anew rather than relayed, since something in them may have to be changed. */
  rewrites: boolean;
  /** The body was changed, so that the client's own bytes are nobody else's business. */
  changed: boolean;
  /** It, or its answer, is not what its client sent or a model said: it was refused, changed, or not seen by all guards. */
  readonly touched: boolean;
  /** False where a guard that replaces something did not look, or not to its end: what is kept may have more than it should. */
  readonly isWhollySeen: boolean;
  /**
   * A JSON text of this call with marks in place of what guards took out; as it is where there is nothing. Undefined where
   * it cannot be said what would have to be taken out.
   */
  concealJson(bytes: Buffer): Buffer | undefined;
  /** The review that it waits for, where it does. */
  reviewId?: string | undefined;
}
