import type { Call, Target } from '../../../core/call.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import type { Amounts, AttemptBound } from '../bounds/attempt-bound.ts';
import { boundOfResource } from '../bounds/bound-of.ts';
import { capOutput } from '../bounds/cap-output.ts';
import { expectedOf, usualName } from '../bounds/usual-use.ts';
import { grantOf } from '../ledger/grant.ts';
import type { Admitted, Claim, Refused, Verdict } from '../ledger/ledger.ts';
import type { LimitRule } from '../rules/limit-rules.ts';
import type { MatchedBudget, MatchedLimit } from '../rules/rule-book.ts';
import type { QuotaDeps } from '../stage.ts';
import { amountIn, dearer, plus } from './amounts.ts';
import { BoundsOfCall } from './bounds-of-call.ts';
import { CallSpending, type Purpose } from './call-spending.ts';
import { degrade } from './degrade.ts';
import { type Used } from './legs.ts';
import { rateHeaders } from './rate-headers.ts';
import { budgetExhausted, costUnbounded, limitExceeded } from './refusals.ts';

/** Where nothing else bounds an answer under a hard budget. */
const USUAL_MOST_OUTPUT = 4096;
/** An answer that is capped to what is left of a budget gets at least so many tokens, or is refused. */
const LEAST_OUTPUT = 256;

/** A call that was admitted. */
export interface Entered {
  readonly spending: CallSpending;
  readonly headers: Readonly<Record<string, string>>;
}

/** What one call asks for, in one step: everything that its limits and budgets count. */
interface Ask {
  readonly claims: readonly Claim[];
  readonly purposes: readonly Purpose[];
  /** Of the longest answer that the hard budgets reserve, and of the shortest that would do. */
  readonly most: number | undefined;
  readonly least: number | undefined;
}

const NOTHING: Amounts = { tokens: 0, nanoUsd: 0 };

/** One call's way in. */
export class Admission {
  readonly #deps: QuotaDeps;
  readonly #call: Call;
  readonly #limits: readonly MatchedLimit[];
  readonly #rules: readonly LimitRule[];
  readonly #budgets: readonly MatchedBudget[];
  readonly #catalog: ModelCatalog;
  readonly #nowMs: number;
  #bounds: BoundsOfCall;
  #usual: Amounts | undefined;

  constructor(deps: QuotaDeps, call: Call, limits: readonly MatchedLimit[], budgets: readonly MatchedBudget[]) {
    this.#deps = deps;
    this.#call = call;
    this.#limits = limits;
    this.#rules = limits.map(({ rule }) => rule);
    this.#budgets = budgets;
    this.#catalog = deps.catalog();
    this.#nowMs = deps.clock.now();
    this.#bounds = new BoundsOfCall(call, this.#catalog);
    this.#capToRule();
  }

  /** @throws limit_*, budget_exhausted, cost_unbounded, counters_unavailable */
  enter(): Entered | Promise<Entered> {
    const ask = this.#ask();
    const verdict = this.#deps.ledger.admit(ask.claims);
    return verdict instanceof Promise ? this.#later(ask, verdict) : this.#told(ask, verdict);
  }

