import type { Operators } from './app-operators.ts';
import type { Storage } from './app-storage.ts';
import type { Clock } from './core/clock.ts';
import { newId } from './core/ids.ts';
import { operatorOf } from './core/operator.ts';
import { systemScheduler } from './core/scheduler.ts';
import { VERSION } from './core/version.ts';
import { visitorsBehind } from './edge/visitor.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { LiveFeed } from './records/live/live-feed.ts';
import { readLiveRecords } from './records/live/live-store.ts';
import type { Pulse } from './records/live/pulse.ts';
import { liveRoutes } from './records/live/routes.ts';
import { hearHere } from './storage/revisions/change-notices.ts';
import { readRevisions } from './storage/revisions/revision-store.ts';

interface Parts {
  readonly storage: Pick<Storage, 'database'>;
  readonly writer: { stats(): { readonly written: number } };
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly operators: Pick<Operators, 'door' | 'watch'>;
  /** How many reviews wait, as the database knows it. */
  readonly reviewsWaiting: () => Promise<number>;
}

/** Who looks on is told that something changed. */
export function openLive(parts: Parts, opened: OpenedParts) {
  const { storage, writer, live, clock, pulse, operators, reviewsWaiting } = parts;
  const { database } = storage;
  const feed = opened.keep(
    new LiveFeed({
      async look() {
        const records = await readLiveRecords(database);
        return { ...records, reviews: await reviewsWaiting(), settings: await readRevisions(database) };
      },
      written: () => writer.stats().written,
      pulse,
      hello: { replica: newId('replica'), version: VERSION },
      clock,
      scheduler: systemScheduler,
    }),
    (one) => one.close(),
  );
  opened.keep(
    hearHere(database.orm, () => feed.nudge()),
    (stop) => stop(),
  );
  live.watch(() => {
    feed.tell({ event: 'settings', data: { subject: 'config' } });
    // Sessions stand and fall with the rules of single sign-on.
    feed.check();
  });
  operators.watch(() => feed.check());
  const visitorOf = visitorsBehind(live.config.server.trustedProxies);
  return liveRoutes({
    feed,
    follower(request) {
      const { by, name, projects } = operatorOf(request);
      const visitor = visitorOf(request);
      return {
        who: JSON.stringify([by, name]),
        isScoped: projects !== undefined,
        mayStill: () => operators.door.holds(visitor),
      };
    },
  });
}
