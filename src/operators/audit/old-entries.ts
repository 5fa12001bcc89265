import type { Clock } from '../../core/clock.ts';
import type { Sweepable } from '../../core/sweep.ts';
import type { AuditStore } from './audit-store.ts';

/** What was changed longer ago than is kept. */
export function oldEntries(store: Pick<AuditStore, 'expire'>, clock: Clock, keptMs: () => number): Sweepable {
  return {
    delete: (limit) => store.expire(new Date(clock.now() - keptMs()), limit),
    failure: 'old entries of the audit log could not be deleted; tried again in an hour',
  };
}
