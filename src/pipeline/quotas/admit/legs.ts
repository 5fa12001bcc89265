import type { Attempt, AttemptLedger } from '../../../core/attempts.ts';
import type { NanoUsd } from '../../../core/money.ts';
import type { Amounts } from '../bounds/attempt-bound.ts';
import { plus } from './amounts.ts';

/** What was used, as far as anybody knows. */
export interface Used {
  readonly tokens: number;
  readonly nanoUsd: NanoUsd;
}

interface Leg {
  /** Index of its first attempt. */
  readonly from: number;
  readonly bound: () => Amounts;
}

const NOTHING: Used = { tokens: 0, nanoUsd: 0 };

/**
 * The legs of a call, each one attempt or several side by side that make up one answer, and what they used at most:
 * what was reported, where all of a leg was; else its bound.
 */
export class Legs {
  readonly #attempts: AttemptLedger;
  readonly #legs: Leg[] = [];

  constructor(attempts: AttemptLedger) {
    this.#attempts = attempts;
  }

  /** The attempts that are opened next belong to a new leg. Returns the way to say that it is not sent after all. */
  add(bound: () => Amounts): () => void {
    const leg = { from: this.#attempts.all.length, bound };
    this.#legs.push(leg);
    return () => void this.#legs.splice(this.#legs.indexOf(leg), 1);
  }

  /** What can have been used until now at most, and of what is under way will be. */
  atMost(): Amounts {
    let most: Amounts = NOTHING;
    for (let at = 0; at < this.#legs.length; at += 1) {
      const { from, bound } = this.#legs[at] as Leg;
      const next = this.#legs[at + 1];
      const attempts = this.#attempts.all.slice(from, next?.from);
      // What was announced last and has no attempts is about to have some.
      const isOpen = attempts.length === 0 && next === undefined;
      most = plus(most, isOpen || !attempts.every(isCertain) ? bound() : reportedOf(attempts));
    }
    return most;
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
    return reportedOf(this.#attempts.all);
  }
}

/** Nothing of it is a guess: it was not sent, is not billed, or the provider said what it used and what that costs. */
function isCertain({ closing, sentAt }: Attempt): boolean {
  if (!closing) return false;
  if (sentAt === undefined) return true;
  return closing.usageSource !== 'assumed' && closing.costNanoUsd !== undefined;
}

function reportedOf(attempts: readonly Attempt[]): Used {
  let tokens = 0;
  let nanoUsd = 0;
  for (const { closing } of attempts) {
    tokens += (closing?.usage?.inputTokens ?? 0) + (closing?.usage?.outputTokens ?? 0);
    nanoUsd += closing?.costNanoUsd ?? 0;
  }
  return { tokens, nanoUsd };
}
