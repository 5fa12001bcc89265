import type { Place, Verdict } from '../../../core/screening.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { RefusalLanguage } from '../refusal.ts';
import type { UnreadKind } from '../slots/slot.ts';
import type { Problem } from '../validation/validate.ts';
import type { GuardLook, LookedBy } from './guard-look.ts';
import type { NeedsReview, Refused } from './outcome.ts';

export type AnyLook = GuardLook<LookedBy>;

/** What every outcome of a request says. */
export interface Said {
  readonly verdicts: readonly Verdict[];
  readonly unread: readonly UnreadKind[];
  readonly language: RefusalLanguage;
  concealJson(bytes: Buffer): Buffer | undefined;
}

export const VALIDATION = 'validation';

/** The strictest wins: a block, a failure without which nothing goes through, a review. Undefined where it goes on. */
export function decide(
  looks: readonly AnyLook[],
  problems: readonly Problem[],
  said: () => Said,
): Refused | NeedsReview | undefined {
  const blocked = looks.find(({ outcome }) => outcome === 'blocked');
  if (blocked) return refused(blocked, blocked.guard.name === VALIDATION ? 'invalid' : 'blocked', problems, said);
  const failed = looks.find(({ isFatal }) => isFatal);
  if (failed) return refused(failed, 'failed', [], said);
  const review = looks.filter(({ outcome }) => outcome === 'review');
  const [first] = review;
  if (!first) return undefined;
  return { kind: 'review', ...said(), policy: first.policy, reasons: review.map(({ reason }) => reason) };
}

function refused(
  { guard, place, policy }: { readonly guard: LookedBy; readonly place: Place; readonly policy: GuardPolicy },
  why: Refused['why'],
  problems: readonly Problem[],
  said: () => Said,
): Refused {
  return {
    kind: 'refused',
    ...said(),
    why,
    guard: guard.name,
    place,
    policy,
    problems: why === 'invalid' ? problems : [],
  };
}
