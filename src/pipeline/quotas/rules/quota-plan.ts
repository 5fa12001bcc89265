import type { Call, Principal } from '../../../core/call.ts';
import { GenerationalMap } from '../../../core/generational-map.ts';
import { modelOf } from '../bounds/usual-use.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { LimitRule, LimitUnit } from './limit-rules.ts';
import type { MatchedBudget, MatchedLimit } from './rule-book.ts';

/** What a claim of a call is for. */
export type Purpose = 'requests' | 'tokens' | 'concurrency' | MatchedBudget;

/** What is asked for calls of one holder, path and model: the same for each of them, but for what it uses. */
export interface QuotaPlan {
  readonly limits: readonly MatchedLimit[];
  readonly budgets: readonly MatchedBudget[];
  readonly hard: readonly MatchedBudget[];
  /** Of the limits. */
  readonly rules: readonly LimitRule[];
  /** One for each claim: those of the limits, then those of the budgets. */
  readonly purposes: readonly Purpose[];
  /** Of the limits, each of one unit. */
  readonly claims: readonly Claim[];
  /** Which of them clients are told of. */
  readonly shown: ShownRules;
  /** That the calls are for. */
  readonly model: string;
  /** What such calls are called in what is known of their use. */
  readonly usualName: string;
  /** The shortest of the longest answers that the budgets allow. */
  readonly maxOutputTokens: number | undefined;
}

/** Indexes of the rules that count requests, and of those that count tokens. */
export interface ShownRules {
  readonly requests: readonly number[];
  readonly tokens: readonly number[];
}

export function shownOf(rules: readonly Pick<LimitRule, 'unit'>[]): ShownRules {
  const indexesOf = (wanted: LimitUnit): number[] => rules.flatMap(({ unit }, at) => (unit === wanted ? [at] : []));
  return { requests: indexesOf('requests'), tokens: indexesOf('tokens') };
}

export function planOf(
  { model, usualName }: Pick<QuotaPlan, 'model' | 'usualName'>,
  limits: readonly MatchedLimit[],
  budgets: readonly MatchedBudget[],
): QuotaPlan {
  const rules = limits.map(({ rule }) => rule);
  const longest = budgets.flatMap(({ rule }) => rule.budget.maxOutputTokens ?? []);
  return {
    limits,
    budgets,
    hard: budgets.filter(({ rule }) => rule.budget.hard),
    rules,
    purposes: [...rules.map(({ unit }) => unit), ...budgets],
    claims: limits.map(({ rule, subject }) => rule.claim(subject, 1)),
    shown: shownOf(rules),
    model,
    usualName,
    maxOutputTokens: longest.length === 0 ? undefined : Math.min(...longest),
  };
}

/** What tells plans apart. A book that does not ask for addresses or users has plans without them. */
interface PlanFor {
  readonly principal: Principal | undefined;
  readonly endpoint: string;
  readonly model: string;
  readonly user: string | undefined;
  readonly ip: string | undefined;
}

interface Kept {
  readonly whose: PlanFor;
  readonly plan: QuotaPlan;
}

/** Of those who call again and again; those of others are made anew. */
const MOST_PLANS = 2000;

/** Which of what a call says its plan depends on, beside the key, the path and the model. */
export interface PlanDimensions {
  readonly addresses: boolean;
  readonly users: boolean;
}

/** The plans of one rule book. */
export class QuotaPlans {
  readonly #asks: PlanDimensions;
  readonly #make: (call: Call) => QuotaPlan;
  /** The latest of each key, which mostly asks for the same again. */
  readonly #latest = new GenerationalMap<Kept>(MOST_PLANS);
  readonly #others = new GenerationalMap<Kept>(MOST_PLANS);

  constructor(asks: PlanDimensions, make: (call: Call) => QuotaPlan) {
    this.#asks = asks;
    this.#make = make;
  }

  /** @throws request_invalid where the body has no readable facts */
  of(call: Call): QuotaPlan {
    const { principal, endpoint } = call;
    const model = modelOf(call);
    // A key that belongs to somebody says who it is.
    const user = this.#asks.users && principal?.user === undefined ? call.facts.user : undefined;
    const ip = this.#asks.addresses ? call.clientIp : undefined;
    const keyId = principal?.keyId ?? '';
    const latest = this.#latest.get(keyId);
    if (latest && latest.whose.principal === principal) {
      const { whose } = latest;
      if (whose.endpoint === endpoint && whose.model === model && whose.user === user && whose.ip === ip) {
        return latest.plan;
      }
    }
    return this.#other(call, { principal, endpoint, model, user, ip }).plan;
  }

  #other(call: Call, whose: PlanFor): Kept {
    const keyId = whose.principal?.keyId ?? '';
    const name = nameOf(keyId, whose);
    let kept = this.#others.get(name);
    // A key that was changed is another principal of the same name.
    if (kept?.whose.principal !== whose.principal) kept = undefined;
    if (!kept) {
      kept = { whose, plan: this.#make(call) };
      this.#others.set(name, kept);
    }
    this.#latest.set(keyId, kept);
    return kept;
  }
}

/** Clients say what they like in names of models and users, so that lengths say where each ends. */
function nameOf(keyId: string, { endpoint, model, user, ip = '' }: PlanFor): string {
  const names = `${ip}|${keyId.length}|${endpoint.length}|${model.length}|${keyId}${endpoint}${model}`;
  return user === undefined ? names : `${names}|${user}`;
}
