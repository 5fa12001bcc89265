import type { Logger } from 'pino';

import type { Quotas } from './app-quotas.ts';
import { ShadowList } from './app-shadow-list.ts';
import type { Call } from './core/call.ts';
import type { Clock } from './core/clock.ts';
import { newId } from './core/ids.ts';
import { nanoToUsd } from './core/money.ts';
import { systemScheduler } from './core/scheduler.ts';
import { type Handler, type Stage, compose } from './core/stage.ts';
import { HttpCall } from './edge/call-factory.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { EmbedLink } from './models/vectors/embed/embed-link.ts';
import type { OpenedParts } from './opened-parts.ts';
import { whyUnrepeatable } from './pipeline/cache/key/eligible.ts';
import { itemReferencesIn, referencesIn } from './pipeline/ownership/references.ts';
import type { Budget } from './pipeline/quotas/budgets/budget.ts';
import { type BudgetRule, budgetRulesOf } from './pipeline/quotas/rules/budget-rules.ts';
import { RuleBook } from './pipeline/quotas/rules/rule-book.ts';
import { type QuotaDeps, UNWATCHED, quotaStage } from './pipeline/quotas/stage.ts';
import type { OpenedRollouts } from './pipeline/rollouts/open-rollouts.ts';
import { PostgresTallyStore } from './pipeline/rollouts/tallies/tally-store.ts';
import type { ShadowDefinition } from './pipeline/shadow/definition.ts';
import { SHADOW_ENDPOINT } from './pipeline/shadow/mirrored-call.ts';
import { type Shadow, type ShadowDeps, openShadow } from './pipeline/shadow/open-shadow.ts';
import type { BudgetStanding } from './pipeline/shadow/report/view.ts';
import type { LoadMonitor } from './pipeline/shield/load-monitor.ts';
import type { Events } from './records/events/event.ts';
import { ShadowMetrics } from './records/metrics/shadow-metrics.ts';
import type { Registry } from './records/metrics/registry.ts';
import type { Orm } from './storage/revisions/revision-store.ts';

/** What stands around the attempts of what is mirrored. */
export interface ShadowStages {
  /** What the candidate puts into requests. */
  readonly prompt: Stage;
  readonly recorder: Stage;
  /** From the rules of the candidate's route to the attempts. */
  readonly route: readonly Stage[];
}

interface ShadowParts {
  readonly orm: Orm;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Pick<Events, 'raise'>;
  readonly rollouts: Pick<OpenedRollouts, 'directory' | 'desk' | 'keepRuns'>;
  readonly quotas: Pick<Quotas, 'ledger'>;
  /** Whose rules are replaced by the shadow's own budget. */
  readonly budgets: QuotaDeps;
  readonly stages: ShadowStages;
  readonly link: Pick<EmbedLink, 'ask'>;
  readonly load: Pick<LoadMonitor, 'pressure'>;
  readonly registry: Registry;
}

/** Requests are mirrored to candidates after they are answered. */
export function openShadows(parts: ShadowParts, opened: OpenedParts): Shadow {
  const { orm, live, clock, log, rollouts, quotas, stages, link, load } = parts;
  const metrics: ShadowMetrics = new ShadowMetrics(parts.registry, () => shadow.underWay());
  const shadows = new ShadowList({ live, directory: rollouts.directory });
  rollouts.keepRuns(() => shadows.all().map(({ id, run }) => ({ kind: 'shadow', id, run })));
  const shadow: Shadow = openShadow({
    shadows,
    desk: {
      async put(id, body) {
        await rollouts.desk.put('shadow', id, body);
      },
      remove: (id) => rollouts.desk.remove('shadow', id),
    },
    clock,
    scheduler: systemScheduler,
    random: Math.random,
    catalog: () => live.current,
    variant: (one) => shadows.variant(one),
    readingOf: (call, body) => (call instanceof HttpCall ? call.reading(body) : undefined),
    isRepeatable,
    askerOf: askers(parts.budgets, stages),
    standingOf: (one) => standingOf(quotas, clock, one),
    isBusy: () => load.pressure > 0,
    vectorOf: (text) => link.ask({ text }, false),
    tallying: { store: new PostgresTallyStore(orm, clock), replica: newId('replica'), log },
    watch: {
      mirrored: (id, outcome) => metrics.observe(id, outcome),
      leftOut: (id, reason) => metrics.observe(id, reason),
      spent: (id, nanoUsd) => metrics.observeCost(id, nanoUsd),
      unaffordable: spentTeller(parts),
      failed: (id, err) => log.error({ err, shadow: id }, 'a request could not be mirrored'),
    },
  });
  return opened.keep(shadow, (one) => one.close());
}

