import type { Clock } from '../../core/clock.ts';
import type { Sweepable } from '../../core/sweep.ts';
import { DAY_MS } from '../../core/units.ts';
import type { FeedbackStore } from './feedback-store.ts';

const KEPT_DAYS = 400;

/** What was said long ago, and not changed since. */
export function oldFeedback(store: Pick<FeedbackStore, 'expire'>, clock: Clock): Sweepable {
  return {
    delete: (limit) => store.expire(new Date(clock.now() - KEPT_DAYS * DAY_MS), limit),
    failure: 'old feedback could not be deleted; tried again in an hour',
  };
}
