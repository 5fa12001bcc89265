import type { Logger } from 'pino';

import type { Storage } from './app-storage.ts';
import type { Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import type { PostgresSpendStore } from './pipeline/quotas/budgets/spend-store.ts';
import type { QuotaLedger } from './pipeline/quotas/ledger/ledger.ts';
import { MemoryLedger } from './pipeline/quotas/ledger/memory-ledger.ts';
import { type CountersState, RedisCounters } from './pipeline/quotas/ledger/redis-counters.ts';
import type { TalliedLedger } from './pipeline/quotas/ledger/tallied-ledger.ts';
import type { Events } from './records/events/event.ts';
import { luaScript } from './storage/counters/lua-script.ts';
import type { RedisHandle } from './storage/counters/redis.ts';

/** What limits and budgets are made of. */
export interface QuotaParts {
  readonly storage: Storage;
  readonly env: Environment;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
}

interface CounterParts extends QuotaParts {
  /** This process, for as long as it lives. */
  readonly replica: string;
  readonly store: PostgresSpendStore;
}

/** The counters of limits and budgets, before anybody has asked them. */
export interface Counters {
  readonly ledger: QuotaLedger;
  /** By several replicas. */
  readonly areShared: boolean;
  /** Whether they are what they say; not so while Redis is away. */
  readonly isExact: () => boolean;
  /** How long the shared ones take to answer, milliseconds. @throws where they do not, or are not shared */
  latencyMs(): Promise<number>;
  /** @param tallied knows what this process has spent */
  start(tallied: TalliedLedger): Promise<void>;
}

/**
 * In Redis where there is a `REDIS_URL`, else in this process.
 * @throws RangeError where REDIS_URL is no address
 */
export async function openCounters(parts: CounterParts, opened: OpenedParts): Promise<Counters> {
  const url = parts.env['REDIS_URL'] || undefined;
  if (url === undefined) return openMemory(parts);
  // Its client is loaded where it is needed.
  const { openRedis } = await import('./storage/counters/redis.ts');
  return openShared(parts, openRedis({ url, log: parts.log }), opened);
}

/** What was spent before this process began is in the database. */
function openMemory({ clock, storage, store, log }: CounterParts): Counters {
  const ledger = new MemoryLedger(clock);
  const restore = async (): Promise<void> => ledger.restore(await store.load());
  if (storage.database.kind === 'postgres') {
    log.warn('limits and budgets are counted by this process alone; set REDIS_URL where several share one database');
  }
  return {
    ledger,
    areShared: false,
    isExact: () => true,
    latencyMs: () => Promise.reject(new Error('the counters are in this process')),
    async start() {
      if (storage.startedOnline) await restore();
      else void storage.online.then(restore).catch((err: unknown) => log.error({ err }, 'what was spent is not known'));
    },
  };
}

function openShared(
  { replica, store, live, clock, log, events }: CounterParts,
  redis: RedisHandle,
  opened: OpenedParts,
): Counters {
  opened.keep(redis, (handle) => handle.close());
  let tallied: TalliedLedger | undefined;
  const counters = new RedisCounters({
    redis,
    replica,
    leaseMs: live.config.counters.lease,
    scheduler: systemScheduler,
    store,
    rows: () => tallied?.rows() ?? [],
    memory: () => new MemoryLedger(clock),
    settings: () => live.config.counters,
    onReaped(dead, spent) {
      log.warn({ replica: dead, budgets: spent.length }, 'a replica is gone; what it had reserved is settled');
      void store.save(dead, spent).catch((err: unknown) => log.warn({ err }, 'what it spent is not written down'));
    },
    onChange(state, reason) {
      tellChange({ live, log, events }, state, reason);
      // Others may have taken this one for dead, and have written down more than it has spent.
      if (state === 'exact') tallied?.saveAgain();
    },
  });
  opened.keep(counters, (shared) => shared.close());
  return {
    ledger: counters.ledger,
    areShared: true,
    isExact: () => counters.state === 'exact',
    async latencyMs() {
      const began = clock.monotonic();
      await redis.run(NOTHING, '{causeway}:status', []);
      return clock.monotonic() - began;
    },
    start(spent) {
      tallied = spent;
      return counters.start();
    },
  };
}

/** Asks Redis for no more than an answer. */
const NOTHING = luaScript('return 1');

/** One event for all replicas, until one of them has exact counters again. */
const DEDUPE = 'counters_degraded';

function tellChange(
  { live, log, events }: Pick<CounterParts, 'live' | 'log' | 'events'>,
  state: CountersState,
  reason: string,
): void {
  if (state === 'exact') {
    log.info({ reason }, 'the counters of limits and budgets are exact again');
    events.resolve(DEDUPE);
    return;
  }
  const { whenAway, hardBudgetsWhenAway } = live.config.counters;
  const evidence = { reason, whenAway, hardBudgetsWhenAway };
  log.error(evidence, 'Redis is away: limits and budgets are kept by what the configuration says for that');
  events.raise({ kind: 'counters_degraded', severity: 'critical', subject: 'redis', dedupe: DEDUPE, evidence });
}
