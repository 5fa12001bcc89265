import { type Call, type Target, targetName } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Preference, RoutePlan, RoutePolicyName, RoutingDecision } from '../../core/routing.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { Choice, Ordered, Policy, Seen } from './choose/choice.ts';
import { byCost } from './choose/cheapest.ts';
import { byLatency } from './choose/fastest.ts';
import { byLoad } from './choose/least-busy.ts';
import { byOrder, byQuality, byWeight } from './choose/plainly.ts';
import { byTier } from './choose/by-tier.ts';
import { inputTokensOf } from './choose/request-size.ts';
import { type TargetHealth, seeCandidates } from './choose/see.ts';
import type { Complexity } from './complexity/complexity.ts';
import type { RoutingSignals } from './signals/routing-signals.ts';

/** What the targets of a call are put in order with. */
export interface PlanDeps {
  catalog(): ModelCatalog;
  readonly clock: Clock;
  /** From 0 to just under 1. */
  readonly random: () => number;
  readonly signals: RoutingSignals;
  readonly health: TargetHealth;
  /** How demanding a chat request is; undefined where nobody can say. Never throws and never rejects. */
  complexity(call: Call, plan: RoutePlan): Complexity | undefined | Promise<Complexity | undefined>;
}

/** Where a call goes. */
export interface PlannedTargets {
  /** All that it may go to, in the order in which they are asked. */
  readonly targets: readonly Target[];
  /** Undefined where there was nothing to choose from. */
  readonly decision: RoutingDecision | undefined;
  /** The candidates in that order. */
  readonly candidates: readonly Seen[];
}

const POLICIES: Readonly<Record<Exclude<RoutePolicyName, 'need' | 'complexity'>, Policy>> = {
  order: byOrder,
  weight: byWeight,
  latency: byLatency,
  cost: byCost,
  load: byLoad,
};

const PREFERRED: Readonly<Record<Preference, Policy>> = { latency: byLatency, cost: byCost, quality: byQuality };

/**
 * Puts the targets of a call in order: those that can do what it needs and are well as its plan has it, then the other
 * candidates as they stand, then what is asked where all of these fail. Nothing of the call is changed.
 * @returns a promise only where somebody is asked how demanding the request is
 */
export function planTargets(call: Call, deps: PlanDeps): PlannedTargets | Promise<PlannedTargets> {
  const { route: plan, targets = [] } = call.assignment ?? {};
  if (!plan) return { targets, decision: undefined, candidates: [] };
  const choice = new OneChoice(call, plan, deps);
  const seen = seeCandidates(choice, deps.health);
  if (seen.length === 0) return { targets, decision: undefined, candidates: [] };
  if (plan.by !== 'complexity') return planned(choice, seen, (able) => plainly(choice, able));
  const asked = call.operation === 'chat' ? deps.complexity(call, plan) : undefined;
  if (!(asked instanceof Promise)) return byComplexity(choice, seen, asked);
  return asked.then((complexity) => byComplexity(choice, seen, complexity));
}

/** What a policy asks of a call, found out where it asks. */
class OneChoice implements Choice {
  readonly call: Call;
  readonly plan: RoutePlan;
  readonly catalog: ModelCatalog;
  readonly signals: RoutingSignals;
  readonly random: () => number;
  readonly at: number;
  #inputTokens: number | undefined;

  constructor(call: Call, plan: RoutePlan, deps: PlanDeps) {
    this.call = call;
    this.plan = plan;
    this.catalog = deps.catalog();
    this.signals = deps.signals;
    this.random = deps.random;
    this.at = deps.clock.monotonic();
  }

  get inputTokens(): number {
    this.#inputTokens ??= inputTokensOf(this.call);
    return this.#inputTokens;
  }
}

function plainly(choice: Choice, able: readonly Seen[]): Ordered {
  const { by } = choice.plan;
  if (by === 'complexity') return byOrder(choice, able);
  if (by !== 'need') return POLICIES[by](choice, able);
  const { prefer } = choice.call.facts;
  if (!prefer) return byOrder(choice, able);
  const { order, why } = PREFERRED[prefer](choice, able);
  return { order, why: `the client prefers ${prefer}; ${why}` };
}

function byComplexity(choice: Choice, seen: readonly Seen[], complexity: Complexity | undefined): PlannedTargets {
  if (!complexity) {
    const unsaid = 'how demanding it is cannot be said';
    return planned(choice, seen, (able) => ({ order: able, why: `${unsaid}; the first of ${able.length}` }));
  }
  const { tier, score, reason } = complexity;
  const rounded = Math.round(score * 100) / 100;
  const found = planned(choice, seen, (able) => ({
    order: byTier(able, tier, seen),
    why: `the request is ${tier} (${rounded}: ${reason})`,
  }));
  return { ...found, decision: found.decision && { ...found.decision, tier, score } };
}

function planned(choice: Choice, seen: readonly Seen[], order: (able: readonly Seen[]) => Ordered): PlannedTargets {
  if (seen.every(isWell)) {
    const { order: candidates, why } = order(seen);
    return { targets: withFallbacks(choice, candidates), decision: decisionOf(choice, candidates, why), candidates };
  }
  const groups = [
    seen.filter(isWell),
    seen.filter(({ lacks, isOpen }) => lacks === undefined && isOpen),
    seen.filter(({ lacks }) => lacks !== undefined),
  ];
  const able = groups.find((group) => group.length > 0) ?? [];
  const { order: chosen, why } = order(able);
  const passedOver = groups.filter((group) => group !== able).flat();
  const candidates = [...chosen, ...passedOver];
  return {
    targets: withFallbacks(choice, candidates),
    decision: decisionOf(choice, candidates, [why, ...passedOver.map(whyNot)].join('; ')),
    candidates,
  };
}

function isWell({ lacks, isOpen }: Seen): boolean {
  return lacks === undefined && !isOpen;
}

function decisionOf({ call, plan }: Choice, [first]: readonly Seen[], why: string): RoutingDecision | undefined {
  if (!first) return undefined;
  const { routing } = call;
  if (routing?.policy !== 'rule') return { policy: plan.by, target: first.name, reason: why };
  return { ...routing, target: first.name, reason: `${routing.reason}; ${why}` };
}

function whyNot({ name, lacks, isOpen }: Seen): string {
  return lacks === undefined && isOpen ? `${name} is left alone for a while` : `${name} ${lacks ?? ''}`;
}

/** What else the call may go to comes after the candidates, each target once. */
function withFallbacks({ call }: Choice, candidates: readonly Seen[]): readonly Target[] {
  const chain = candidates.map(({ target }) => target);
  const { targets = [] } = call.assignment ?? {};
  if (targets.length === candidates.length) return chain;
  const names = new Set(candidates.map(({ name }) => name));
  for (const target of targets) {
    const name = targetName(target);
    if (names.has(name)) continue;
    names.add(name);
    chain.push(target);
  }
  return chain;
}
