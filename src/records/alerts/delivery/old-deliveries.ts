import type { Clock } from '../../../core/clock.ts';
import type { Sweepable } from '../../../core/sweep.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { DeliveryStore } from './delivery-store.ts';

const KEPT_DAYS = 90;

/** Deliveries of alerts of long ago. */
export function oldDeliveries(store: Pick<DeliveryStore, 'expire'>, clock: Clock): Sweepable {
  return {
    delete: (limit) => store.expire(new Date(clock.now() - KEPT_DAYS * DAY_MS), limit),
    failure: 'old deliveries of alerts could not be deleted; tried again in an hour',
  };
}
