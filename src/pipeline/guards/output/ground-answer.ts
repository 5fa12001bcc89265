import type { Call } from '../../../core/call.ts';
import type { Verdict, VerdictOutcome } from '../../../core/screening.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { ReviewReason } from '../review/review.ts';
import type { GroundedAnswer, Given, OutputDeps } from './deps.ts';
import type { GroundingRule, OutputPlan } from './output-plan.ts';

export interface GroundingOutcome {
  /** Whose policy refuses the answer. */
  readonly blockedBy: GuardPolicy | undefined;
  /** A policy refuses what cannot be held against its sources. */
  readonly hasFailed: boolean;
  readonly reviews: readonly { readonly policy: GuardPolicy; readonly reason: ReviewReason }[];
}

interface Asked {
  readonly call: Call;
  readonly plan: OutputPlan;
  readonly given: Given;
  readonly answer: string;
  /** Its client has not read any of it. */
  readonly isHeld: boolean;
}

const NAME = 'grounding';

/**
 * Holds an answer against its sources and puts what came of it on the record. Never rejects; undefined where nothing is
 * to be done.
 */
export function groundAnswer(deps: OutputDeps, asked: Asked): Promise<GroundingOutcome> | undefined {
  const { plan, call } = asked;
  const { ground } = deps;
  const rules = ground ? plan.grounding.filter(({ settings }) => isSampled(call, settings.sample)) : [];
  if (!ground || rules.length === 0 || asked.answer === '') return undefined;
  return askAll(ground, asked, rules);
}

async function askAll(
  ground: NonNullable<OutputDeps['ground']>,
  { call, given, answer, isHeld }: Asked,
  rules: readonly GroundingRule[],
): Promise<GroundingOutcome> {
  let blockedBy: GuardPolicy | undefined;
  let hasFailed = false;
  const reviews: { readonly policy: GuardPolicy; readonly reason: ReviewReason }[] = [];
  for (const { policy, settings, named } of rules) {
    const before = performance.now();
    let grounded: GroundedAnswer | undefined;
    try {
      grounded = await ground({ settings, sources: given.sources, answer, call });
    } catch {
      hasFailed ||= isHeld && policy.settings.onFailure === 'closed';
    }
    const outcome = outcomeOf(grounded, settings, isHeld);
    const went = isHeld && policy.settings.onFailure === 'closed' ? 'no-further' : 'on';
    const verdict: Verdict = {
      guard: NAME,
      place: 'output',
      outcome,
      micros: Math.round((performance.now() - before) * 1000),
      score: grounded?.score,
      ...(outcome === 'failed' ? { went } : {}),
      detail: {
        ...(grounded ? { claims: grounded.claims, unsupported: grounded.unsupported } : {}),
        ...(named ? { policy: policy.name } : {}),
      },
    };
    call.screening?.verdicts.push(verdict);
    if (outcome === 'blocked') blockedBy ??= policy;
    if (outcome === 'review')
      reviews.push({ policy, reason: { guard: NAME, place: 'output', score: grounded?.score } });
  }
  return { blockedBy, hasFailed, reviews };
}

function outcomeOf(
  grounded: GroundedAnswer | undefined,
  { threshold, action }: GroundingRule['settings'],
  isHeld: boolean,
): VerdictOutcome {
  if (!grounded) return 'failed';
  if (grounded.claims === 0 || grounded.score >= threshold) return 'passed';
  if (action === 'flag' || !isHeld) return 'flagged';
  return action === 'block' ? 'blocked' : 'review';
}

/** A part of the calls, the same one wherever it is asked. */
function isSampled({ id }: Call, part: number): boolean {
  return Number.parseInt(id.slice(-8), 16) / 2 ** 32 < part;
}
