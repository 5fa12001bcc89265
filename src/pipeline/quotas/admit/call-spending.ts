import type { Call, Target } from '../../../core/call.ts';
import type { Spending } from '../../../core/spending.ts';
import type { Amounts } from '../bounds/attempt-bound.ts';
import type { Admitted, Claim, Holding, QuotaLedger, Refused } from '../ledger/ledger.ts';
import type { Purpose } from '../rules/quota-plan.ts';
import type { MatchedBudget } from '../rules/rule-book.ts';
import { amountIn } from './amounts.ts';
import type { BoundsOfCall } from './bounds-of-call.ts';
import { type Leg, Legs, type Used } from './legs.ts';
import { budgetExhausted, costUnbounded } from './refusals.ts';

export interface SpendingParts {
  readonly call: Call;
  readonly ledger: QuotaLedger;
  readonly bounds: Pick<BoundsOfCall, 'withMore'>;
  /** All budgets that count it. */
  readonly budgets: readonly MatchedBudget[];
  /** Those of them that are hard, where somebody knows. */
  readonly hard?: readonly MatchedBudget[];
  /** Epoch milliseconds at which it was admitted: it belongs to that period to its end. */
  readonly nowMs: number;
  /** What was reserved in the hard ones. */
  readonly held: Amounts;
  readonly purposes: readonly Purpose[];
  readonly holding: Holding;
  /** Called once, with what it used. */
  readonly onSettled: (used: Used) => void;
}

/** What one call has reserved: more of it where retries and hedges need more, and settled when all is over. */
export class CallSpending implements Spending {
  readonly #parts: SpendingParts;
  readonly #legs: Legs;
  readonly #hard: readonly MatchedBudget[];
  readonly #more: Holding[] = [];
  #held: Amounts;
  #isWaiting = false;
  #isSettled = false;

  constructor(parts: SpendingParts) {
    this.#parts = parts;
    this.#legs = new Legs(parts.call.attempts, parts.bounds);
    this.#hard = parts.hard ?? parts.budgets.filter(({ rule }) => rule.budget.hard);
    this.#held = parts.held;
  }

  cover(target: Target, moreInputTokens = 0): Promise<void> | undefined {
    const leg = this.#legs.add(target, moreInputTokens);
    if (this.#hard.length === 0) return undefined;
    try {
      return this.#reserve(missing(this.#legs.atMost(), this.#held), leg);
    } catch (thrown) {
      this.#legs.remove(leg);
      throw thrown;
    }
  }

  waits(): void {
    // What was sent before may have been billed.
    if (this.#isWaiting || this.#parts.call.attempts.all.length > 0) return;
    this.#isWaiting = true;
    for (const holding of this.#holdings) holding.waits();
  }

  sends(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    for (const holding of this.#holdings) holding.sends();
  }

  /** The call is over; attempts that are still open end soon. */
  end(): void {
    this.#parts.call.attempts.whenClosed(() => this.#settle());
  }

  get #holdings(): readonly Holding[] {
    return [this.#parts.holding, ...this.#more];
  }

  /** @throws cost_unbounded, budget_exhausted */
  #reserve(more: Amounts, leg: Leg): Promise<void> | undefined {
    const { ledger, nowMs, call } = this.#parts;
    let claims: Claim[] | undefined;
    for (const { rule, subject } of this.#hard) {
      const amount = amountIn(rule.unit, more);
      if (amount === undefined) throw costUnbounded(call);
      if (amount > 0) (claims ??= []).push(rule.claim(subject, nowMs, amount));
    }
    if (!claims) return undefined;
    const verdict = ledger.admit(claims);
    if (!(verdict instanceof Promise)) {
      this.#take(verdict, more);
      return undefined;
    }
    return verdict
      .then((told) => this.#take(told, more))
      .catch((thrown: unknown) => {
        this.#legs.remove(leg);
        throw thrown;
      });
  }

  #take(verdict: Admitted | Refused, more: Amounts): void {
    if (verdict.admitted) {
      this.#held = {
        tokens: (this.#held.tokens ?? 0) + (more.tokens ?? 0),
        nanoUsd: (this.#held.nanoUsd ?? 0) + (more.nanoUsd ?? 0),
      };
      this.#more.push(verdict.holding);
      // The call may have ended while this was asked for.
      if (this.#isSettled) verdict.holding.settle([]);
      return;
    }
    throw budgetExhausted(this.#hard, this.#parts.nowMs);
  }

  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const { purposes, holding, onSettled } = this.#parts;
    const received = this.#legs.received();
    const bound = this.#legs.settled();
    const actual: number[] = [];
    for (const purpose of purposes) actual.push(settledAs(purpose, received, bound));
    holding.settle(actual);
    for (const more of this.#more) more.settle([]);
    onSettled(received);
  }
}

function settledAs(purpose: Purpose, received: Used, bound: Amounts): number {
  if (purpose === 'requests') return 1;
  if (purpose === 'concurrency') return 0;
  if (purpose === 'tokens') return received.tokens;
  const { budget, unit } = purpose.rule;
  const most = budget.settleAborted === 'bound' ? amountIn(unit, bound) : undefined;
  return most ?? amountIn(unit, received) ?? 0;
}

/** Not negative. */
function missing(needed: Amounts, held: Amounts): Amounts {
  return { tokens: less(needed.tokens, held.tokens), nanoUsd: less(needed.nanoUsd, held.nanoUsd) };
}

function less(needed: number | undefined, held: number | undefined): number | undefined {
  return needed === undefined ? undefined : Math.max(0, needed - (held ?? 0));
}
