import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Reply } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { type SweepDeps, startSweep } from '../../../core/sweep.ts';
import type { Events } from '../../../records/events/event.ts';
import type { Orm } from '../../../storage/revisions/revision-store.ts';
import { oldReviews } from './old-reviews.ts';
import type { KeptRequest, RenderedAnswer } from './review.ts';
import { ReviewDesk } from './review-desk.ts';
import { ReviewRunner } from './review-runner.ts';
import { PostgresReviewStore } from './postgres-review-store.ts';
import { reviewClientRoutes, reviewRoutes } from './routes.ts';
import { type ReviewSealer, SealedParts } from './sealed-parts.ts';
import { WaitingWatch } from './waiting-watch.ts';

export interface ReviewsDeps {
  readonly orm: Orm;
  /** Undefined where no master key is set: what would wait is refused then. */
  readonly sealer: ReviewSealer | undefined;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: SweepDeps['log'];
  readonly events: Pick<Events, 'raise'>;
  /** A request as a call of its own. @throws GatewayError where it cannot be one, such as where its key is revoked */
  readonly callOf: (request: KeptRequest) => Call;
  /** Through the pipeline. */
  readonly run: (call: Call) => Promise<Reply>;
  /** An answer, or the error that it is, as the client of the call would have got it. Never rejects. */
  readonly render: (call: Call, reply: Promise<Reply>) => Promise<RenderedAnswer>;
}

/** Those that wait longest. */
const MOST_PROJECTS = 1000;

/** What people decide about requests and answers. */
export function openReviews(deps: ReviewsDeps) {
  const { orm, sealer, clock, scheduler, log, events, callOf, run, render } = deps;
  const store = new PostgresReviewStore(orm, clock);
  const parts = new SealedParts(sealer);
  const desk = new ReviewDesk({ store, parts, clock, callOf, wake: () => runner.wake() });
  const runner = new ReviewRunner({ store, desk, parts, callOf, run, render, clock, scheduler, log });
  const watch = new WaitingWatch({ store, events, clock, scheduler });
  const sweep = startSweep(oldReviews(store), { scheduler, log });
  return {
    desk,
    routes: reviewRoutes({ desk, store, parts }),
    clientRoutes: reviewClientRoutes({ desk, parts }),
    /** How many wait, of all projects; for a metric. */
    countWaiting: () => watch.waiting,
    /** The same as the database has it now. */
    async countWaitingNow(): Promise<number> {
      const found = await store.waiting(MOST_PROJECTS);
      return found.reduce((sum, { waiting }) => sum + waiting, 0);
    },
    /** Ends what is run here; another process goes on with it. */
    async close(): Promise<void> {
      await Promise.all([runner.close(), watch.close(), sweep.close()]);
    },
  };
}
