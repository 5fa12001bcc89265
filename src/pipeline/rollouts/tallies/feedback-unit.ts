import type { AttributedFeedback } from '../../../records/feedback/feedback.ts';
import { nameIn } from '../assign/unit.ts';
import type { RolloutUnit } from '../settings.ts';
import type { ToldScore } from './tally-book.ts';

/** What was said of an answer, for the arm that it came from. */
export function scoreOfFeedback({ owner, score, traceId }: AttributedFeedback): ToldScore {
  return { parts: owner.rollouts, score, unitFor: (by) => unitOfTrace(owner, by) ?? traceId };
}

/** Whom its request was drawn for. */
function unitOfTrace(
  { project, keyId, userId, conversationId }: AttributedFeedback['owner'],
  by: RolloutUnit,
): string | undefined {
  if (by === 'request') return undefined;
  if (by === 'project') return project ?? undefined;
  const name = by === 'key' ? null : by === 'user' ? userId : conversationId;
  return (name === null || project === null ? keyId : nameIn(project, name)) ?? undefined;
}
