import type { Sweepable } from '../../../core/sweep.ts';
import type { ReviewStore } from './review-store.ts';

/** Reviews that are over and were kept as long as their policy says. */
export function oldReviews(store: Pick<ReviewStore, 'deleteOld'>): Sweepable {
  return {
    delete: (limit) => store.deleteOld(limit),
    failure: 'old reviews could not be deleted; tried again in an hour',
  };
}
