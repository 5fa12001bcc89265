import { GatewayError } from '../../../core/errors.ts';
import type { BudgetClaim, ClaimState } from '../ledger/ledger.ts';
import { type BudgetRule, budgetRulesOf } from '../rules/budget-rules.ts';
import type { Budget } from './budget.ts';
import type { BudgetUnit } from './counter-key.ts';
import { type Forecast, forecast } from './forecast.ts';
import type { SubjectSpend } from './spend-store.ts';

/** How one counter of a subject stands; nano-dollars or tokens. */
export interface UnitUsage extends Pick<ClaimState, 'used' | 'reserved' | 'remaining'>, Forecast {}

export interface SubjectUsage {
  readonly subject: string;
  readonly usd: UnitUsage | undefined;
  readonly tokens: UnitUsage | undefined;
}

export interface UsageDeps {
  /** Live figures, of `QuotaLedger.read`. */
  read(claims: readonly BudgetClaim[]): Promise<readonly ClaimState[]> | readonly ClaimState[];
  /**
   * What a subject of a budget has spent a day over the last seven days, in nano-dollars or tokens; undefined where it
   * is not known.
   */
  spentPerDay(budget: Budget, subject: string, unit: BudgetUnit): Promise<number | undefined>;
  /** Who has spent of a budget that each subject has for itself, most first. */
  subjectsOf(budgetId: string, unit: BudgetUnit, periodName: string, limit: number): Promise<readonly SubjectSpend[]>;
}

/** The subjects of a budget that have spent most in this period. @throws storage_unavailable */
export async function topSubjects(deps: UsageDeps, budget: Budget, now: number, limit: number): Promise<string[]> {
  const [rule] = budgetRulesOf([budget]);
  if (!rule) return [];
  const spent = await deps.subjectsOf(budget.id, rule.unit, rule.period(now).name, limit);
  return spent.map(({ subject }) => subject);
}

/** How a budget stands for each of these subjects. @throws counters_unavailable, storage_unavailable */
export async function usageOf(
  deps: UsageDeps,
  budget: Budget,
  subjects: readonly string[],
  now: number,
): Promise<SubjectUsage[]> {
  const counters = budgetRulesOf([budget]).flatMap((rule) => subjects.map((subject) => ({ rule, subject })));
  const states = await deps.read(counters.map(({ rule, subject }) => rule.claim(subject, now, 0)));
  const usages = await Promise.all(
    counters.map(async ({ rule, subject }, at) => {
      const recent = await deps.spentPerDay(budget, subject, rule.unit).catch(unknownWhereAway);
      return { subject, unit: rule.unit, usage: unitUsage(rule, states[at], recent, now) };
    }),
  );
  return subjects.map((subject) => {
    const of = (unit: BudgetUnit): UnitUsage | undefined =>
      usages.find((one) => one.subject === subject && one.unit === unit)?.usage;
    return { subject, usd: of('usd'), tokens: of('tokens') };
  });
}

/** The counters are live without the database; only the forecast is then of this period alone. */
function unknownWhereAway(thrown: unknown): undefined {
  if (!(thrown instanceof GatewayError && thrown.code === 'storage_unavailable')) throw thrown;
}

const UNTOUCHED = { used: 0, reserved: 0 };

function unitUsage(
  rule: BudgetRule,
  state: ClaimState | undefined,
  recentPerDay: number | undefined,
  now: number,
): UnitUsage {
  const { used, reserved } = state ?? UNTOUCHED;
  const { startsAt, endsAt } = rule.period(now);
  const { limit } = rule;
  const remaining = Math.max(0, limit - used - reserved);
  return { used, reserved, remaining, ...forecast({ used, limit, startsAt, endsAt, recentPerDay }, now) };
}
