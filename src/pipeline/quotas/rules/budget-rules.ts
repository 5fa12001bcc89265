import { GenerationalMap } from '../../../core/generational-map.ts';
import { type Budget } from '../budgets/budget.ts';
import { type BudgetUnit, counterKey } from '../budgets/counter-key.ts';
import { type Period, periodAt } from '../../../core/period.ts';
import type { BudgetClaim } from '../ledger/ledger.ts';
import { type Subjects, subjectFor } from './subjects.ts';

/** One counter of one budget. */
export interface BudgetRule {
  readonly budget: Budget;
  readonly unit: BudgetUnit;
  /** Nano-dollars or tokens. */
  readonly limit: number;
  /** Whose counter a call uses; undefined where the budget is not for it. */
  subject(subjects: Subjects): string | undefined;
  /** In which period it is now. */
  period(nowMs: number): Period;
  claim(subject: string, nowMs: number, amount: number, least?: number): BudgetClaim;
}

/** Of subjects that call again and again; those of others are made anew. */
const MOST_KEYS = 2000;

/** A budget in dollars and in tokens is two counters. */
export function budgetRulesOf(budgets: readonly Budget[]): BudgetRule[] {
  return budgets.flatMap((budget) => {
    const rules: BudgetRule[] = [];
    if (budget.nanoUsd !== undefined) rules.push(ruleOf(budget, 'usd', budget.nanoUsd));
    if (budget.tokens !== undefined) rules.push(ruleOf(budget, 'tokens', budget.tokens));
    return rules;
  });
}

function ruleOf(budget: Budget, unit: BudgetUnit, limit: number): BudgetRule {
  const { id, per, subject: only, hard, timeZone } = budget;
  const period = (nowMs: number): Period => periodAt(budget.period, timeZone, nowMs);
  let keys = new GenerationalMap<string>(MOST_KEYS);
  let keysOf: string | undefined;
  return {
    budget,
    unit,
    limit,
    subject: (subjects) => subjectFor(per, only, subjects),
    period,
    claim(subject, nowMs, amount, least) {
      const { name, endsAt } = period(nowMs);
      if (name !== keysOf) {
        keys = new GenerationalMap(MOST_KEYS);
        keysOf = name;
      }
      let key = keys.get(subject);
      if (key === undefined) {
        key = counterKey(id, unit, name, subject);
        keys.set(subject, key);
      }
      const claim = { kind: 'budget', key, limit, amount, hard, endsAt } as const;
      return least === undefined ? claim : { ...claim, least };
    },
  };
}
