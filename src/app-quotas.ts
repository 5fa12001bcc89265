import type { Logger } from 'pino';

import type { Storage } from './app-storage.ts';
import type { Config, Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { newId } from './core/ids.ts';
import type { JsonObject } from './core/json.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { AddressGate } from './pipeline/quotas/admit/address-gate.ts';
import { estimateRoutes } from './pipeline/quotas/bounds/routes.ts';
import { UsualUse } from './pipeline/quotas/bounds/usual-use.ts';
import { estimateCall } from './edge/estimate-call.ts';
import { BudgetAlerts } from './pipeline/quotas/budgets/alerts.ts';
import { BudgetDirectory } from './pipeline/quotas/budgets/budget-directory.ts';
import { PostgresBudgetStore } from './pipeline/quotas/budgets/budget-store.ts';
import { budgetsOf } from './pipeline/quotas/budgets/from-settings.ts';
import { PostgresSpendStore } from './pipeline/quotas/budgets/spend-store.ts';
import { startSpendSweep } from './pipeline/quotas/budgets/spend-sweep.ts';
import { budgetRoutes } from './pipeline/quotas/budgets/routes.ts';
import { FailoverLedger } from './pipeline/quotas/ledger/failover-ledger.ts';
import type { QuotaLedger } from './pipeline/quotas/ledger/ledger.ts';
import { MemoryLedger } from './pipeline/quotas/ledger/memory-ledger.ts';
import { RedisLedger } from './pipeline/quotas/ledger/redis-ledger.ts';
import type { SpendRow } from './pipeline/quotas/ledger/spend.ts';
import { TalliedLedger } from './pipeline/quotas/ledger/tallied-ledger.ts';
import { RuleBook } from './pipeline/quotas/rules/rule-book.ts';
import type { QuotaDeps, QuotaWatch } from './pipeline/quotas/stage.ts';
import type { Events } from './records/events/event.ts';
import type { QuotaMetrics } from './records/metrics/quota-metrics.ts';
import { spentPerDay } from './records/traces/usage-store.ts';
import { openRedis } from './storage/counters/redis.ts';

interface QuotaParts {
  readonly storage: Storage;
  readonly env: Environment;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
}

/** Limits and budgets, with all that the metrics and the admin API show of them. */
export interface Quotas {
  readonly gate: AddressGate;
  readonly ledger: TalliedLedger;
  readonly budgets: BudgetDirectory;
  /** Whether the counters are what they say; not so while Redis is away. */
  readonly isExact: () => boolean;
  readonly routes: readonly ReturnType<typeof budgetRoutes>[];
  stageDeps(metrics: QuotaMetrics): QuotaDeps;
}

/** @throws storage_unavailable; RangeError where REDIS_URL is no address */
export async function openQuotas(parts: QuotaParts, opened: OpenedParts): Promise<Quotas> {
  const { storage, live, clock, log, events } = parts;
  const { orm } = storage.database;
  const budgetStore = new PostgresBudgetStore(orm, clock);
  const budgets = new BudgetDirectory(budgetStore, budgetsOf(live.config.budgets));
  live.watch(() => budgets.setFile(budgetsOf(live.config.budgets)));
  await storage.follow(budgets.state);
  const store = new PostgresSpendStore(orm, clock);
  const replica = newId('replica');
  const url = parts.env['REDIS_URL'] || undefined;
  const counters = url === undefined ? openMemory(parts, store) : openShared({ ...parts, url, replica, store }, opened);
  const ledger = new TalliedLedger({
    ledger: counters.ledger,
    replica,
    store,
    scheduler: systemScheduler,
    now: () => clock.now(),
    onStore(answers, err) {
      if (answers) log.info('what was spent is written down again');
      else log.warn({ err }, 'what was spent cannot be written down now; it is kept in memory and tried again');
    },
  });
  opened.keep(ledger, (tallied) => tallied.close());
  await counters.start(ledger);
  opened.keep(startSpendSweep({ store, clock, log }), (sweep) => sweep.close());
  const rules = rulesInForce(live, budgets, url === undefined);
  const alerts = new BudgetAlerts((event) => events.raise(event));
  const usual = new UsualUse();
  const estimating = {
    catalog: () => live.current,
    usual,
    callOf: (endpoint: string, body: JsonObject) =>
      estimateCall({ clock, limits: { trustedProxies: 0 } }, endpoint, body),
  };
  return {
    gate: new AddressGate(rules, clock),
    ledger,
    budgets,
    isExact: counters.isExact,
    routes: [
      estimateRoutes(estimating),
      budgetRoutes({
        directory: budgets,
        budgetsChanged: () => storage.refresh(),
        store: budgetStore,
        clock,
        models: () => [...live.config.models.keys()],
        read: (claims) => ledger.read(claims),
        spentPerDay: (budget, subject, unit) => spentPerDayOf(parts, { per: budget.per, subject, unit }),
        subjectsOf: (id, unit, period, limit) => store.subjectsOf(id, unit, period, limit),
      }),
    ],
    stageDeps: (metrics) => ({
      rules,
      catalog: () => live.current,
      ledger,
      usual,
      clock,
      watch: watchOf(metrics, alerts),
    }),
  };
}

/** Counters, before anybody has asked them. */
interface Counters {
  readonly ledger: QuotaLedger;
  readonly isExact: () => boolean;
  /** @param tallied knows what this process has spent */
  start(tallied: TalliedLedger): Promise<void>;
}

/** Counters of this process alone: what was spent before it began is in the database. */
function openMemory({ clock, storage, log }: QuotaParts, store: PostgresSpendStore): Counters {
  const ledger = new MemoryLedger(clock);
  const restore = async (): Promise<void> => ledger.restore(await store.load());
  if (storage.database.kind === 'postgres') {
    log.warn('limits and budgets are counted by this process alone; set REDIS_URL where several share one database');
  }
  return {
    ledger,
    isExact: () => true,
    async start() {
      if (storage.startedOnline) await restore();
      else void storage.online.then(restore).catch((err: unknown) => log.error({ err }, 'what was spent is not known'));
    },
  };
}

interface SharedParts extends QuotaParts {
  readonly url: string;
  readonly replica: string;
  readonly store: PostgresSpendStore;
}

/** Counters in Redis, and while that is away what the configuration says. */
function openShared({ url, replica, store, live, clock, log, events }: SharedParts, opened: OpenedParts): Counters {
  const redis = opened.keep(openRedis({ url, log }), (handle) => handle.close());
  let rows = (): readonly SpendRow[] => [];
  const shared = new RedisLedger({
    redis,
    replica,
    leaseMs: live.config.counters.lease,
    scheduler: systemScheduler,
    store,
    rows: () => rows(),
    onReaped(dead, spent) {
      log.warn({ replica: dead, budgets: spent.length }, 'a replica is gone; what it had reserved is settled');
      void store.save(dead, spent).catch((err: unknown) => log.warn({ err }, 'what it spent is not written down'));
    },
    onState(state, reason) {
      if (state === 'exact') failover.forgetShare();
      tellState(state, reason);
    },
  });
  const failover = new FailoverLedger({
    shared,
    memory: () => new MemoryLedger(clock),
    settings: () => live.config.counters,
  });
  /** One event for each absence, of all replicas that see it in the same minute. */
  let dedupe = '';
  function tellState(state: 'away' | 'exact', reason: string): void {
    if (state === 'exact') {
      log.info('the counters in Redis are exact');
      if (dedupe !== '') events.resolve(dedupe);
      return;
    }
    const { whenAway, hardBudgetsWhenAway } = live.config.counters;
    log.error({ reason, whenAway, hardBudgetsWhenAway }, 'the counters in Redis are away');
    dedupe = `counters_degraded|${Math.floor(clock.now() / 60_000)}`;
    const evidence = { reason, whenAway, hardBudgetsWhenAway };
    events.raise({ kind: 'counters_degraded', severity: 'critical', subject: 'redis', dedupe, evidence });
  }
  opened.keep(shared, (ledger) => ledger.close());
  return {
    ledger: failover,
    isExact: () => shared.state === 'exact',
    start(tallied) {
      rows = () => tallied.rows();
      shared.start();
      return Promise.resolve();
    },
  };
}

const WEEK_MS = 7 * 86_400_000;

/** Over the last seven days. */
async function spentPerDayOf(
  { storage, clock }: QuotaParts,
  question: Pick<Parameters<typeof spentPerDay>[1], 'per' | 'subject' | 'unit'>,
): Promise<number | undefined> {
  const untilMs = clock.now();
  return spentPerDay(storage.database, { ...question, sinceMs: untilMs - WEEK_MS, untilMs });
}

/** Made anew where the configuration or a budget of the database has changed. */
function rulesInForce(live: LiveCatalog, budgets: BudgetDirectory, addressesCounted: boolean): () => RuleBook {
  let config: Config | undefined;
  let version: number | undefined;
  let book: RuleBook | undefined;
  return () => {
    if (!book || live.config !== config || budgets.version !== version) {
      config = live.config;
      version = budgets.version;
      book = new RuleBook({ limits: config.limits, budgets: budgets.current(), addressesCounted });
    }
    return book;
  };
}

function watchOf(metrics: QuotaMetrics, alerts: BudgetAlerts): QuotaWatch {
  return {
    refusedByLimit: ({ per, unit }) => metrics.limitRefused(per, unit),
    refusedByBudget({ rule, subject }, nowMs) {
      metrics.budgetRefused(rule.budget.per, rule.unit);
      // What is left is not enough for anybody's next request, which is what its owner wants to know.
      alerts.seen(rule.budget, subject, rule.unit, rule.period(nowMs), 1);
    },
    spent: ({ rule, subject }, share, nowMs) => alerts.seen(rule.budget, subject, rule.unit, rule.period(nowMs), share),
    degraded: ({ rule }) => metrics.degraded(rule.budget.per),
    capped: () => metrics.capped(),
  };
}
