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

/** Replicas write all that they have every few minutes. */
const SILENT_MS = DAY_MS / 24;

/** What replicas saw that are no more: each start is another replica, and the rows of all are read again and again. */
export function silentTallies(store: Pick<TallyStore, 'fold'>, clock: Clock): Sweepable {
  return {
    delete: (limit) => store.fold(clock.now() - SILENT_MS, limit),
    failure: 'what earlier replicas counted of experiments and canaries could not be added up; tried again in an hour',
  };
}
