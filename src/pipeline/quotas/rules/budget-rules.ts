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

const NEVER: Period = { name: '', startsAt: undefined, endsAt: undefined };

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
  let current = NEVER;
  const period = (nowMs: number): Period => {
    const { startsAt = nowMs, endsAt = Infinity } = current;
    if (current === NEVER || nowMs < startsAt || nowMs >= endsAt) current = periodAt(budget.period, timeZone, nowMs);
    return current;
  };
  let keys = new GenerationalMap<string>(MOST_KEYS);
  let keysOf = NEVER.name;
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
      if (least === undefined) return { kind: 'budget', key, limit, amount, hard, endsAt };
      return { kind: 'budget', key, limit, amount, hard, endsAt, least };
    },
  };
}
