import type { Problem } from '../validation/validate.ts';
import type { GuardLook, LookedBy } from './guard-look.ts';
import type { AnyOutcome, NeedsReview, Refused } from './outcome.ts';

export type AnyLook = GuardLook<LookedBy>;

export const VALIDATION = 'validation';

/** The strictest wins: a block, a failure without which nothing goes through, a review. Undefined where it goes on. */
export function decide(
  looks: readonly AnyLook[],
  problems: readonly Problem[],
  said: AnyOutcome,
): Refused | NeedsReview | undefined {
  if (!doAnyCount(looks)) return undefined;
  const blocked = looks.find(({ outcome }) => outcome === 'blocked');
  if (blocked) return refused(blocked, blocked.guard.name === VALIDATION ? 'invalid' : 'blocked', problems, said);
  const failed = looks.find(({ isFatal }) => isFatal);
  if (failed) return refused(failed, 'failed', [], said);
  const review = looks.filter(({ outcome }) => outcome === 'review');
  const [first] = review;
  if (!first) return undefined;
  return { kind: 'review', ...toSay(said), policy: first.policy, reasons: review.map(({ reason }) => reason) };
}

/** Something may follow from one. */
function doAnyCount(looks: readonly AnyLook[]): boolean {
  for (const { outcome } of looks) {
    if (outcome === 'blocked' || outcome === 'failed' || outcome === 'review') return true;
  }
  return false;
}

/** As it is now. */
function toSay(said: AnyOutcome): AnyOutcome {
  const { verdicts, unread, language } = said;
  return { verdicts, unread, language, concealJson: (bytes) => said.concealJson(bytes) };
}

function refused({ policy }: AnyLook, why: Refused['why'], problems: readonly Problem[], said: AnyOutcome): Refused {
  return { kind: 'refused', ...toSay(said), why, policy, problems: why === 'invalid' ? problems : [] };
}