/** To ask it again makes nothing, runs nothing, and names nothing that is kept elsewhere. */
export function isRepeatable({ dialect, body: { raw, json } }: Call): boolean {
  if (referencesIn({ raw, resolved: json }).length > 0) return false;
  if (dialect === 'responses' && itemReferencesIn(json).length > 0) return false;
  return whyUnrepeatable(dialect, json) === undefined;
}

/** The way of mirrored requests, within the budget of their shadow. What that refuses leaves no record. */
export function askers(budgets: QuotaDeps, { prompt, recorder, route }: ShadowStages): ShadowDeps['askerOf'] {
  const known = new WeakMap<ShadowDefinition, Handler>();
  return (shadow) => {
    let handler = known.get(shadow);
    if (!handler) {
      const book = new RuleBook({ limits: [], budgets: [budgetOf(shadow)], addressesCounted: true });
      // Budgets of shadows alert nobody: their report says how they stand.
      const quota = quotaStage({ ...budgets, rules: () => book, watch: UNWATCHED });
      handler = compose([prompt, quota, recorder, ...route]);
      known.set(shadow, handler);
    }
    return handler;
  };
}

/** Of everything that is asked in the shadow's name. What was given up counts as if it had gone on. */
function budgetOf({ id, nanoUsd, period }: ShadowDefinition): Budget {
  return {
    id: `shadow:${id}`,
    origin: 'admin',
    per: 'endpoint',
    subject: SHADOW_ENDPOINT,
    nanoUsd,
    tokens: undefined,
    period,
    timeZone: 'UTC',
    hard: true,
    alertAt: [],
    degradeTo: undefined,
    atLimit: 'refuse',
    paymentRequired: false,
    maxOutputTokens: undefined,
    settleAborted: 'bound',
  };
}

async function standingOf(
  { ledger }: Pick<Quotas, 'ledger'>,
  clock: Clock,
  shadow: ShadowDefinition,
): Promise<BudgetStanding> {
  const now = clock.now();
  const [rule]: readonly (BudgetRule | undefined)[] = budgetRulesOf([budgetOf(shadow)]);
  if (!rule) throw new RangeError('a shadow has a budget in dollars');
  const [state] = await ledger.read([rule.claim(SHADOW_ENDPOINT, now, 0)]);
  return {
    limitNanoUsd: shadow.nanoUsd,
    spentNanoUsd: state?.used ?? 0,
    reservedNanoUsd: state?.reserved ?? 0,
    period: rule.period(now),
  };
}

/** Of a budget, from which part on it counts as used up: what is left covers no request. */
const USED_UP = 0.8;

/** Tells operators once in each period that nothing is mirrored any more. */
function spentTeller({ quotas, clock, events, log }: Pick<ShadowParts, 'quotas' | 'clock' | 'events' | 'log'>) {
  const told = new Map<string, string>();
  const tell = async (shadow: ShadowDefinition): Promise<void> => {
    const { id, model } = shadow;
    const { limitNanoUsd, spentNanoUsd, period } = await standingOf(quotas, clock, shadow);
    // One request may be too dear although there is much left for others.
    if (spentNanoUsd < USED_UP * limitNanoUsd || told.get(id) === period.name) return;
    told.set(id, period.name);
    events.raise({
      kind: 'shadow_budget_spent',
      severity: 'info',
      subject: `shadow:${id}`,
      dedupe: `shadow:${id}:${period.name}`,
      evidence: { model, limit_usd: nanoToUsd(limitNanoUsd), spent_usd: nanoToUsd(spentNanoUsd), period: period.name },
    });
  };
  return (shadow: ShadowDefinition): void => {
    tell(shadow).catch((err: unknown) => log.warn({ err, shadow: shadow.id }, 'the budget of a shadow cannot be read'));
  };
}
