import type { Call, Target } from '../../../core/call.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import type { Amounts, AttemptBound } from '../bounds/attempt-bound.ts';
import { boundOfResource } from '../bounds/bound-of.ts';
import { capOutput } from '../bounds/cap-output.ts';
import { expectedOf, modelOf, usualName } from '../bounds/usual-use.ts';
import { grantOf } from '../ledger/grant.ts';
import type { Admitted, Claim, ClaimState, RateClaim, Refused, Verdict } from '../ledger/ledger.ts';
import type { QuotaPlan } from '../rules/quota-plan.ts';
import type { MatchedBudget } from '../rules/rule-book.ts';
import type { QuotaDeps } from '../stage.ts';
import { amountIn, dearer, plus } from './amounts.ts';
import { BoundsOfCall } from './bounds-of-call.ts';
import { CallSpending } from './call-spending.ts';
import { degrade } from './degrade.ts';
import { type Used } from './legs.ts';
import { type LimitStands, rateHeaders } from './rate-headers.ts';
import { budgetExhausted, costUnbounded, limitExceeded } from './refusals.ts';

/** Where nothing else bounds an answer under a hard budget. */
const USUAL_MOST_OUTPUT = 4096;
/** An answer that is capped to what is left of a budget gets at least so many tokens, or is refused. */
const LEAST_OUTPUT = 256;

/** A call that was admitted. */
export interface Entered extends LimitStands {
  readonly spending: CallSpending;
}

/** What one call asks for, in one step: everything that its limits and budgets count. */
interface Ask {
  readonly claims: readonly Claim[];
  /** Of the longest answer that the hard budgets reserve, and of the shortest that would do. */
  readonly most: number | undefined;
  readonly least: number | undefined;
}

const NOTHING: Amounts = { tokens: 0, nanoUsd: 0 };

/** One call's way in. */
export class Admission {
  readonly #deps: QuotaDeps;
  readonly #call: Call;
  readonly #plan: QuotaPlan;
  readonly #catalog: ModelCatalog;
  readonly #nowMs: number;
  #bounds: BoundsOfCall;
  #usual: Amounts | undefined;

  constructor(deps: QuotaDeps, call: Call, plan: QuotaPlan) {
    this.#deps = deps;
    this.#call = call;
    this.#plan = plan;
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
    if (!verdict.admitted) return this.#refused(verdict);
    const { states, portion } = verdict;
    if (this.#plan.budgets.length > 0) this.#lookAtShares(states);
    if (portion < 1) this.#capToGrant(ask, portion);
    const spending = this.#spendingOf(ask.claims, verdict);
    const { rules, shown } = this.#plan;
    return { spending, rules, shown, states, nowMs: this.#nowMs };
  }

  /** A budget that names a cheaper model is asked once more for that. */
  #refused({ at, retryAfterMs, states }: Refused): Entered | Promise<Entered> {
    const purpose = this.#plan.purposes[at];
    if (typeof purpose === 'object') {
      if (degrade(this.#call, purpose, this.#catalog)) {
        this.#degraded(purpose);
        return this.enter();
      }
      this.#deps.watch.refusedByBudget(purpose, this.#nowMs);
      throw budgetExhausted([purpose], this.#nowMs);
    }
    const limit = this.#plan.limits[at];
    if (!limit) throw new RangeError('a claim was refused that was not made');
    this.#deps.watch.refusedByLimit(limit.rule);
    throw limitExceeded(limit.rule, retryAfterMs, this.#headers(states));
  }

  #ask(): Ask {
    const { claims: ofLimits, shown, budgets } = this.#plan;
    const claims = ofLimits.slice();
    for (const at of shown.tokens) {
      const one = ofLimits[at];
      if (one?.kind === 'rate') claims[at] = rateOf(one, this.#expected.tokens ?? 0);
    }
    const hard = this.#hardAmounts();
    for (const { rule, subject } of budgets) {
      if (rule.budget.hard) {
        const amount = amountIn(rule.unit, hard.amounts);
        if (amount === undefined) throw costUnbounded(this.#call);
        const least = rule.budget.atLimit === 'cap' && hard.shortest ? amountIn(rule.unit, hard.shortest) : undefined;
        claims.push(rule.claim(subject, this.#nowMs, amount, least));
      } else {
        claims.push(rule.claim(subject, this.#nowMs, amountIn(rule.unit, this.#expected) ?? 0));
      }
    }
    return { claims, most: hard.most, least: hard.shortest && LEAST_OUTPUT };
  }

  /** What the call usually uses. */
  get #expected(): Amounts {
    return (this.#usual ??= this.#usualUse());
  }

  #usualUse(): Amounts {
    const target = this.#call.assignment?.targets[0];
    if (!target) return NOTHING;
    const bound = this.#isHard ? this.#bounds.of(target) : undefined;
    return expectedOf(this.#call, target, this.#catalog, this.#deps.usual, bound, this.#usualName);
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
    return this.#plan.hard.length > 0;
  }

  /** Whether a budget needs a number that is not there. */
  #lacks(bound: Amounts): boolean {
    for (const { rule } of this.#plan.hard) if (amountIn(rule.unit, bound) === undefined) return true;
    return false;
  }

  /** The shortest of the longest answers that the budgets allow. */
  #capToRule(): void {
    const { maxOutputTokens } = this.#plan;
    if (maxOutputTokens !== undefined) this.#capTo(maxOutputTokens);
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
  #lookAtShares(states: readonly ClaimState[]): void {
    const { budgets, limits } = this.#plan;
    let most: number | undefined;
    for (let at = 0; at < budgets.length; at += 1) {
      const purpose = budgets[at];
      const state = states[limits.length + at];
      if (!purpose || !state) continue;
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

  #spendingOf(claims: readonly Claim[], { holding, portion }: Admitted): CallSpending {
    const { ledger } = this.#deps;
    const { budgets, hard, purposes } = this.#plan;
    return new CallSpending({
      call: this.#call,
      ledger,
      bounds: this.#bounds,
      budgets,
      hard,
      nowMs: this.#nowMs,
      held: hard.length === 0 ? UNHELD : heldOf(claims, this.#plan, portion),
      purposes,
      holding,
      onSettled: (used) => this.#settled(used),
    });
  }

  /** The plan knows it, unless the call has gone to another model. */
  get #usualName(): string {
    return modelOf(this.#call) === this.#plan.model ? this.#plan.usualName : usualName(this.#call);
  }

  #settled(used: Used): void {
    if (this.#call.answeredBy) this.#deps.usual.observe(this.#usualName, used);
  }

  #headers(states: readonly ClaimState[]): Record<string, string> {
    return rateHeaders(this.#call.dialect, this.#plan.rules, states, this.#nowMs);
  }
}

function rateOf({ key, limit, windowMs, burst }: RateClaim, amount: number): Claim {
  return { kind: 'rate', key, limit, windowMs, burst, amount };
}

const UNHELD: Amounts = { tokens: undefined, nanoUsd: undefined };

/** What every hard budget has granted. */
function heldOf(claims: readonly Claim[], { limits, budgets }: QuotaPlan, portion: number): Amounts {
  let tokens: number | undefined;
  let nanoUsd: number | undefined;
  for (let at = 0; at < budgets.length; at += 1) {
    const claim = claims[limits.length + at];
    const rule = budgets[at]?.rule;
    if (!claim || !rule?.budget.hard) continue;
    const granted = grantOf(claim, portion);
    if (rule.unit === 'tokens') tokens = Math.min(tokens ?? granted, granted);
    else nanoUsd = Math.min(nanoUsd ?? granted, granted);
  }
  return { tokens, nanoUsd };
}
