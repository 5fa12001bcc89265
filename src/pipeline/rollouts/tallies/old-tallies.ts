import type { Clock } from '../../../core/clock.ts';
import type { Sweepable } from '../../../core/sweep.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { RunName, TallyStore } from './tally-store.ts';

const KEPT_MS = 90 * DAY_MS;

/**
 * What was counted of runs that are long over.
 * @param current runs that are not over, however long ago a replica saw anything of them
 */
export function oldTallies(
  store: Pick<TallyStore, 'deleteOld'>,
  current: () => readonly RunName[],
  clock: Clock,
): Sweepable {
  return {
    delete: (limit) => store.deleteOld(clock.now() - KEPT_MS, current(), limit),
    failure:
      'what was counted of flags, experiments and canaries that are over could not be deleted; tried again in an hour',
  };
}
