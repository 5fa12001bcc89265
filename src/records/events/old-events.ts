import type { Clock } from '../../core/clock.ts';
import type { Sweepable } from '../../core/sweep.ts';
import { DAY_MS } from '../../core/units.ts';
import type { EventStore } from './event-store.ts';
import type { EventKind } from './event.ts';

/** Those of which there may be many are kept for a shorter time. */
const KEPT_DAYS: Record<EventKind, number> = {
  suspicious_use: 90,
  budget_threshold: 400,
  objective_burn: 400,
  counters_degraded: 400,
  prompt_cache_fell: 90,
  canary_rolled_back: 400,
  canary_promoted: 400,
  canary_holding: 400,
  experiment_verdict: 400,
  sample_ratio_mismatch: 400,
  shadow_budget_spent: 90,
  review_waiting: 90,
  guard_failing: 90,
  sign_in_failed: 90,
  audit_failed: 400,
  alert: 90,
};

/** Events that were told long ago. */
export function oldEvents(store: Pick<EventStore, 'expire'>, clock: Clock): Sweepable {
  return {
    async delete(limit) {
      let deleted = 0;
      for (const [kind, days] of Object.entries(KEPT_DAYS)) {
        if (deleted >= limit) break;
        deleted += await store.expire(kind, new Date(clock.now() - days * DAY_MS), limit - deleted);
      }
      return deleted;
    },
    failure: 'old events could not be deleted; tried again in an hour',
  };
}
