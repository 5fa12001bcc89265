import { type Call, type Target, targetName } from '../../../core/call.ts';
import { nanoToUsd } from '../../../core/money.ts';
import type { RoutePlan, RouteRule } from '../../../core/routing.ts';
import { wayOf } from '../cascade/way.ts';
import type { Choice, Seen } from '../choose/choice.ts';
import { expectedCost } from '../choose/costs.ts';
import { inputTokensOf } from '../choose/request-size.ts';
import { type PlanDeps, planTargets } from '../plan-targets.ts';
import { whyNot } from '../rules/conditions.ts';
import { confine } from '../rules/confine.ts';
import { Sight } from '../rules/sight.ts';
import type { ExplainView } from './views.ts';

type RuleView = ExplainView['rules'][number];
type CandidateView = ExplainView['candidates'][number];

/**
 * Where a call would go, and why. Nothing is sent: where a model would be asked how demanding it is, the rules say.
 * @param call assigned already, with the prompt and the parameters of its model
 * @throws request_invalid
 */
export async function explain(call: Call, deps: PlanDeps): Promise<ExplainView> {
  const rules = applyRules(call);
  const { decision, candidates, ...planned } = await planTargets(call, { ...deps, complexity: askNobody(deps) });
  const plan = call.assignment?.route;
  const { targets, cascade, reason } = afterCascade(call, planned.targets, deps);
  const inputTokens = inputTokensOf(call);
  const names = targets.map(targetName);
  return {
    model: call.facts.model,
    virtual_model: call.assignment?.virtualModel ?? null,
    policy: decision?.policy ?? null,
    target: names[0] ?? null,
    reason: `${decision?.reason ?? 'the only target'}${reason}`,
    rule: decision?.rule ?? null,
    tier: decision?.tier ?? null,
    score: decision?.score ?? null,
    targets: names,
    confined: call.confinedTo !== undefined,
    rollouts: (call.assignment?.rollouts ?? []).map(({ kind, id, arm }) => ({ kind, id, arm })),
    input_tokens: inputTokens,
    cascade,
    candidates: plan ? candidates.map((one) => candidateView(choiceOf(call, plan, deps, inputTokens), one)) : [],
    rules,
  };
}

interface AfterCascade {
  readonly targets: readonly Target[];
  readonly cascade: ExplainView['cascade'];
  /** What it adds to the reason. */
  readonly reason: string;
}

/** A better model may be asked at once; where it is asked afterwards, it stands where it would stand then. */
function afterCascade(call: Call, targets: readonly Target[], deps: PlanDeps): AfterCascade {
  const { assignment } = call;
  const policy = assignment?.route?.cascade;
  if (!assignment || !policy) return { targets, cascade: null, reason: '' };
  call.assignment = { ...assignment, targets };
  const way = wayOf(deps.catalog(), call, policy);
  const { to } = policy;
  const name = targetName(to);
  const cascade = { to: name, way: way.kind, why: way.kind === 'skip' ? way.why : null };
  if (way.kind === 'none') return { targets, cascade, reason: '' };
  if (way.kind === 'skip') {
    const others = targets.filter((one) => targetName(one) !== name);
    return { targets: [to, ...others], cascade, reason: `; ${name} at once: ${way.why}` };
  }
  const isListed = targets.some((one) => targetName(one) === name);
  return { targets: isListed ? targets : [...targets, to], cascade, reason: '' };
}

/** All are looked at, and the first that holds decides. */
function applyRules(call: Call): RuleView[] {
  const { assignment } = call;
  const plan = assignment?.route;
  if (!assignment || !plan) return [];
  const sight = new Sight(call);
  const looked = plan.rules.map((rule: RouteRule) => ({ rule, failing: whyNot(rule, sight) }));
  const holding = looked.find(({ failing }) => failing === undefined);
  if (holding) confine(call, assignment, plan, holding.rule);
  return looked.map(({ rule, failing }) => ({
    name: rule.name,
    holds: failing === undefined,
    failing: failing ?? null,
  }));
}

function askNobody(deps: PlanDeps): PlanDeps['complexity'] {
  return (call, plan) => {
    const { complexity } = plan;
    return deps.complexity(
      call,
      complexity?.kind === 'model' ? { ...plan, complexity: { ...complexity, kind: 'rules' } } : plan,
    );
  };
}

function choiceOf(call: Call, plan: RoutePlan, deps: PlanDeps, inputTokens: number): Choice {
  const { signals, random } = deps;
  return { call, plan, catalog: deps.catalog(), signals, random, at: deps.clock.monotonic(), inputTokens };
}

function candidateView(choice: Choice, one: Seen): CandidateView {
  const signals = choice.signals.of(one.name);
  const { nanoUsd, outputTokens } = expectedCost(choice, one);
  return {
    target: one.name,
    weight: one.weight,
    quality: one.quality ?? null,
    tiers: [...one.tiers],
    cannot: one.lacks ?? null,
    left_alone: one.isOpen,
    in_flight: signals.inFlight,
    ttft_ms: rounded(signals.averageMs('streamed')),
    latency_ms: rounded(signals.averageMs('whole')),
    cost_usd: nanoUsd === undefined ? null : nanoToUsd(nanoUsd),
    output_tokens: outputTokens,
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms);
}
