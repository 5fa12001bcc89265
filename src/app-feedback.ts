import type { Logger } from 'pino';

import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import { startSweep } from './core/sweep.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { FeedbackDesk, type FeedbackDeps } from './records/feedback/feedback-desk.ts';
import { FeedbackPace } from './records/feedback/feedback-pace.ts';
import { FeedbackStore } from './records/feedback/feedback-store.ts';
import { oldFeedback } from './records/feedback/old-feedback.ts';
import { feedbackListRoutes, feedbackRoutes } from './records/feedback/routes.ts';
import type { FeedbackMetrics } from './records/metrics/feedback-metrics.ts';
import { recordPolicies } from './records/policies.ts';
import type { Database } from './storage/database/database.ts';

interface FeedbackParts {
  readonly database: Database;
  readonly writer: FeedbackDeps['writer'];
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: { readonly feedback: FeedbackMetrics };
  readonly attributed: NonNullable<FeedbackDeps['attributed']>;
  readonly heard: NonNullable<FeedbackDeps['heard']>;
}

/** What is said of answers: where it is taken, where it is listed, and what traces show of it. */
export function openFeedback(parts: FeedbackParts, opened: OpenedParts) {
  const { database, writer, live, clock, log, metrics, attributed, heard } = parts;
  const store = new FeedbackStore(database);
  opened.keep(startSweep(oldFeedback(store, clock), { scheduler: systemScheduler, log }), (sweep) => sweep.close());
  const desk = new FeedbackDesk({
    store,
    writer,
    policyOf: recordPolicies(() => live.config.records),
    clock,
    counted: (thumb) => metrics.feedback.observeFeedback(thumb),
    attributed,
    heard,
  });
  return {
    store,
    routes: feedbackRoutes({ desk, pace: new FeedbackPace(clock) }),
    listRoutes: feedbackListRoutes({ store }),
  };
}
