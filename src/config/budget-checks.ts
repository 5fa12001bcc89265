import { budgetIdentity, budgetProblems } from '../pipeline/quotas/budgets/settings.ts';
import type { BudgetSettings } from '../pipeline/quotas/settings.ts';
import { type Draft, type TreeReader, isWhole } from './read-tree.ts';
import type { FileSettings } from './schema.ts';

/** What no single field of a budget can know. A budget of which a field had a problem of its own is passed over. */
export function checkBudgets({ budgets, models }: Draft<FileSettings>, reader: TreeReader): void {
  const names = [...(models?.keys() ?? [])];
  const seen = new Map<string, number>();
  for (const [at, budget] of (budgets ?? []).entries()) {
    if (!budget || !isWhole<BudgetSettings>(budget)) continue;
    const key = `budgets[${at}]`;
    for (const problem of budgetProblems(budget, names)) reader.report(`${key}.${problem.key}`, problem.message, key);
    const identity = budgetIdentity(budget);
    const earlier = seen.get(identity);
    if (earlier === undefined) seen.set(identity, at);
    else reader.report(key, `counts the same as budgets[${earlier}]; keep one of the two`);
  }
}
