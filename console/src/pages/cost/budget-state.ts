import type { paths } from '../../api/schema.gen.ts';

export type Budget =
  paths['/admin/v1/budgets']['get']['responses']['200']['content']['application/json']['data'][number];
export type Unit = 'usd' | 'tokens';

/** How a budget, or one of those who each have their own, stands in one unit. */
export interface Standing {
  readonly unit: Unit;
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly remaining: number;
  readonly burnRate: number | null;
  readonly exhaustedAt: string | null;
  /** Used and reserved, of the limit. */
  readonly share: number;
}

type Figures = Pick<
  Budget,
  | 'used'
  | 'reserved'
  | 'remaining'
  | 'burnRate'
  | 'exhaustedAt'
  | 'tokensUsed'
  | 'tokensReserved'
  | 'tokensRemaining'
  | 'tokensBurnRate'
  | 'tokensExhaustedAt'
>;

const NOTHING = { used: 0, reserved: 0, burnRate: null, exhaustedAt: null };

function plain(unit: Unit, limit: number, figures: Figures): Standing {
  const { used = 0, reserved = 0, remaining = limit, burnRate = null, exhaustedAt = null } = figures;
  return { unit, limit, used, reserved, remaining, burnRate, exhaustedAt, share: (used + reserved) / limit };
}

/** In dollars, in tokens, or in both, in this order. */
export function standings(budget: Pick<Budget, 'usd' | 'tokens'>, figures: Figures): Standing[] {
  const { usd, tokens } = budget;
  if (usd === undefined) return tokens === undefined ? [] : [plain('tokens', tokens, figures)];
  if (tokens === undefined) return [plain('usd', usd, figures)];
  const { tokensUsed, tokensReserved, tokensRemaining, tokensBurnRate, tokensExhaustedAt } = figures;
  const inTokens = {
    used: tokensUsed ?? 0,
    reserved: tokensReserved ?? 0,
    remaining: tokensRemaining ?? tokens,
    burnRate: tokensBurnRate ?? null,
    exhaustedAt: tokensExhaustedAt ?? null,
  };
  return [plain('usd', usd, figures), plain('tokens', tokens, inTokens)];
}

/** Of those who each have their own the one that has used most stands for all. */
export function standingsShown(budget: Budget, subject?: string): Standing[] {
  if (budget.subjects === undefined) return standings(budget, budget);
  const found = subject === undefined ? budget.subjects[0] : budget.subjects.find(({ id }) => id === subject);
  return standings(budget, found ?? NOTHING);
}

/** The one that will end first. */
export function tightest(all: readonly Standing[]): Standing | undefined {
  return all.toSorted((a, b) => b.share - a.share)[0];
}

/** What will end first stands first. */
export function fullestFirst(budgets: readonly Budget[]): Budget[] {
  const share = (budget: Budget): number => tightest(standingsShown(budget))?.share ?? 0;
  return budgets.toSorted((a, b) => share(b) - share(a) || a.name.localeCompare(b.name));
}

export type BudgetState = 'exhausted' | 'degraded' | 'alerted' | 'within';

interface Thresholds {
  readonly alertAt?: readonly number[] | undefined;
  readonly degradeTo?: { readonly model?: string; readonly at?: number | undefined } | undefined;
}

const USUAL_DEGRADE = 0.9;
const USUAL_ALERTS = [0.5, 0.8, 1];

/** What a budget does at this share of it. */
export function stateAt(budget: Thresholds, share: number): BudgetState {
  if (share >= 1) return 'exhausted';
  if (budget.degradeTo !== undefined && share >= (budget.degradeTo.at ?? USUAL_DEGRADE)) return 'degraded';
  const alerts = budget.alertAt ?? USUAL_ALERTS;
  return alerts.some((at) => share >= at) ? 'alerted' : 'within';
}

/** Whose requests it counts, as filters of usage; `user` may be `project/user`. */
export function scopeOf(per: Budget['per'], subject: string): Readonly<Record<string, string>> {
  if (per !== 'user') return { [per]: subject };
  const slash = subject.indexOf('/');
  return slash < 0 ? { user: subject } : { project: subject.slice(0, slash), user: subject.slice(slash + 1) };
}
