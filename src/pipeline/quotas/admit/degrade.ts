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
  // The first model's prompt and parameters are in the request already, so that they are what it has.
  const { prompt, promptVersion, parameters } = assignment;
  const route = planOf(catalog, degradeTo.model, assignment.route, cheaper);
  call.assignment = { ...cheaper, prompt, promptVersion, parameters, route };
  call.warnings.push(`model: the ${per}'s budget is nearly used up, so ${degradeTo.model} answers`);
  return true;
}

/** The same plans for all requests, since what is known of candidates hangs on them. A name means one thing in a catalog. */
const PLANS = new WeakMap<ModelCatalog, WeakMap<RoutePlan, Map<string, RoutePlan>>>();

/** What a rule keeps at certain targets stays there, whichever model is paid for: its rules come first. */
function planOf(
  catalog: ModelCatalog,
  name: string,
  before: RoutePlan | undefined,
  cheaper: Assignment,
): RoutePlan | undefined {
  if (!before || before.rules.length === 0) return cheaper.route;
  const ofCatalog = PLANS.get(catalog) ?? new WeakMap<RoutePlan, Map<string, RoutePlan>>();
  PLANS.set(catalog, ofCatalog);
  const byName = ofCatalog.get(before) ?? new Map<string, RoutePlan>();
  ofCatalog.set(before, byName);
  const plan = byName.get(name) ?? withRulesOf(before, cheaper);
  byName.set(name, plan);
  return plan;
}

function withRulesOf(before: RoutePlan, { route, targets }: Assignment): RoutePlan {
  if (route) return { ...route, rules: [...before.rules, ...route.rules] };
  const candidates = targets.map((target) => ({ target, weight: 1, quality: undefined, tiers: [] }));
  const asTheyStand = { by: 'order', sticky: 'none', complexity: undefined, cascade: undefined } as const;
  return { ...asTheyStand, candidates, rules: before.rules, reference: undefined };
}
