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
import { type Way, costAt } from './side.ts';

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
 * Plans recorded requests twice, with what targets are like now and the same chances on both sides. Nothing is sent.
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
    const [now, kept] = await wayOf(deps, sides.now, request);
    const [proposed] = await wayOf(deps, sides.proposed, request);
    report.add(request, kept, now, proposed);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    report.leave(NOT_SENDABLE);
  }
}

type Kept = RecordedCall['text']['kept'];

async function wayOf(deps: PreviewDeps, assignment: Assignment, request: RecordedRequest): Promise<[Way, Kept]> {
  const draws = new Draws();
  draws.beginWith(request.traceId);
  const call = recordedCall(request, deps.makeCall);
  call.assignment = withPlan(assignment);
  applyPrompt(deps.prompts, call);
  const { plan, prices } = deps;
  const health = { isOpen: () => false };
  const { target, reason, candidates } = await explain(call, { ...plan, random: draws.random, health });
  const first = target ?? 'none';
  const lacks = candidates.find((one) => one.target === first)?.cannot ?? null;
  return [{ target: first, reason, lacks, costNanoUsd: costAt(prices, request, first) }, call.text.kept];
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
