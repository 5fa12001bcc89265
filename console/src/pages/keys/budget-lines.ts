import type { paths } from '../../api/schema.gen.ts';

type Budget = paths['/admin/v1/budgets']['get']['responses']['200']['content']['application/json']['data'][number];

/** One counter of a budget, of one of its subjects where each has its own. */
export interface BudgetLine {
  readonly name: string;
  readonly subject: string | undefined;
  readonly unit: 'usd' | 'tokens';
  /** Settled and held by calls under way. */
  readonly used: number;
  readonly limit: number;
  readonly hard: boolean;
  readonly resetsAt: string | null;
}

type Usage = Pick<Budget, 'used' | 'reserved' | 'tokensUsed' | 'tokensReserved'>;

function linesOf(budget: Budget, subject: string | undefined, usage: Usage): BudgetLine[] {
  const { name, usd, tokens, hard, resetsAt } = budget;
  const shared = { name, subject, hard, resetsAt };
  const first = (usage.used ?? 0) + (usage.reserved ?? 0);
  const lines: BudgetLine[] = [];
  if (usd !== undefined) lines.push({ ...shared, unit: 'usd', used: first, limit: usd });
  if (tokens !== undefined) {
    // What is in dollars as well has its tokens beside them.
    const used = usd === undefined ? first : (usage.tokensUsed ?? 0) + (usage.tokensReserved ?? 0);
    lines.push({ ...shared, unit: 'tokens', used, limit: tokens });
  }
  return lines;
}

/** The counters of which most is used, by their share. */
export function fullest(budgets: readonly Budget[], most: number): BudgetLine[] {
  const lines = budgets.flatMap((budget) => {
    if (budget.subjects === undefined) return linesOf(budget, budget.id, budget);
    if (budget.subjects.length === 0) return linesOf(budget, undefined, {});
    return budget.subjects.flatMap((subject) => linesOf(budget, subject.id, subject));
  });
  return lines.toSorted((a, b) => b.used / b.limit - a.used / a.limit).slice(0, most);
}
