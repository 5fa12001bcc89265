import { nanoToUsd } from '../../../core/money.ts';
import type { BudgetSettings } from '../settings.ts';
import type { Budget } from './budget.ts';
import { budgetIdentity, nanoOf } from './settings.ts';

const USUAL_ALERTS = [0.5, 0.8, 1];

/** The budgets of causeway.yaml. Check `budgetProblems` first, and that no two have an identity in common. */
export function budgetsOf(settings: readonly BudgetSettings[]): Budget[] {
  return settings.map((budget) => budgetOf(budget, { id: budgetIdentity(budget), origin: 'file' }));
}

/** What was written, as the gateway counts with it. */
export function budgetOf(settings: BudgetSettings, { id, origin }: Pick<Budget, 'id' | 'origin'>): Budget {
  const { per, period, timeZone, hard, atLimit, paymentRequired, maxOutputTokens, degradeTo } = settings;
  return {
    id,
    origin,
    per,
    subject: settings.id,
    nanoUsd: settings.usd === undefined ? undefined : nanoOf(settings.usd),
    tokens: settings.tokens,
    period,
    timeZone,
    hard,
    alertAt: [...new Set(settings.alertAt ?? USUAL_ALERTS)].toSorted((a, b) => a - b),
    degradeTo,
    atLimit,
    paymentRequired,
    maxOutputTokens,
    settleAborted: settings.settleAborted ?? (hard ? 'bound' : 'received'),
  };
}

/** The opposite, with what was left out filled in. */
export function settingsOf(budget: Budget): BudgetSettings {
  const { per, subject, nanoUsd, tokens, degradeTo, maxOutputTokens } = budget;
  return {
    per,
    ...(subject !== undefined && { id: subject }),
    ...(nanoUsd !== undefined && { usd: nanoToUsd(nanoUsd) }),
    ...(tokens !== undefined && { tokens }),
    period: budget.period,
    timeZone: budget.timeZone,
    hard: budget.hard,
    alertAt: [...budget.alertAt],
    ...(degradeTo && { degradeTo }),
    atLimit: budget.atLimit,
    paymentRequired: budget.paymentRequired,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    settleAborted: budget.settleAborted,
  };
}
