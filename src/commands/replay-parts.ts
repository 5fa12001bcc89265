import { buildCatalog, priceBookOf } from '../app-catalog.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import type { Stage } from '../core/stage.ts';
import { estimateCall } from '../edge/estimate-call.ts';
import type { ModelCatalog } from '../models/catalog.ts';
import type { PriceRow } from '../models/pricing/price-row.ts';
import { promptStage } from '../pipeline/prompts/stage.ts';
import { UsualUse } from '../pipeline/quotas/bounds/usual-use.ts';
import type { Budget } from '../pipeline/quotas/budgets/budget.ts';
import { budgetsOf } from '../pipeline/quotas/budgets/from-settings.ts';
import { MemoryLedger } from '../pipeline/quotas/ledger/memory-ledger.ts';
import { RuleBook } from '../pipeline/quotas/rules/rule-book.ts';
import { UNWATCHED, quotaStage } from '../pipeline/quotas/stage.ts';
import type { RolloutRow } from '../pipeline/rollouts/rollout-store.ts';
import { ruleStage } from '../pipeline/routing/rules/stage.ts';
import { RoutingSignals } from '../pipeline/routing/signals/routing-signals.ts';
import { routeStage } from '../pipeline/routing/stage.ts';
import { Draws } from '../work/replay/draws.ts';
import type { Knowledge } from '../work/replay/knowledge.ts';
import { ReplayPrices } from '../work/replay/prices.ts';
import { ReplayClock } from '../work/replay/replay-clock.ts';
import { type ReplayedTiers, replayedTiers } from '../work/replay/replayed-tiers.ts';
import { Replayer } from '../work/replay/replayer.ts';
import { openReplayedRollouts } from './replay-rollouts.ts';

/** What of a gateway stands in its database. */
export interface StoredSettings {
  readonly prices: readonly PriceRow[];
  readonly budgets: readonly Budget[];
  readonly rollouts: readonly RolloutRow[];
}

/** A proposed configuration that recorded requests can be sent through. */
export interface Proposal {
  replayer(knowledge: Knowledge): Replayer;
  readonly tiers: ReplayedTiers;
  /** What is in force that the configuration does not say, and what of it is not replayed, in words. */
  notes(): readonly string[];
  close(): Promise<void>;
}

/** Joins the stages of the pipeline that decide something, as they are in a gateway, with the time of the records. */
export async function openProposal(config: Config, stored: StoredSettings): Promise<Proposal> {
  const clock = new ReplayClock();
  const draws = new Draws();
  const catalog = buildCatalog(config, new Map(), stored.prices, systemClock);
  const tiers = replayedTiers();
  const rollouts = await openReplayedRollouts({ config, catalog, stored: stored.rollouts, now: () => clock.now() });
  const before = [
    rollouts.stage,
    promptStage({ catalog: () => catalog }),
    quotas(config, stored, catalog, clock),
    ruleStage,
  ];
  const route = routeStage({
    catalog: () => catalog,
    clock,
    random: draws.random,
    signals: new RoutingSignals(),
    health: { isOpen: () => false },
    complexity: (call, plan) => tiers.complexity(call, plan),
  });
  const families = new Map(catalog.providers.map(({ name, family }) => [name, family]));
  const prices = new ReplayPrices(priceBookOf(config, stored.prices), families);
  return {
    replayer: (knowledge) =>
      new Replayer({
        clock,
        draws,
        catalog,
        makeCall: (path, body, headers) => estimateCall({ clock, limits: { trustedProxies: 0 } }, path, body, headers),
        stages: { before, after: [route] },
        foresight: { knowledge, prices },
        cacheBytes: config.cache.maxSize,
      }),
    tiers,
    notes: () => [...notesOf(config, stored), ...rollouts.notes()],
    async close() {
      await Promise.all(catalog.providers.map((provider) => provider.close()));
    },
  };
}

function quotas(config: Config, stored: StoredSettings, catalog: ModelCatalog, clock: ReplayClock): Stage {
  const rules = new RuleBook({
    limits: config.limits?.filter(({ per }) => per !== 'ip'),
    budgets: [...budgetsOf(config.budgets), ...stored.budgets],
    addressesCounted: true,
  });
  return quotaStage({
    rules: () => rules,
    catalog: () => catalog,
    ledger: new MemoryLedger(clock),
    usual: new UsualUse(),
    clock,
    watch: UNWATCHED,
  });
}

function notesOf(config: Config, stored: StoredSettings): string[] {
  const hasBudgets = config.budgets.length + stored.budgets.length > 0;
  return [
    config.limits?.some(({ per }) => per === 'ip') &&
      'Limits per address are not replayed, since addresses are not recorded.',
    hasBudgets && 'Budgets begin with nothing spent.',
  ].filter((note) => note !== false && note !== undefined);
}
