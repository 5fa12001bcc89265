import type { JsonObject } from '../../../core/json.ts';
import type { Place, Verdict, VerdictOutcome } from '../../../core/screening.ts';
import type { Action } from '../actions.ts';
import { FoundCategories, OUTCOMES } from '../engine/found-categories.ts';
import type { AskingGuard, GuardPolicy, ScanningGuard } from '../engine/guard-policy.ts';
import type { ReviewReason } from '../review/review.ts';

export type InputPlace = Exclude<Place, 'output'>;
export type FollowingAction = Exclude<Action, 'off'>;

export interface LookedBy {
  readonly name: string;
  readonly onFailure: ScanningGuard['onFailure'];
}

/** One guard at one place of one request. Its verdict is made of what it did. */
export class GuardLook<Guard extends LookedBy = ScanningGuard | AskingGuard> {
  readonly guard: Guard;
  readonly policy: GuardPolicy;
  readonly place: InputPlace;
  readonly action: FollowingAction;
  /** Whose request it is. */
  readonly from: string;
  micros = 0;
  #outcome: VerdictOutcome = 'passed';
  #score: number | undefined;
  /** Most looks find nothing. */
  #found: FoundCategories | undefined;
  #detail: JsonObject | undefined;

  constructor(guard: Guard, policy: GuardPolicy, place: InputPlace, action: FollowingAction, from = '') {
    this.guard = guard;
    this.policy = policy;
    this.place = place;
    this.action = action;
    this.from = from;
  }

  get outcome(): VerdictOutcome {
    return this.#outcome;
  }

  /** Its failure ends the call. */
  get isFatal(): boolean {
    return this.#outcome === 'failed' && this.guard.onFailure === 'closed';
  }

  scored(score: number): void {
    this.#score = Math.max(this.#score ?? 0, score);
  }

  /** What it found counts; what is replaced nowhere is only flagged where it should be replaced. */
  hit(categories: Iterable<string>, isReplaced = true): void {
    this.#found ??= new FoundCategories();
    this.#found.add(categories);
    if (this.#outcome !== 'passed' && this.#outcome !== 'flagged') return;
    this.#outcome = this.action === 'redact' && !isReplaced ? 'flagged' : OUTCOMES[this.action];
  }

  /** It did not run, or not to its end, or what it found cannot be replaced. */
  fail(reason: string): void {
    this.#outcome = 'failed';
    this.#detail = { ...this.#detail, reason };
  }

  end(outcome: 'exempt' | 'skipped', reason?: string): void {
    this.#outcome = outcome;
    if (reason !== undefined) this.#detail = { ...this.#detail, reason };
  }

  add(detail: JsonObject | undefined): void {
    this.#detail = { ...this.#detail, ...detail };
  }

  get reason(): ReviewReason {
    return { guard: this.guard.name, place: this.place, score: this.#score, found: this.#found?.counts };
  }

  get verdict(): Verdict {
    const isFailed = this.#outcome === 'failed';
    const verdict: Verdict = {
      guard: this.guard.name,
      place: this.place,
      outcome: this.#outcome,
      score: this.#score,
      found: this.#found?.counts,
      went: isFailed ? (this.isFatal ? 'no-further' : 'on') : undefined,
      micros: Math.round(this.micros),
    };
    return this.#detail && Object.keys(this.#detail).length > 0 ? { ...verdict, detail: this.#detail } : verdict;
  }
}
