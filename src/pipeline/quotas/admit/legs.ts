import type { Attempt, AttemptLedger } from '../../../core/attempts.ts';
import type { Target } from '../../../core/call.ts';
import type { NanoUsd } from '../../../core/money.ts';
import type { Amounts } from '../bounds/attempt-bound.ts';
import { plus } from './amounts.ts';
import type { BoundsOfCall } from './bounds-of-call.ts';

/** What was used, as far as anybody knows. */
export interface Used {
  readonly tokens: number;
  readonly nanoUsd: NanoUsd;
}

/** One attempt, or several side by side that make up one answer. */
export interface Leg {
  /** Index of its first attempt. */
  readonly from: number;
  readonly target: Target;
  readonly moreInputTokens: number;
}

const NOTHING: Used = { tokens: 0, nanoUsd: 0 };

/**
 * The legs of a call, each one attempt or several side by side that make up one answer, and what they used at most:
 * what was reported, where all of a leg was; else its bound.
 */
export class Legs {
  readonly #attempts: AttemptLedger;
  readonly #bounds: Pick<BoundsOfCall, 'withMore'>;
  readonly #legs: Leg[] = [];

  constructor(attempts: AttemptLedger, bounds: Pick<BoundsOfCall, 'withMore'>) {
    this.#attempts = attempts;
    this.#bounds = bounds;
  }

  /** The attempts that are opened next belong to a new leg. */
  add(target: Target, moreInputTokens: number): Leg {
    const leg = { from: this.#attempts.all.length, target, moreInputTokens };
    this.#legs.push(leg);
    return leg;
  }

  /** It is not sent after all. */
  remove(leg: Leg): void {
    this.#legs.splice(this.#legs.indexOf(leg), 1);
  }

  /** What can have been used until now at most, and of what is under way will be. */
  atMost(): Amounts {
    let most: Amounts = NOTHING;
    for (let at = 0; at < this.#legs.length; at += 1) {
      const one = this.#ofLeg(this.#legs[at] as Leg, this.#legs[at + 1]?.from);
      most = at === 0 ? one : plus(most, one);
    }
    return most;
  }

  #ofLeg({ from, target, moreInputTokens }: Leg, next: number | undefined): Amounts {
    const { all } = this.#attempts;
    const to = next ?? all.length;
    // What was announced last and has no attempts is about to have some.
    let isCertainAll = to > from || next !== undefined;
    for (let at = from; at < to && isCertainAll; at += 1) isCertainAll = isCertain(all[at] as Attempt);
    return isCertainAll ? reportedOf(all, from, to) : this.#bounds.withMore(target, moreInputTokens);
  }

  /** The same when everything is over: a leg without attempts was never sent. */
  settled(): Amounts {
    const last = this.#legs.at(-1);
    const isUnsent = last !== undefined && last.from >= this.#attempts.all.length;
    if (isUnsent) this.#legs.pop();
    return this.atMost();
  }

  /** What was reported, and of the rest what was seen of it. */
  received(): Used {
    return reportedOf(this.#attempts.all, 0, this.#attempts.all.length);
  }
}

/** Nothing of it is a guess: it was not sent, is not billed, or the provider said what it used and what that costs. */
function isCertain({ closing, sentAt }: Attempt): boolean {
  if (!closing) return false;
  if (sentAt === undefined) return true;
  return closing.usageSource !== 'assumed' && closing.costNanoUsd !== undefined;
}

function reportedOf(attempts: readonly Attempt[], from: number, to: number): Used {
  let tokens = 0;
  let nanoUsd = 0;
  for (let at = from; at < to; at += 1) {
    const closing = attempts[at]?.closing;
    tokens += (closing?.usage?.inputTokens ?? 0) + (closing?.usage?.outputTokens ?? 0);
    nanoUsd += closing?.costNanoUsd ?? 0;
  }
  return { tokens, nanoUsd };
}
