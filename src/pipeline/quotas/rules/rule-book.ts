import type { Call } from '../../../core/call.ts';
import { type Budget } from '../budgets/budget.ts';
import { modelOf, usualName } from '../bounds/usual-use.ts';
import type { LimitDimension, LimitSettings } from '../settings.ts';
import { type BudgetRule, budgetRulesOf } from './budget-rules.ts';
import { type LimitRule, limitRulesOf } from './limit-rules.ts';
import { type QuotaPlan, QuotaPlans, planOf } from './quota-plan.ts';
import { type Subjects, subjectsOf } from './subjects.ts';

export interface MatchedLimit {
  readonly rule: LimitRule;
  readonly subject: string;
}

export interface MatchedBudget {
  readonly rule: BudgetRule;
  readonly subject: string;
}

export interface RuleBookOptions {
  /** Undefined = those that hold where the configuration says nothing. */
  readonly limits: readonly LimitSettings[] | undefined;
  readonly budgets: readonly Budget[];
  /** Requests per address have been counted when they came in, and need not be counted again. */
  readonly addressesCounted: boolean;
}

/** The limits and budgets in force, ready to be asked for each call. It is replaced as a whole where they change. */
export class RuleBook {
  /** Requests per address that need no look into the body: the shield counts them before anything else. */
  readonly addressLimits: readonly LimitRule[];
  /** All limits, whoever counts them. */
  readonly limits: readonly LimitRule[];
  readonly #limits: readonly LimitRule[];
  readonly #budgets: readonly BudgetRule[];
  readonly #plans: QuotaPlans;

  constructor({ limits, budgets, addressesCounted }: RuleBookOptions) {
    const all = limitRulesOf(limits);
    this.limits = all;
    this.addressLimits = all.filter(({ per, unit, models }) => per === 'ip' && unit === 'requests' && !models);
    this.#limits = addressesCounted ? all.filter((rule) => !this.addressLimits.includes(rule)) : all;
    this.#budgets = budgetRulesOf(budgets);
    const isAsked = (dimension: LimitDimension): boolean =>
      this.#limits.some(({ per }) => per === dimension) || this.#budgets.some(({ budget }) => budget.per === dimension);
    this.#plans = new QuotaPlans({ addresses: isAsked('ip'), users: isAsked('user') }, (call) => {
      const subjects = subjectsOf(call);
      const names = { model: modelOf(call), usualName: usualName(call) };
      return planOf(names, this.limitsOf(subjects), this.budgetsOf(subjects));
    });
  }

  /** Nothing has to be asked for any call. */
  get isEmpty(): boolean {
    return this.#limits.length === 0 && this.#budgets.length === 0;
  }

  /** All that is asked for a call. @throws request_invalid where the body has no readable facts */
  planOf(call: Call): QuotaPlan {
    return this.#plans.of(call);
  }

  limitsOf(subjects: Subjects): MatchedLimit[] {
    const matched: MatchedLimit[] = [];
    for (const rule of this.#limits) {
      const subject = rule.subject(subjects);
      if (subject !== undefined) matched.push({ rule, subject });
    }
    return matched;
  }

  budgetsOf(subjects: Subjects): MatchedBudget[] {
    const matched: MatchedBudget[] = [];
    for (const rule of this.#budgets) {
      const subject = rule.subject(subjects);
      if (subject !== undefined) matched.push({ rule, subject });
    }
    return matched;
  }
}
