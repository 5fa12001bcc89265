import { Alerts, type AlertsDeps } from '../../src/records/alerts/alerts.ts';
import { DeliveryStore } from '../../src/records/alerts/delivery/delivery-store.ts';
import type { AlertSettings } from '../../src/records/alerts/settings.ts';
import { EventLog } from '../../src/records/events/event-log.ts';
import { EventStore } from '../../src/records/events/event-store.ts';
import type { Database } from '../../src/storage/database/database.ts';
import { configOf } from './config-of.ts';
import { FakeClock } from './fake-clock.ts';

/** The alerts of one replica, with the events that they are told in. */
export interface Alerting {
  readonly alerts: Alerts;
  readonly events: EventLog;
  readonly clock: FakeClock;
  readonly store: DeliveryStore;
  /** What it logged. */
  readonly lines: string[];
  /** What is read of other rooms; a test changes it. */
  readonly world: World;
  set settings(settings: AlertSettings);
  /** Resolves when so many messages were sent or given up, and written down. */
  delivered(count: number): Promise<void>;
  /** Lets time go by in steps of ten seconds, with all that happens in it. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

interface World {
  waiting: { target: string; waiting: number }[];
  breakers: { target: string; state: 'closed' | 'half-open' | 'open' }[];
  refused: { provider: string; refused: number }[];
  cost: number | Error;
}

/** `alerts:` of a file. */
export function alertsOf(yaml: string): AlertSettings {
  return configOf(`alerts:\n${yaml.replaceAll(/^/gm, '  ')}`).alerts;
}

type Odds = Partial<Pick<AlertsDeps, 'resolve' | 'random' | 'store'>> & {
  readonly eventStore?: Pick<EventStore, 'add' | 'resolve' | 'open'>;
};

export function openAlerting(database: Database, settings: AlertSettings, clock = new FakeClock(), odds: Odds = {}) {
  const world: World = { waiting: [], breakers: [], refused: [], cost: 0 };
  const lines: string[] = [];
  const write = (facts: object, message: string): void => void lines.push(`${message} ${JSON.stringify(facts)}`);
  const log = { info: write, warn: write, error: write };
  const { eventStore = new EventStore(database), ...rest } = odds;
  const store = new DeliveryStore(database);
  const live = { settings };
  const ended = new Waiting();
  const events: EventLog = new EventLog({
    store: eventStore,
    clock,
    scheduler: clock,
    log,
    counted: () => undefined,
    told: (one) => alerts.told(one),
    resolved: (one) => alerts.resolved(one),
  });
  const alerts: Alerts = new Alerts({
    settings: () => live.settings,
    clock,
    scheduler: clock,
    log,
    events,
    openEvents: () => eventStore.open('alert', 100),
    store,
    readings: {
      queueWaiting: () => world.waiting,
      breakers: () => world.breakers,
      refusedKeys: () => world.refused,
    },
    costSince: () => (world.cost instanceof Error ? Promise.reject(world.cost) : Promise.resolve(world.cost)),
    random: () => 0.5,
    delivered: () => ended.add(),
    ...rest,
  });
  const house: Alerting = {
    alerts,
    events,
    clock,
    store,
    lines,
    world,
    set settings(changed: AlertSettings) {
      live.settings = changed;
    },
    async delivered(count) {
      await ended.reached(count);
      await settle(house);
    },
    async pass(seconds) {
      for (let at = 0; at < seconds; at += 10) {
        clock.advance(10_000);
        await settle(house);
      }
    },
    async close() {
      alerts.engine.close();
      const closing = Promise.all([alerts.close(), events.close()]);
      // Time goes by while it closes, so that nothing waits for a database that is away.
      const state = { isClosed: false };
      void closing.then(() => (state.isClosed = true));
      while (!state.isClosed) {
        clock.advance(1000);
        await new Promise((next) => void setImmediate(next));
      }
    },
  };
  return house;
}

/** Counts what happens, for whoever waits for it. */
class Waiting {
  #count = 0;
  #wake: (() => void)[] = [];

  add(): void {
    this.#count += 1;
    for (const wake of this.#wake.splice(0)) wake();
  }

  async reached(count: number): Promise<void> {
    while (this.#count < count) await new Promise<void>((wake) => void this.#wake.push(wake));
  }
}

/** What was begun comes to its end, as far as it does not wait for time to go by. */
export async function settle({ events, alerts }: Alerting): Promise<void> {
  await new Promise((next) => void setImmediate(next));
  await events.flush(60_000);
  await alerts.outbox.flush(60_000);
}
