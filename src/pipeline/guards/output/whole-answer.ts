import { requireStillWanted } from '../../../core/abort-error.ts';
import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { WholeReply } from '../../../core/reply.ts';
import type { Usage } from '../../../core/usage.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { type Parked, parkedReply } from '../review/parked-reply.ts';
import type { ReviewReason } from '../review/review.ts';
import { AnswerScreen } from './answer-screen.ts';
import { blockedAnswer, parkedText, refusalText } from './blocked-answer.ts';
import type { Given, OutputDeps } from './deps.ts';
import { type GroundingOutcome, groundAnswer } from './ground-answer.ts';
import type { OutputPlan } from './output-plan.ts';

export interface WholeContext {
  readonly deps: OutputDeps;
  readonly call: Call;
  readonly plan: OutputPlan;
  readonly given: Given;
  readonly rewritten: boolean;
}

export interface WholeScreened {
  readonly events: readonly StreamEvent[];
  /** The answer is not what the model said, but that it was refused or waits. */
  readonly isBlocked: boolean;
  /** It waits, and its client asks for it later: what the client is told. */
  readonly later?: WholeReply | undefined;
  readonly usage: Usage | undefined;
}

/**
 * Looks at an answer of which its client has read nothing.
 * @throws guard_failed, storage_unavailable, and how the call ended where nobody wants it any more
 */
export async function screenWhole(context: WholeContext, events: readonly StreamEvent[]): Promise<WholeScreened> {
  const { deps, call, plan, given } = context;
  const screen = new AnswerScreen({ call, plan, given, isWhole: true });
  let grounded: GroundingOutcome | undefined;
  try {
    await screen.take(events);
    if (!screen.stop) await screen.end();
    if (!screen.stop) grounded = await groundAnswer(deps, { call, plan, given, answers: screen.answers, isHeld: true });
  } finally {
    screen.tell();
  }
  requireStillWanted(call);
  const { stop, usage } = screen;
  if (stop?.kind === 'failed' || grounded?.hasFailed) throw new GatewayError('guard_failed');
  const blockedBy = stop?.policy ?? grounded?.blockedBy;
  if (blockedBy) return refused(events, refusalText(blockedBy, given.language), usage);
  const cleared = screen.drain();
  const reviews = [...screen.reviews, ...(grounded?.reviews ?? []).map(({ reason }) => reason)];
  if (reviews.length === 0) return { events: cleared, isBlocked: false, usage };
  const policy = reviewerOf(screen, context, grounded);
  const parked = await park(context, cleared, reviews, policy);
  if (!parked) return refused(events, refusalText(policy, given.language), usage);
  const waits = refused(events, parkedText(parked.id, given.language), usage);
  if (!parked.isLater) return waits;
  const later = parkedReply(call, parked);
  return { ...waits, later: { ...later, terminal: { ...later.terminal, usage } } };
}

function refused(events: readonly StreamEvent[], text: string, usage: Usage | undefined): WholeScreened {
  return { events: blockedAnswer(events, text), isBlocked: true, usage };
}

/** @returns undefined where nothing can wait */
async function park(
  { deps, call, rewritten }: WholeContext,
  events: readonly StreamEvent[],
  reasons: readonly ReviewReason[],
  policy: GuardPolicy,
): Promise<Parked | undefined> {
  if (!deps.park) return undefined;
  const kind = reasons.every(({ place }) => place === 'tool-arguments') ? 'tool-call' : 'answer';
  const parked = await deps.park(call, { kind, policy, reasons, events, rewritten });
  if (call.screening) call.screening.reviewId = parked.id;
  return parked;
}

/** Whose settings say how long it waits: the policy of the first guard that asks for it. */
function reviewerOf(screen: AnswerScreen, { plan }: WholeContext, grounded: GroundingOutcome | undefined): GuardPolicy {
  const [first] = screen.reviews;
  const uses = [...plan.output.scanning, ...plan.output.asking, ...plan.arguments.scanning, ...plan.arguments.asking];
  const use = first && uses.find(({ guard, action }) => guard.name === first.guard && action === 'review');
  const policy = use?.policy ?? grounded?.reviews[0]?.policy ?? plan.tools[0]?.policy;
  if (!policy) throw new GatewayError('internal', { cause: new Error('no policy asks for a review') });
  return policy;
}
