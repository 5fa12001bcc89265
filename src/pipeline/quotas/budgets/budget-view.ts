import { type Static, Type } from 'typebox';

import { nanoToUsd } from '../../../core/money.ts';
import { BudgetSettings } from '../settings.ts';
import type { Budget } from './budget.ts';
import { settingsOf } from './from-settings.ts';
import { periodAt } from '../../../core/period.ts';
import type { SubjectUsage, UnitUsage } from './usage.ts';

const Amount = (description: string) => Type.Optional(Type.Number({ description }));
const Rate = (description: string) => Type.Optional(Type.Union([Type.Number(), Type.Null()], { description }));
const Moment = (description: string) => Type.Optional(Type.Union([Type.String(), Type.Null()], { description }));

/** Dollars where the budget is in dollars, else tokens; where it is in both, tokens have fields of their own. */
const usageFields = {
  used: Amount('Settled in this period: dollars where the budget is in dollars, else tokens'),
  reserved: Amount('Held by calls under way'),
  remaining: Amount('Neither used nor reserved'),
  burnRate: Rate('A day, from this period and the last seven days; null where it is not known'),
  exhaustedAt: Moment('RFC 3339: when it is used up if it goes on so; null where that is not in this period'),
  tokensUsed: Amount('The same in tokens, of a budget that is in dollars and in tokens'),
  tokensReserved: Amount('See tokensUsed'),
  tokensRemaining: Amount('See tokensUsed'),
  tokensBurnRate: Rate('See tokensUsed'),
  tokensExhaustedAt: Moment('See tokensUsed'),
};

type UsageView = Static<ReturnType<typeof usageSchema>>;
const usageSchema = () => Type.Object(usageFields);

const SubjectView = Type.Object({
  id: Type.String({ description: 'A user is shown as project/user' }),
  ...usageFields,
});

export const BudgetView = Type.Object({
  name: Type.String({ description: 'What it is called under /admin/v1/budgets' }),
  origin: Type.Union([Type.Literal('file'), Type.Literal('admin')]),
  ...BudgetSettings.properties,
  resetsAt: Type.Union([Type.String(), Type.Null()], { description: 'RFC 3339: when the period ends; null = never' }),
  ...usageFields,
  subjects: Type.Optional(
    Type.Array(SubjectView, {
      description:
        'Of a budget that each subject has for itself, in place of used and so on: who has spent most, first',
    }),
  ),
});

export type BudgetView = Static<typeof BudgetView>;

/** What a view has beside what was written; a view that is sent back may have it. */
export const SHOWN_BESIDE: readonly string[] = ['name', 'origin', 'resetsAt', 'subjects', ...Object.keys(usageFields)];

/** A budget with its usage: of its subject, or of those of its subjects that are shown. */
export function budgetView(budget: Budget, usages: readonly SubjectUsage[], now: number): BudgetView {
  const { endsAt } = periodAt(budget.period, budget.timeZone, now);
  const [first] = usages;
  return {
    name: budget.id,
    origin: budget.origin,
    ...settingsOf(budget),
    resetsAt: momentText(endsAt),
    ...(budget.subject === undefined
      ? { subjects: usages.map((usage) => ({ id: usage.subject, ...usageView(usage) })) }
      : first && usageView(first)),
  };
}

function usageView({ usd, tokens }: SubjectUsage): UsageView {
  if (!usd) return tokens ? plain(tokens) : {};
  if (!tokens) return plain(usd, nanoToUsd);
  const { used, reserved, remaining, burnRate, exhaustedAt } = plain(tokens);
  return {
    ...plain(usd, nanoToUsd),
    tokensUsed: used,
    tokensReserved: reserved,
    tokensRemaining: remaining,
    tokensBurnRate: burnRate,
    tokensExhaustedAt: exhaustedAt,
  };
}

function plain({ used, reserved, remaining, burnRate, exhaustedAt }: UnitUsage, shown = itself) {
  return {
    used: shown(used),
    reserved: shown(reserved),
    remaining: shown(remaining),
    burnRate: burnRate === undefined ? null : shown(Math.round(burnRate)),
    exhaustedAt: momentText(exhaustedAt),
  };
}

function itself(amount: number): number {
  return amount;
}

function momentText(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
