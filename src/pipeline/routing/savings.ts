import type { Attempt } from '../../core/attempts.ts';
import type { Saving } from '../../core/caching.ts';
import { type Call, type Target, targetName } from '../../core/call.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { RoutePlan } from '../../core/routing.ts';
import { type Usage, usageOf } from '../../core/usage.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { pricedCost } from '../../models/pricing/cost.ts';
import { baselineOf } from './choose/baseline.ts';

/**
 * What it saved that another target answered than the one that everything would have gone to: the same tokens, cached
 * ones included, by that one's price, less what they cost. After an answer that was not good enough, less what that one
 * cost as well.
 * @returns undefined where it answered itself, or where what answered is none of those that were chosen from
 */
export function routingSaving(call: Call, plan: RoutePlan, catalog: ModelCatalog): Saving | undefined {
  const { shown } = call.attempts;
  const { outcome, usage, costNanoUsd } = shown?.closing ?? {};
  if (!shown || outcome !== 'completed' || !usage || usage.unbilled) return undefined;
  // Whoever answers in the end: it may be the better model's second try, or who stands behind it.
  const isEscalated = call.routing?.cascade?.escalatedTo !== undefined;
  const paidBefore = isEscalated ? costBefore(call, shown) : 0;
  const full = isChosen(plan, shown.opening.target) ? referenceCost(call, plan, shown, catalog) : 'itself';
  if (full === 'itself') {
    if (paidBefore === 0) return undefined;
    const nanoUsd = paidBefore === undefined ? undefined : -paidBefore;
    return { mechanism: 'routing', nanoUsd, inputTokens: 0, outputTokens: 0, onlyCost: true };
  }
  const isKnown = full !== undefined && costNanoUsd !== undefined && paidBefore !== undefined;
  const nanoUsd = isKnown ? full - costNanoUsd - paidBefore : undefined;
  const { inputTokens = 0, outputTokens = 0 } = usage;
  return { mechanism: 'routing', nanoUsd, inputTokens, outputTokens };
}

/** The better model of a cascade is one of those that are chosen from, wherever it stands. */
function isChosen({ candidates, cascade }: RoutePlan, target: string): boolean {
  if (cascade && targetName(cascade.to) === target) return true;
  return candidates.some((one) => targetName(one.target) === target);
}

/** What answers cost that were not good enough. */
function costBefore({ attempts }: Call, shown: Attempt): NanoUsd | undefined {
  let sum: NanoUsd | undefined = 0;
  for (const { index, closing } of attempts.all) {
    if (index >= shown.index || closing?.outcome !== 'completed') continue;
    sum = sum === undefined || closing.costNanoUsd === undefined ? undefined : sum + closing.costNanoUsd;
  }
  return sum;
}

/** What the answer would have cost at the one that everything would have gone to; of several it is the dearest. */
function referenceCost(
  call: Call,
  plan: RoutePlan,
  shown: Attempt,
  catalog: ModelCatalog,
): NanoUsd | undefined | 'itself' {
  const { target } = shown.opening;
  let most: NanoUsd | undefined;
  let dearest: string | undefined;
  for (const other of baselineOf(plan)) {
    const name = targetName(other);
    // Of the dearest alone the price has to be known.
    if (plan.reference && name === target) return 'itself';
    const nanoUsd = name === target ? shown.closing?.costNanoUsd : costAt(call, shown, other, catalog);
    if (nanoUsd === undefined || (most !== undefined && nanoUsd <= most)) continue;
    most = nanoUsd;
    dearest = name;
  }
  return dearest === target ? 'itself' : most;
}

function costAt(
  { receivedAt }: Call,
  { opening, closing, sentAt, closedAt }: Attempt,
  { provider: name, model }: Target,
  catalog: ModelCatalog,
): NanoUsd | undefined {
  const provider = catalog.providers.find((one) => one.name === name);
  if (!provider || !closing?.usage) return undefined;
  const usage = opening.target.startsWith(`${name}/`) ? closing.usage : withoutTerms(closing.usage);
  const durationMs = sentAt === undefined || closedAt === undefined ? undefined : closedAt - sentAt;
  return pricedCost(usage, catalog.priceOf(provider, model), { sentAt: receivedAt, durationMs });
}

function hasTerms({ serviceTier, inferenceGeo, region, speed }: Usage): boolean {
  return (serviceTier ?? inferenceGeo ?? region ?? speed) !== undefined;
}

/** How one provider served an answer means nothing at another. */
function withoutTerms(usage: Usage): Usage {
  if (!hasTerms(usage)) return usage;
  const { serviceTier: _tier, inferenceGeo: _geo, region: _region, speed: _speed, ...others } = usage;
  return usageOf(others);
}
