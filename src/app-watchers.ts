import type { Logger } from 'pino';

import { openAlerts } from './app-alerts.ts';
import { openObjectives } from './app-objectives.ts';
import type { Watched } from './app-records.ts';
import type { Storage } from './app-storage.ts';
import { type VigilantParts, openEvents, openVigilance } from './app-vigilance.ts';
import type { Clock } from './core/clock.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import type { Metrics } from './records/metrics/metrics.ts';

interface WatcherParts {
  readonly storage: Storage;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

type OpenedEvents = ReturnType<typeof openEvents>;

/** Who looks at what happens, and tells of it. */
export interface Watchers {
  readonly events: OpenedEvents['events'];
  readonly eventRoutes: OpenedEvents['routes'];
  readonly alerting: ReturnType<typeof openAlerts>;
  readonly objectives: ReturnType<typeof openObjectives>;
  readonly vigilant: VigilantParts;
}

/** @throws storage_unavailable */
export async function openWatchers(parts: WatcherParts, watched: Watched, opened: OpenedParts): Promise<Watchers> {
  const { storage, live, clock, log, metrics } = parts;
  const common = { database: storage.database, clock, log };
  const noted = { ...common, metrics: metrics.events };
  const { events, routes: eventRoutes } = openEvents(noted, () => watched.alerts, opened);
  const alertParts = { ...common, live, resilience: watched.resilience, events, metrics: metrics.alerts };
  const alerting = openAlerts(alertParts, opened);
  watched.alerts = alerting.alerts;
  const objectives = openObjectives({ live, clock, events, metrics: metrics.objectives }, opened);
  const vigilant = await openVigilance({ ...noted, revisions: storage, live, events }, opened);
  return { events, eventRoutes, alerting, objectives, vigilant };
}