  async #later(ask: Ask, verdict: Promise<Verdict>): Promise<Entered> {
    return this.#told(ask, await verdict);
  }

  #told(ask: Ask, verdict: Verdict): Entered | Promise<Entered> {
    if (!verdict.admitted) return this.#refused(ask, verdict);
    this.#lookAtShares(ask, verdict);
    if (verdict.portion < 1) this.#capToGrant(ask, verdict.portion);
    return { spending: this.#spendingOf(ask, verdict), headers: this.#headers(verdict) };
  }

  /** A budget that names a cheaper model is asked once more for that. */
  #refused(ask: Ask, { at, retryAfterMs, states }: Refused): Entered | Promise<Entered> {
    const purpose = ask.purposes[at];
    if (typeof purpose === 'object') {
      if (degrade(this.#call, purpose, this.#catalog)) {
        this.#degraded(purpose);
        return this.enter();
      }
      this.#deps.watch.refusedByBudget(purpose, this.#nowMs);
      throw budgetExhausted([purpose], this.#nowMs);
    }
    const limit = this.#limits[at];
    if (!limit) throw new RangeError('a claim was refused that was not made');
    this.#deps.watch.refusedByLimit(limit.rule);
    throw limitExceeded(limit.rule, retryAfterMs, this.#headers({ states }));
  }

  #ask(): Ask {
    const claims: Claim[] = [];
    const purposes: Purpose[] = [];
    for (const { rule, subject } of this.#limits) {
      claims.push(rule.claim(subject, rule.unit === 'tokens' ? (this.#expected.tokens ?? 0) : 1));
      purposes.push(rule.unit);
    }
    const hard = this.#hardAmounts();
    for (const matched of this.#budgets) {
      const { rule, subject } = matched;
      if (rule.budget.hard) {
        const amount = amountIn(rule.unit, hard.amounts);
        if (amount === undefined) throw costUnbounded(this.#call);
        const least = rule.budget.atLimit === 'cap' && hard.shortest ? amountIn(rule.unit, hard.shortest) : undefined;
        claims.push(rule.claim(subject, this.#nowMs, amount, least));
      } else {
        claims.push(rule.claim(subject, this.#nowMs, amountIn(rule.unit, this.#expected) ?? 0));
      }
      purposes.push(matched);
    }
    return { claims, purposes, most: hard.most, least: hard.shortest && LEAST_OUTPUT };
  }

  /** What the call usually uses. */
  get #expected(): Amounts {
    const target = this.#call.assignment?.targets[0];
    if (!target) return NOTHING;
    const bound = this.#isHard ? this.#bounds.of(target) : undefined;
    this.#usual ??= expectedOf(this.#call, target, this.#catalog, this.#deps.usual, bound);
    return this.#usual;
  }

  /** What it can use at most in one attempt, or in two where a second one may run beside it. */
  #hardAmounts(): { amounts: Amounts; shortest?: Amounts; most?: number | undefined } {
    if (!this.#isHard) return { amounts: NOTHING };
    const target = this.#call.assignment?.targets[0];
    const { resource } = this.#call;
    if (!target) return { amounts: resource ? boundOfResource(resource) : NOTHING };
    let bound = this.#bounds.of(target);
    if (this.#lacks(bound)) {
      this.#capTo(USUAL_MOST_OUTPUT);
      bound = this.#bounds.of(target);
    }
    const beside = this.#besideOf(target);
    const most = bound.maxOutputTokens;
    const amounts = beside ? plus(bound, beside) : bound;
    if (most === undefined || most <= LEAST_OUTPUT) return { amounts, most };
    const [short, shortBeside] = [bound.within(LEAST_OUTPUT), beside?.within(LEAST_OUTPUT)];
    return { amounts, most, shortest: shortBeside ? plus(short, shortBeside) : short };
  }

  /** The dearest attempt that a hedge may be. */
  #besideOf(first: Target): AttemptBound | undefined {
    const { policy, targets = [] } = this.#call.assignment ?? {};
    if (!policy?.hedge) return undefined;
    const others = targets.length > 1 ? targets.slice(1) : [first];
    return others.map((target) => this.#bounds.of(target)).reduce((most, one) => (dearer(one, most) ? one : most));
  }

  get #isHard(): boolean {
    return this.#budgets.some(({ rule }) => rule.budget.hard);
  }

  /** Whether a budget needs a number that is not there. */
  #lacks(bound: Amounts): boolean {
    return this.#budgets.some(({ rule }) => rule.budget.hard && amountIn(rule.unit, bound) === undefined);
  }

  /** The shortest of the longest answers that the budgets allow. */
  #capToRule(): void {
    let most: number | undefined;
    for (const { rule } of this.#budgets) {
      const { maxOutputTokens } = rule.budget;
      if (maxOutputTokens !== undefined) most = Math.min(most ?? maxOutputTokens, maxOutputTokens);
    }
    if (most !== undefined) this.#capTo(most);
  }

  #capTo(maxOutputTokens: number): void {
    if (!this.#call.assignment) return;
    capOutput(this.#call, this.#catalog, maxOutputTokens);
    this.#bounds.capTo(maxOutputTokens);
  }

  /** The answer may be as long as what was granted pays for. */
  #capToGrant({ most, least }: Ask, portion: number): void {
    if (most === undefined || least === undefined) return;
    // One less, since amounts are rounded.
    this.#capTo(Math.max(least, least + Math.floor((most - least) * portion) - 1));
    this.#deps.watch.capped();
  }

  /** Tells who looks on how much is spent, and goes to the cheaper model from its share on. */
  #lookAtShares({ purposes }: Ask, { states }: Admitted): void {
    let most: number | undefined;
    for (let at = 0; at < purposes.length; at += 1) {
      const [purpose, state] = [purposes[at], states[at]];
      if (typeof purpose !== 'object' || !state) continue;
      const { limit, budget } = purpose.rule;
      this.#deps.watch.spent(purpose, state.used / limit, this.#nowMs);
      const { degradeTo } = budget;
      const taken = (state.used + state.reserved) / limit;
      most = Math.max(most ?? 0, taken);
      if (degradeTo && taken >= degradeTo.at && degrade(this.#call, purpose, this.#catalog)) {
        this.#degraded(purpose);
      }
    }
    this.#call.budgetUsed = most;
  }

  #degraded(cause: MatchedBudget): void {
    this.#deps.watch.degraded(cause);
    this.#bounds = new BoundsOfCall(this.#call, this.#catalog);
    this.#usual = undefined;
    this.#capToRule();
  }

  #spendingOf({ purposes, claims }: Ask, { holding, portion }: Admitted): CallSpending {
    const { ledger } = this.#deps;
    const call = this.#call;
    return new CallSpending({
      call,
      ledger,
      bounds: this.#bounds,
      budgets: this.#budgets,
      nowMs: this.#nowMs,
      held: heldOf(claims, purposes, portion),
      purposes,
      holding,
      onSettled: (used) => this.#settled(used),
    });
  }

  #settled(used: Used): void {
    const { usual } = this.#deps;
    if (this.#call.answeredBy) usual.observe(usualName(this.#call), used);
  }

  #headers({ states }: Pick<Admitted, 'states'>): Record<string, string> {
    return rateHeaders(this.#call.dialect, this.#rules, states, this.#nowMs);
  }
}

/** What every hard budget has granted. */
function heldOf(claims: readonly Claim[], purposes: readonly Purpose[], portion: number): Amounts {
  const least = { usd: Number.POSITIVE_INFINITY, tokens: Number.POSITIVE_INFINITY };
  for (let at = 0; at < claims.length; at += 1) {
    const [claim, purpose] = [claims[at], purposes[at]];
    if (!claim || typeof purpose !== 'object' || !purpose.rule.budget.hard) continue;
    const { unit } = purpose.rule;
    least[unit] = Math.min(least[unit], grantOf(claim, portion));
  }
  return { tokens: finite(least.tokens), nanoUsd: finite(least.usd) };
}

function finite(amount: number): number | undefined {
  return Number.isFinite(amount) ? amount : undefined;
}
