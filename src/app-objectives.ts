import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import type { Events } from './records/events/event.ts';
import type { ObjectiveMetrics } from './records/metrics/objective-metrics.ts';
import { BurnWatch } from './records/objectives/burn-watch.ts';
import { ObjectiveTracker } from './records/objectives/objective-tracker.ts';
import { objectiveRoutes } from './records/objectives/routes.ts';

interface ObjectiveParts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly events: Events;
  readonly metrics: ObjectiveMetrics;
}

/** How the virtual models keep to their objectives, and who tells where they do not. */
export function openObjectives({ live, clock, events, metrics }: ObjectiveParts, opened: OpenedParts) {
  const tracker = new ObjectiveTracker({ models: () => live.config.models, clock, metrics });
  opened.keep(new BurnWatch({ tracker, clock, scheduler: systemScheduler, events }), (watch) => watch.close());
  return { tracker, routes: objectiveRoutes({ tracker, clock }) };
}
