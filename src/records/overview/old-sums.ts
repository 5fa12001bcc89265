import type { Clock } from '../../core/clock.ts';
import type { Sweepable } from '../../core/sweep.ts';
import { DAY_MS } from '../../core/units.ts';
import type { OverviewStore } from './overview-store.ts';
import { MINUTES_KEPT_MS, SLOTS_KEPT_DAYS } from './overview-window.ts';

/** What no overview reads any more. */
export function oldOverviews(store: Pick<OverviewStore, 'expire'>, clock: Clock): Sweepable {
  return {
    async delete(limit) {
      const now = clock.now();
      const minutes = await store.expire('minutes', new Date(now - MINUTES_KEPT_MS), limit);
      if (minutes >= limit) return minutes;
      return minutes + (await store.expire('slots', new Date(now - SLOTS_KEPT_DAYS * DAY_MS), limit - minutes));
    },
    failure: 'old sums of the overview could not be deleted; tried again in an hour',
  };
}
