import { type QuotaParts, openCounters } from './app-counters.ts';
import type { Config } from './config/config.ts';
import { newId } from './core/ids.ts';
import { systemScheduler } from './core/scheduler.ts';
import { startSweep } from './core/sweep.ts';
import { DAY_MS } from './core/units.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { ModelCatalog } from './models/catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { AddressGate } from './pipeline/quotas/admit/address-gate.ts';
import { estimateRoutes } from './pipeline/quotas/bounds/routes.ts';
import { UsualUse } from './pipeline/quotas/bounds/usual-use.ts';
import { estimateCall } from './edge/estimate-call.ts';
import { BudgetAlerts } from './pipeline/quotas/budgets/alerts.ts';
import type { Budget } from './pipeline/quotas/budgets/budget.ts';
import { BudgetDirectory } from './pipeline/quotas/budgets/budget-directory.ts';
import { PostgresBudgetStore } from './pipeline/quotas/budgets/budget-store.ts';
import { budgetsOf } from './pipeline/quotas/budgets/from-settings.ts';
import { PostgresSpendStore } from './pipeline/quotas/budgets/spend-store.ts';
import { oldSpending } from './pipeline/quotas/budgets/old-spending.ts';
import { budgetRoutes } from './pipeline/quotas/budgets/routes.ts';
import { TalliedLedger } from './pipeline/quotas/ledger/tallied-ledger.ts';
import { limitRoutes } from './pipeline/quotas/rules/routes.ts';
import type { BudgetRule } from './pipeline/quotas/rules/budget-rules.ts';
import { RuleBook } from './pipeline/quotas/rules/rule-book.ts';
import type { QuotaDeps, QuotaWatch } from './pipeline/quotas/stage.ts';
import type { Metrics } from './records/metrics/metrics.ts';
import { busiest } from './records/traces/busiest-store.ts';
import { spentPerDay } from './records/traces/usage-store.ts';

/** Limits and budgets, with all that the metrics and the admin API show of them. */
export interface Quotas {
  readonly gate: AddressGate;
  readonly ledger: TalliedLedger;
  /** Whether the counters are what they say; not so while Redis is away. */
  readonly isExact: () => boolean;
  readonly areShared: boolean;
  /** How long the shared counters take to answer, milliseconds. @throws where they do not, or are not shared */
  readonly latencyMs: () => Promise<number>;
  /** The limits in force, in words. */
  readonly limitTexts: () => readonly string[];
  readonly routes: readonly ReturnType<typeof budgetRoutes>[];
  stageDeps(metrics: CountedQuotas): QuotaDeps;
  /** The same with budgets alone, for requests of the gateway's own on behalf of a caller. */
  budgetDeps(metrics: CountedQuotas): QuotaDeps;
}

type CountedQuotas = Pick<Metrics, 'quotas' | 'budgets'>;

