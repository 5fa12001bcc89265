import type { Clock } from '../../core/clock.ts';
import type { Sweepable } from '../../core/sweep.ts';
import type { ResponseStore } from './stored-response.ts';

/** Responses whose time is over. */
export function oldResponses(store: Pick<ResponseStore, 'expire'>, clock: Clock): Sweepable {
  return {
    delete: (limit) => store.expire(clock.now(), limit),
    failure: 'responses that are over could not be deleted; they are no longer shown',
  };
}
