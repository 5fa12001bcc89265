import type { Clock } from '../../core/clock.ts';
import type { Sweepable } from '../../core/sweep.ts';
import type { SessionStore } from './session-store.ts';

/** Sessions that are over. */
export function oldSessions(store: Pick<SessionStore, 'expire'>, clock: Clock): Sweepable {
  return {
    delete: (limit) => store.expire(new Date(clock.now()), limit),
    failure: 'sessions that are over could not be deleted; tried again in an hour',
  };
}
