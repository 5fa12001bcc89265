import type { Call } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Verdict, VerdictOutcome } from '../../../core/screening.ts';
import type { GuardPolicy, Policies } from '../engine/guard-policy.ts';
import { JudgeFailed, JudgeNotAllowed } from '../engine/judge.ts';
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
  /** What each of the answers says. */
  readonly answers: readonly string[];
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
  if (!ground || rules.length === 0 || asked.answers.length === 0) return undefined;
  return askAll(ground, asked, rules);
}

async function askAll(
  ground: NonNullable<OutputDeps['ground']>,
  asked: Asked,
  rules: readonly GroundingRule[],
): Promise<GroundingOutcome> {
  const { call, isHeld } = asked;
  let blockedBy: GuardPolicy | undefined;
  let hasFailed = false;
  const reviews: { readonly policy: GuardPolicy; readonly reason: ReviewReason }[] = [];
  for (const { policy, settings, named } of rules) {
    const before = performance.now();
    const grounded = await worst(ground, asked, settings);
    const outcome = outcomeOf(grounded, settings, isHeld);
    hasFailed ||= outcome === 'failed' && isHeld && policy.settings.onFailure === 'closed';
    const went = isHeld && policy.settings.onFailure === 'closed' ? 'no-further' : 'on';
    const verdict: Verdict = {
      guard: NAME,
      place: 'output',
      outcome,
      micros: Math.round((performance.now() - before) * 1000),
      score: 'score' in grounded ? grounded.score : undefined,
      ...(outcome === 'failed' ? { went } : {}),
      detail: {
        ...detailOf(grounded),
        ...(named ? { policy: policy.name } : {}),
      },
    };
    call.screening?.verdicts.push(verdict);
    if (outcome === 'blocked') blockedBy ??= policy;
    if (outcome === 'review') reviews.push({ policy, reason: { guard: NAME, place: 'output', score: verdict.score } });
  }
  return { blockedBy, hasFailed, reviews };
}

/** Why there is no score. */
interface Ungrounded {
  readonly outcome: 'failed' | 'skipped';
  readonly reason: string;
}

/** Of several answers to a request, the one that its sources say least of; claims are those of all. */
async function worst(
  ground: NonNullable<OutputDeps['ground']>,
  { call, given, answers }: Asked,
  settings: GroundingRule['settings'],
): Promise<GroundedAnswer | Ungrounded> {
  const all: GroundedAnswer = { score: 1, claims: 0, unsupported: 0, isPartial: false };
  try {
    let sum = all;
    for (const answer of new Set(answers)) {
      const one = await ground({ settings, sources: given.sources, answer, call });
      sum = {
        score: Math.min(sum.score, one.claims === 0 ? 1 : one.score),
        claims: sum.claims + one.claims,
        unsupported: sum.unsupported + one.unsupported,
        isPartial: sum.isPartial === true || one.isPartial === true,
      };
    }
    return sum;
  } catch (thrown) {
    if (thrown instanceof JudgeNotAllowed) return { outcome: 'skipped', reason: thrown.message };
    return { outcome: 'failed', reason: thrown instanceof JudgeFailed ? thrown.message : 'it could not be done' };
  }
}

function detailOf(grounded: GroundedAnswer | Ungrounded): JsonObject {
  if ('reason' in grounded) return { reason: grounded.reason };
  const { claims, unsupported, isPartial } = grounded;
  return { claims, unsupported, ...(isPartial === true ? { partial: true } : {}) };
}

/** Nothing was brought that answers could be held against, and the record says so. */
export function noteUnsourced(call: Call, policies: Policies): void {
  const named = policies.length > 1;
  for (const policy of policies) {
    if (!policy.grounding) continue;
    call.screening?.verdicts.push({
      guard: NAME,
      place: 'output',
      outcome: 'skipped',
      micros: 0,
      detail: { reason: 'there are no sources', ...(named ? { policy: policy.name } : {}) },
    });
  }
}

function outcomeOf(
  grounded: GroundedAnswer | Ungrounded,
  { threshold, action }: GroundingRule['settings'],
  isHeld: boolean,
): VerdictOutcome {
  if ('reason' in grounded) return grounded.outcome;
  if (grounded.claims === 0 || grounded.score >= threshold) return 'passed';
  if (action === 'flag' || !isHeld) return 'flagged';
  return action === 'block' ? 'blocked' : 'review';
}

/** A part of the calls, the same one wherever it is asked. */
function isSampled({ id }: Call, part: number): boolean {
  return Number.parseInt(id.slice(-8), 16) / 2 ** 32 < part;
}
