import type { Clock } from '../../core/clock.ts';
import type { Sweepable } from '../../core/sweep.ts';
import { DAY_MS } from '../../core/units.ts';
import { KEPT_DAYS } from './verdict-question.ts';
import type { VerdictStore } from './verdict-store.ts';

/** How often guards said what long ago. */
export function oldVerdicts(store: Pick<VerdictStore, 'expire'>, clock: Clock): Sweepable {
  return {
    delete: (limit) => store.expire(new Date(clock.now() - KEPT_DAYS * DAY_MS), limit),
    failure: 'old sums of verdicts could not be deleted; tried again in an hour',
  };
}
