import type { JsonObject } from '../../../core/json.ts';
import type { Place, Verdict, VerdictOutcome } from '../../../core/screening.ts';
import type { Action } from '../actions.ts';
import { FoundCategories, OUTCOMES } from '../engine/found-categories.ts';
import type { AskingGuard, GuardPolicy, ScanningGuard } from '../engine/guard-policy.ts';
import type { ReviewReason } from '../review/review.ts';

/** Why nothing more of an answer goes out. */
export type Stop =
  | { readonly kind: 'blocked'; readonly policy: GuardPolicy }
  /** A guard failed without which nothing goes through. */
  | { readonly kind: 'failed' };

/** What the guards of one answer share. The first stop counts. */
export interface AnswerState {
  stop: Stop | undefined;
}

/** A guard that looks at answers at one place, and what follows. */
export interface GuardUse<Guard> {
  readonly guard: Guard;
  readonly policy: GuardPolicy;
  readonly place: Place;
  readonly action: Exclude<Action, 'off'>;
  /** Several policies hold, so that verdicts name theirs. */
  readonly named: boolean;
}

/** One guard at one place of one answer: it runs it, and its verdict is made of what it did. */
export class GuardRun<Guard extends ScanningGuard | AskingGuard> {
  readonly use: GuardUse<Guard>;
  /** Microseconds. */
  micros = 0;
  /** There was a text. */
  looked = false;
  /** It failed, or may not look: nothing is asked of it any more. */
  isOver = false;
  /** For the verdict. */
  detail: JsonObject | undefined;
  readonly #state: AnswerState;
  readonly #found = new FoundCategories();
  #score: number | undefined;
  #outcome: VerdictOutcome = 'passed';
  #went: 'on' | 'no-further' | undefined;

  constructor(use: GuardUse<Guard>, state: AnswerState) {
    this.use = use;
    this.#state = state;
  }

  get guard(): Guard {
    return this.use.guard;
  }

  /** It looked, and this is what the text got. */
  scored(score: number): void {
    this.#score = Math.max(this.#score ?? 0, score);
  }

  /** It found something that counts. */
  hit(score: number, categories: Iterable<string>): void {
    this.scored(score);
    this.#found.add(categories);
    const { action, policy } = this.use;
    this.#outcome = OUTCOMES[action];
    if (action === 'block') this.#state.stop ??= { kind: 'blocked', policy };
  }

  /** It could not say. */
  /** @param reason for operators; no text of a client */
  fail(reason?: string): void {
    const isOpen = this.guard.onFailure === 'open';
    this.isOver = true;
    this.#outcome = 'failed';
    if (reason !== undefined) this.detail = { ...this.detail, reason };
    this.#went = isOpen ? 'on' : 'no-further';
    if (!isOpen) this.#state.stop ??= { kind: 'failed' };
  }

  skip(reason: string): void {
    this.isOver = true;
    this.#outcome = 'skipped';
    this.detail = { reason };
  }

  /** Undefined where it found nothing that somebody has to approve. */
  get review(): ReviewReason | undefined {
    if (this.#outcome !== 'review') return undefined;
    return { guard: this.guard.name, place: this.use.place, score: this.#score, found: this.#found.counts };
  }

  get verdict(): Verdict {
    const { guard, place, policy, named } = this.use;
    const isUnused = !this.looked && this.#outcome === 'passed';
    const detail: JsonObject = {
      ...(isUnused ? { reason: 'the answer has no text' } : this.detail),
      ...(named ? { policy: policy.name } : {}),
    };
    return {
      guard: guard.name,
      place,
      outcome: isUnused ? 'skipped' : this.#outcome,
      score: this.#score,
      found: this.#found.counts,
      went: this.#went,
      micros: Math.round(this.micros),
      ...(Object.keys(detail).length === 0 ? {} : { detail }),
    };
  }
}

export type ScanningRun = GuardRun<ScanningGuard>;
export type AskingRun = GuardRun<AskingGuard>;
