import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Assignment } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { RoutePlan } from '../../core/routing.ts';
import { explain } from '../../pipeline/routing/explain/explain.ts';
import type { PlanDeps } from '../../pipeline/routing/plan-targets.ts';
import { type PromptDeps, applyPrompt } from '../../pipeline/prompts/stage.ts';
import { Draws } from '../replay/draws.ts';
import type { ReplayPrices } from '../replay/prices.ts';
import { type CallMaker, type RecordedCall, recordedCall } from '../replay/recorded-call.ts';
import { recordedOutcome } from '../replay/recorded-outcome.ts';
import type { RecordedRequest } from '../replay/recorded-request.ts';
import { PreviewReport } from './report.ts';
import { type Way, costAt, recordedCost } from './side.ts';

export interface PreviewDeps {
  readonly clock: Clock;
  /** Nobody is asked how demanding a request is. */
  readonly plan: Omit<PlanDeps, 'random' | 'health'>;
  readonly prompts: PromptDeps;
  readonly makeCall: CallMaker;
  readonly prices: ReplayPrices;
}

/** What the model is now, and what it would be. */
export interface Sides {
  readonly now: Assignment;
  readonly proposed: Assignment;
}

export interface Bounds {
  readonly sample: number;
  readonly most: number;
  /** False once nobody waits for it. */
  readonly isWanted: () => boolean;
}

/** Work on the request thread before others get their turn. */
const TURN_MS = 5;
const NOT_SENDABLE = 'cannot be sent again, such as a form or a file';

/**
 * Plans recorded requests anew and sets it beside what was recorded of them: chance falls as it fell then, and targets
 * are as they are now. Nothing is sent.
 * @param pages newest first
 */
export async function preview(
  deps: PreviewDeps,
  sides: Sides,
  pages: AsyncIterable<readonly RecordedRequest[]>,
  { sample, most, isWanted }: Bounds,
): Promise<PreviewReport> {
  const { clock } = deps;
  const report = new PreviewReport();
  const endsAt = clock.monotonic() + most;
  let turn = clock.monotonic();
  for await (const page of pages) {
    turn = clock.monotonic();
    for (const request of page) {
      if (report.sampled >= sample) return report;
      if (clock.monotonic() > endsAt || !isWanted()) return report.cut();
      await addOne(deps, sides, request, report);
      if (clock.monotonic() - turn < TURN_MS) continue;
      await nextTurn();
      turn = clock.monotonic();
    }
  }
  return report;
}

async function addOne(deps: PreviewDeps, sides: Sides, request: RecordedRequest, report: PreviewReport): Promise<void> {
  if (request.operation === 'resource') return report.leave(NOT_SENDABLE);
  const { kind } = recordedOutcome(request);
  if (kind === 'cached') return report.leave('answered from a cache');
  if (kind === 'refused') return report.leave('refused before a target was chosen');
  try {
    const { way: now, seed, kept } = await recordedWay(deps, sides.now, request);
    const { chosen } = await planned(deps, sides.proposed, request, seed);
    // Who is asked first as before is answered, retried and helped out as before.
    const costNanoUsd = chosen.target === now.target ? now.costNanoUsd : costAt(deps.prices, request, chosen.target);
    report.add(request, kept, now, { ...chosen, costNanoUsd });
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    report.leave(NOT_SENDABLE);
  }
}

type Kept = RecordedCall['text']['kept'];

/** Of a target that is seldom chosen by chance, it is found out so often how chance may have fallen. */
const MOST_DRAWS = 32;

/** What happened; and with what chance that happens again, where the route in force can still lead there. */
async function recordedWay(
  deps: PreviewDeps,
  assignment: Assignment,
  request: RecordedRequest,
): Promise<{ readonly way: Way; readonly seed: string; readonly kept: Kept }> {
  const target = request.attempts[0]?.target ?? request.target ?? 'none';
  const costNanoUsd = recordedCost(request);
  let seed = request.traceId;
  let plan = await planned(deps, assignment, request, seed);
  const { kept, lacks } = plan;
  const wasServed = request.status === 'completed';
  for (let draw = 1; plan.isByChance && plan.chosen.target !== target && draw < MOST_DRAWS; draw += 1) {
    seed = `${request.traceId} ${draw}`;
    plan = await planned(deps, assignment, request, seed);
  }
  const isReached = plan.chosen.target === target;
  return {
    way: {
      target,
      reason: isReached ? plan.chosen.reason : 'recorded; the route in force now says otherwise',
      lacks: wasServed ? null : lacks(target),
      costNanoUsd,
    },
    seed: isReached ? seed : request.traceId,
    kept,
  };
}

interface Planned {
  readonly chosen: Omit<Way, 'costNanoUsd'>;
  /** Another chance may lead elsewhere. */
  readonly isByChance: boolean;
  readonly kept: Kept;
  readonly lacks: (target: string) => string | null;
}

async function planned(
  deps: PreviewDeps,
  assignment: Assignment,
  request: RecordedRequest,
  seed: string,
): Promise<Planned> {
  const draws = new Draws();
  draws.beginWith(seed);
  const call = recordedCall(request, deps.makeCall);
  call.assignment = withPlan(assignment);
  applyPrompt(deps.prompts, call);
  let isByChance = false;
  const random = (): number => {
    isByChance = true;
    return draws.random();
  };
  const health = { isOpen: () => false };
  const { target, reason, candidates } = await explain(call, { ...deps.plan, random, health });
  const first = target ?? 'none';
  const lacks = (name: string): string | null => candidates.find((one) => one.target === name)?.cannot ?? null;
  return { chosen: { target: first, reason, lacks: lacks(first) }, isByChance, kept: call.text.kept, lacks };
}

/** A model with one target is a route with one, so that it is seen what that cannot do. */
function withPlan(assignment: Assignment): Assignment {
  const [target] = assignment.targets;
  if (assignment.route || !target) return assignment;
  const route: RoutePlan = {
    by: 'order',
    candidates: [{ target, weight: 1, quality: undefined, tiers: [] }],
    rules: [],
    sticky: 'none',
    complexity: undefined,
    cascade: undefined,
    reference: undefined,
  };
  return { ...assignment, route };
}
