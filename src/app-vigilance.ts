import type { Logger } from 'pino';

import type { Storage } from './app-storage.ts';
import type { Call, Principal } from './core/call.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import { startSweep } from './core/sweep.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { AutoBlocks } from './pipeline/vigilance/auto-blocks.ts';
import { BlockDirectory } from './pipeline/vigilance/block-directory.ts';
import { PostgresBlockStore } from './pipeline/vigilance/postgres-block-store.ts';
import { blockRoutes } from './pipeline/vigilance/routes.ts';
import { type RecallDeps, recallSpending } from './pipeline/vigilance/recall-spending.ts';
import { type BlockDeps, identifyUnblocked } from './pipeline/vigilance/stage.ts';
import { Vigilance } from './pipeline/vigilance/vigilance.ts';
import { EventLog, type EventLogDeps } from './records/events/event-log.ts';
import { EventStore } from './records/events/event-store.ts';
import type { Events, ResolvedEvent, ToldEvent } from './records/events/event.ts';
import { oldEvents } from './records/events/old-events.ts';
import { eventRoutes } from './records/events/routes.ts';
import type { EventMetrics } from './records/metrics/event-metrics.ts';
import { sumUsage } from './records/traces/usage-store.ts';
import type { Database } from './storage/database/database.ts';

interface EventParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: EventMetrics;
}

/** Who passes on what is told. */
export interface EventListener {
  told(told: ToldEvent): void;
  resolved(resolved: ResolvedEvent): void;
}

/** Where parts tell what operators should know, and where that is shown. */
export function openEvents(
  { database, clock, log, metrics }: EventParts,
  listener: () => EventListener | undefined,
  opened: OpenedParts,
) {
  const store = new EventStore(database);
  opened.keep(startSweep(oldEvents(store, clock), { scheduler: systemScheduler, log }), (sweep) => sweep.close());
  const deps: EventLogDeps = {
    store,
    clock,
    scheduler: systemScheduler,
    log,
    counted: (kind) => metrics.observeEvent(kind),
    told: (told) => listener()?.told(told),
    resolved: (resolved) => listener()?.resolved(resolved),
  };
  const events = opened.keep(new EventLog(deps), (waiting) => waiting.close());
  return { events, routes: eventRoutes({ store, log: events }) };
}

interface VigilanceParts extends EventParts {
  readonly revisions: Pick<Storage, 'follow' | 'refresh' | 'online'>;
  readonly live: LiveCatalog;
  readonly events: Events;
}

/** Who is suspicious and who is blocked. */
export interface VigilantParts {
  readonly vigilance: Vigilance;
  /** For the stages. */
  readonly blocks: BlockDeps;
  readonly routes: ReturnType<typeof blockRoutes>;
  /** Who calls, where neither the address nor the key is blocked. */
  identify(call: Call, identify: (call: Call) => Principal): Principal;
}

/** @throws storage_unavailable */
export async function openVigilance(parts: VigilanceParts, opened: OpenedParts): Promise<VigilantParts> {
  const { database, revisions, live, clock, log, events, metrics } = parts;
  const store = new PostgresBlockStore(database.orm, clock);
  const directory = new BlockDirectory(store, clock);
  await directory.start(revisions);
  const automatic = opened.keep(
    new AutoBlocks({ directory, store, clock, scheduler: systemScheduler, log }),
    (waiting) => waiting.close(),
  );
  const vigilance = new Vigilance({ settings: () => live.config.vigilance, clock, events, blocks: automatic });
  let isClosed = false;
  opened.keep(vigilance, () => void (isClosed = true));
  const ask: RecallDeps['ask'] = (by, period, limit) => sumUsage(database, by, period, limit);
  const recalling = { ask, clock, log, isClosed: () => isClosed };
  void revisions.online.then(() => recallSpending(vigilance.spending, recalling));
  const blocks: BlockDeps = { directory, clock, onBlocked: (kind) => metrics.observeBlocked(kind) };
  return {
    vigilance,
    blocks,
    routes: blockRoutes({ store, directory, automatic, clock }),
    identify: (call, identify) => identifyUnblocked(blocks, call, identify),
  };
}
