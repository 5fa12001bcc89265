import type { Clock } from '../../../core/clock.ts';
import type { Sweepable } from '../../../core/sweep.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { PostgresSpendStore } from './spend-store.ts';

/** Two months: the one before the current one can be looked at as a whole. */
const KEPT_MS = 62 * DAY_MS;

/** What was spent in periods that are long over. */
export function oldSpending(store: Pick<PostgresSpendStore, 'deleteOver'>, clock: Clock): Sweepable {
  return {
    delete: (limit) => store.deleteOver(clock.now() - KEPT_MS, limit),
    failure: 'what was spent in periods that are long over could not be deleted; tried again in an hour',
  };
}
