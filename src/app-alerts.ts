import type { Logger } from 'pino';

import type { Resilience } from './app-resilience.ts';
import { resilienceReadings } from './app-targets.ts';
import type { Clock } from './core/clock.ts';
import { NANO_PER_USD } from './core/money.ts';
import { systemScheduler } from './core/scheduler.ts';
import { startSweep } from './core/sweep.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { Alerts, type AlertsDeps } from './records/alerts/alerts.ts';
import { DeliveryStore } from './records/alerts/delivery/delivery-store.ts';
import { oldDeliveries } from './records/alerts/delivery/old-deliveries.ts';
import { alertRoutes } from './records/alerts/routes.ts';
import type { CostQuestion } from './records/alerts/rules/cost-watch.ts';
import type { EventLog } from './records/events/event-log.ts';
import { EventStore } from './records/events/event-store.ts';
import type { AlertMetrics } from './records/metrics/alert-metrics.ts';
import { UsageReport } from './records/traces/usage-store.ts';
import type { Database } from './storage/database/database.ts';

interface AlertParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly live: LiveCatalog;
  readonly resilience: Resilience;
  readonly events: EventLog;
  readonly metrics: AlertMetrics;
}

/** More are not firing at a time. */
const MOST_OPEN = 1000;

/** Rules, channels and what is shown of them. `told` and `resolved` are for the log of events. */
export function openAlerts(
  { database, clock, log, live, resilience, events, metrics }: AlertParts,
  opened: OpenedParts,
) {
  const settings = () => live.config.alerts;
  const store = new DeliveryStore(database);
  opened.keep(startSweep(oldDeliveries(store, clock), { scheduler: systemScheduler, log }), (sweep) => sweep.close());
  const eventStore = new EventStore(database);
  const alerts = opened.keep(
    new Alerts({
      settings,
      clock,
      scheduler: systemScheduler,
      log,
      events,
      openEvents: () => eventStore.open('alert', MOST_OPEN),
      store,
      readings: readingsOf(resilience),
      costSince: (question) => dollarsSince(database, question),
      delivered: (channel, outcome) => metrics.delivered(channel, outcome),
    }),
    (one) => one.close(),
  );
  return { alerts, routes: alertRoutes({ alerts, settings, store, clock }) };
}

function readingsOf(resilience: Resilience): AlertsDeps['readings'] {
  const readings = resilienceReadings(resilience);
  return {
    queueWaiting: () => readings.targets(),
    *breakers() {
      for (const { target, breaker } of readings.targets()) yield { target, state: breaker };
    },
    *refusedKeys() {
      for (const { provider, state, keys } of readings.providerKeys()) {
        if (state === 'refused') yield { provider, refused: keys };
      }
    },
  };
}

/** What all replicas spent since a time, as far as it is written. */
async function dollarsSince(database: Database, { sinceMs, model, project }: CostQuestion): Promise<number> {
  const filter = { model, project };
  const report = await UsageReport.plan(database, { by: [], filter, period: { since: new Date(sinceMs) } });
  const [row] = await report.page(1);
  return (row?.sums.costNanoUsd ?? 0) / NANO_PER_USD;
}
