import { type Assignment, type Call, targetName } from '../../../core/call.ts';
import type { RoutePlan } from '../../../core/routing.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { ANSWERED_IN_TEXT } from '../bounds/bound-of.ts';
import type { MatchedBudget } from '../rules/rule-book.ts';

/** Sends a call to the cheaper model that a budget names. False where it goes there already, or cannot. */
export function degrade(call: Call, { rule }: MatchedBudget, catalog: ModelCatalog): boolean {
  const { degradeTo, per } = rule.budget;
  const { assignment } = call;
  if (!degradeTo || !assignment || !ANSWERED_IN_TEXT.has(call.operation)) return false;
  if (assignment.virtualModel === degradeTo.model || call.facts.model === degradeTo.model) return false;
  const cheaper = catalog.assign(degradeTo.model);
  const [from, to] = [assignment.targets[0], cheaper.targets[0]];
  if (!from || !to || targetName(from) === targetName(to)) return false;
  call.assignment = withRulesOf(assignment.route, cheaper);
  call.warnings.push(`model: the ${per}'s budget is nearly used up, so ${degradeTo.model} answers`);
  return true;
}

/** What a rule keeps at certain targets stays there, whichever model is paid for: its rules come first. */
function withRulesOf(before: RoutePlan | undefined, cheaper: Assignment): Assignment {
  if (!before || before.rules.length === 0) return cheaper;
  const { route } = cheaper;
  if (route) return { ...cheaper, route: { ...route, rules: [...before.rules, ...route.rules] } };
  const candidates = cheaper.targets.map((target) => ({ target, weight: 1, quality: undefined, tiers: [] }));
  const asTheyStand = { by: 'order', sticky: 'none', complexity: undefined, cascade: undefined } as const;
  return { ...cheaper, route: { ...asTheyStand, candidates, rules: before.rules, reference: undefined } };
}