/** @throws storage_unavailable; RangeError where REDIS_URL is no address */
export async function openQuotas(parts: QuotaParts, opened: OpenedParts): Promise<Quotas> {
  const { storage, live, clock, events } = parts;
  const { orm } = storage.database;
  const budgetStore = new PostgresBudgetStore(orm, clock);
  const budgets = new BudgetDirectory(budgetStore, budgetsOf(live.config.budgets));
  live.watch(() => budgets.setFile(budgetsOf(live.config.budgets)));
  await storage.follow(budgets.state);
  const spendStore = new PostgresSpendStore(orm, clock);
  const { ledger, counters } = await openLedger(parts, spendStore, opened);
  const rules = rulesInForce(live, budgets, !counters.areShared);
  const alerts = new BudgetAlerts((event) => events.raise(event));
  const usual = new UsualUse();
  const catalog = (): ModelCatalog => live.current;
  const stageDeps = (inForce: () => RuleBook, metrics: CountedQuotas): QuotaDeps => {
    return { rules: inForce, catalog, ledger, usual, clock, watch: watchOf(metrics, alerts) };
  };
  return {
    gate: new AddressGate(rules, clock),
    ledger,
    isExact: counters.isExact,
    areShared: counters.areShared,
    latencyMs: () => counters.latencyMs(),
    limitTexts: () => rules().limits.map(({ text }) => text),
    routes: [
      estimateRoutes({
        catalog,
        usual,
        callOf: (endpoint, body) => estimateCall({ clock, limits: { trustedProxies: 0 } }, endpoint, body),
      }),
      limitRoutes({
        limits: () => rules().limits,
        areUsual: () => live.config.limits === undefined,
        areShared: counters.areShared,
        read: (claims) => ledger.read(claims),
        busiest: (per, limit) => busiest(storage.database, per, { nowMs: clock.now(), limit }),
      }),
      budgetRoutes({
        directory: budgets,
        budgetsChanged: () => storage.refresh(),
        store: budgetStore,
        clock,
        models: () => [...live.config.models.keys()],
        read: (claims) => ledger.read(claims),
        spentPerDay: (budget, subject, unit) => spentPerDayOf(parts, { per: budget.per, subject, unit }),
        subjectsOf: (id, unit, period, limit) => spendStore.subjectsOf(id, unit, period, limit),
      }),
    ],
    stageDeps: (metrics) => stageDeps(rules, metrics),
    budgetDeps: (metrics) => stageDeps(budgetsInForce(budgets), metrics),
  };
}

/** The counters, and what this process has spent of them, which is written down. */
async function openLedger(parts: QuotaParts, store: PostgresSpendStore, opened: OpenedParts) {
  const { clock, log } = parts;
  const replica = newId('replica');
  const counters = await openCounters({ ...parts, replica, store }, opened);
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
  opened.keep(startSweep(oldSpending(store, clock), { scheduler: systemScheduler, log }), (sweep) => sweep.close());
  return { ledger, counters };
}

const WEEK_MS = 7 * DAY_MS;

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

/** The budgets alone. */
function budgetsInForce(budgets: BudgetDirectory): () => RuleBook {
  let version: number | undefined;
  let book: RuleBook | undefined;
  return () => {
    if (!book || budgets.version !== version) {
      version = budgets.version;
      book = new RuleBook({ limits: [], budgets: budgets.current(), addressesCounted: true });
    }
    return book;
  };
}

/** Budgets of the file that are of one project, organisation, model or path: few, and nobody's name. */
function isShown({ origin, per, subject }: Budget): boolean {
  return origin === 'file' && subject !== undefined && per !== 'user' && per !== 'key';
}

/** Changes of less than this nobody sees. */
const LEAST_CHANGE = 1e-6;

interface Shown {
  readonly share: number;
  readonly endsAt: number | undefined;
}

function watchOf({ quotas: metrics, budgets }: CountedQuotas, alerts: BudgetAlerts): QuotaWatch {
  const shown = new WeakMap<BudgetRule, Shown>();
  const show = (rule: BudgetRule, share: number, nowMs: number): void => {
    const { endsAt } = rule.period(nowMs);
    const before = shown.get(rule);
    if (before && before.endsAt === endsAt && Math.abs(before.share - share) < LEAST_CHANGE) return;
    shown.set(rule, { share, endsAt });
    budgets.observe({ budget: rule.budget.id, unit: rule.unit, share, endsAt });
  };
  return {
    refusedByLimit: ({ per, unit }) => metrics.limitRefused(per, unit),
    refusedByBudget({ rule, subject }, nowMs) {
      metrics.budgetRefused(rule.budget.per, rule.unit);
      // What is left is not enough for anybody's next request, which is what its owner wants to know.
      alerts.seen(rule.budget, subject, rule.unit, rule.period(nowMs), 1);
    },
    spent({ rule, subject }, share, nowMs) {
      const { budget, unit } = rule;
      const [first = Infinity] = budget.alertAt;
      if (share >= first) alerts.seen(budget, subject, unit, rule.period(nowMs), share);
      if (isShown(budget)) show(rule, share, nowMs);
    },
    degraded: ({ rule }) => metrics.degraded(rule.budget.per),
    capped: () => metrics.capped(),
  };
}
