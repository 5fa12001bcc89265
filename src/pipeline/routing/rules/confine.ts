import { type Assignment, type Call, type Target, targetName } from '../../../core/call.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import type { CascadePolicy, RoutePlan, RouteRule } from '../../../core/routing.ts';
import { standsFor } from '../choose/baseline.ts';
import type { ConditionName } from './conditions.ts';

/** A call goes to the targets of a rule, and whatever fails to nobody else. */
export function confine(call: Call, assignment: Assignment, plan: RoutePlan, rule: RouteRule): void {
  const { targets } = rule;
  const policy = assignment.policy && within(assignment.policy, rule);
  call.assignment = { ...assignment, targets, route: planWithin(plan, rule), ...(policy && { policy }) };
  call.confinedTo = targets;
  const [first] = targets;
  call.routing = {
    policy: 'rule',
    rule: rule.name,
    target: first ? targetName(first) : '',
    reason: `the rule "${rule.name}" holds (${namesOf(rule).join(', ')})`,
  };
}

function namesOf({ when }: RouteRule): ConditionName[] {
  return Object.entries(when).flatMap(([name, value]) => (value === undefined ? [] : [name as ConditionName]));
}

/** The same objects for all requests, since more is known by them: what is known of targets hangs on their policy. */
const PLANS = new WeakMap<RoutePlan, WeakMap<RouteRule, RoutePlan>>();
const POLICIES = new WeakMap<RoutePolicy, WeakMap<RouteRule, RoutePolicy>>();

/** How one of a rule's targets is chosen. A better model is asked afterwards where it is one of them. */
function planWithin(plan: RoutePlan, rule: RouteRule): RoutePlan {
  return remembered(PLANS, plan, rule, () => {
    const candidates = rule.targets.map((target) => {
      const name = targetName(target);
      const known = plan.candidates.find((one) => targetName(one.target) === name);
      return { weight: 1, quality: undefined, tiers: [], ...known, target };
    });
    const { sticky, reference } = plan;
    const cascade = plan.cascade && isWithin(plan.cascade, rule) ? plan.cascade : undefined;
    const { by } = rule;
    const reduced = { by, candidates, rules: [], sticky, complexity: undefined, cascade, reference };
    standsFor(reduced, plan);
    return reduced;
  });
}

/** Both who answers better and who judges have to be among the rule's targets. */
function isWithin({ to, check, judge }: CascadePolicy, { targets }: RouteRule): boolean {
  const names = new Set(targets.map(targetName));
  return names.has(targetName(to)) && (check !== 'judge' || (judge !== undefined && names.has(targetName(judge))));
}

/** A prompt that is too long, or that a filter refuses, goes to those that are named for that where they are among the rule's. */
function within(policy: RoutePolicy, rule: RouteRule): RoutePolicy {
  const { onContextLength, onContentPolicy } = policy;
  if (onContextLength.length === 0 && onContentPolicy.length === 0) return policy;
  return remembered(POLICIES, policy, rule, () => {
    const allowed = new Set(rule.targets.map(targetName));
    const inRule = (targets: readonly Target[]) => targets.filter((target) => allowed.has(targetName(target)));
    return { ...policy, onContextLength: inRule(onContextLength), onContentPolicy: inRule(onContentPolicy) };
  });
}

function remembered<Key extends object, Value>(
  all: WeakMap<Key, WeakMap<RouteRule, Value>>,
  key: Key,
  rule: RouteRule,
  make: () => Value,
): Value {
  let byRule = all.get(key);
  if (!byRule) {
    byRule = new WeakMap();
    all.set(key, byRule);
  }
  let value = byRule.get(rule);
  if (value === undefined) {
    value = make();
    byRule.set(rule, value);
  }
  return value;
}
