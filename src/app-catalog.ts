import { hash } from 'node:crypto';

import type { Config } from './config/config.ts';
import type { ModelSettings, ResolvedModel, VariantSettings } from './config/schema.ts';
import { resolveModel } from './config/load.ts';
import type { Assignment, Target } from './core/call.ts';
import type { Clock } from './core/clock.ts';
import { VERSION } from './core/version.ts';
import { ModelCatalog, type RouteRules, type VirtualModel } from './models/catalog.ts';
import { PriceBook, type PriceOverrides } from './models/pricing/price-book.ts';
import type { PriceRow } from './models/pricing/price-row.ts';
import { priceOf } from './models/pricing/settings.ts';
import type { Provider } from './models/providers/provider.ts';
import { createHttpProvider } from './models/providers/registry.ts';
import type { ProviderConfig } from './models/providers/settings.ts';
import { cachePolicyOf } from './pipeline/cache/policy.ts';
import { routePlanOf } from './pipeline/routing/plan.ts';
import { promptCachePolicyOf } from './pipeline/prompt-cache/policy.ts';
import { USUAL_POLICY } from './pipeline/resilience/route/policy.ts';
import type { TimeoutSettings } from './pipeline/resilience/settings.ts';
import { createSimulatorProvider } from './models/providers/simulator/adapter.ts';

/** Provider name → keys that were opened from the database. */
export type SealedKeys = ReadonlyMap<string, readonly string[]>;

/** Makes of a configuration what model names mean. The providers are new: close those of the catalog before. */
export function buildCatalog(
  config: Config,
  sealedKeys: SealedKeys,
  storedPrices: readonly PriceRow[],
  clock: Clock,
): ModelCatalog {
  const providers = [...config.providers].map(([name, settings]) => build(name, settings, sealedKeys, clock));
  const passThrough = [...config.providers].filter(([, settings]) => passesThrough(settings)).map(([name]) => name);
  return new ModelCatalog({
    providers,
    virtualModels: [...config.models].map(([name, settings]) => virtualModel(name, settings, config)),
    prices: priceBookOf(config, storedPrices),
    capabilities: config.capabilities,
    passThroughProviders: new Set(passThrough),
    rules: { ...routeRules(undefined, config), version: versionOfAll(config) },
  });
}

/** The prices in force: those of the configuration, the stored ones, and the shipped ones. */
export function priceBookOf(config: Pick<Config, 'prices'>, stored: readonly PriceRow[]): PriceBook {
  return new PriceBook(priceOverridesOf(config), stored);
}

export function priceOverridesOf({ prices }: Pick<Config, 'prices'>): PriceOverrides {
  return Object.fromEntries([...prices].map(([target, price]) => [target, priceOf(price)]));
}

function build(name: string, settings: ProviderConfig, sealedKeys: SealedKeys, clock: Clock): Provider {
  if (settings.type === 'simulator') return createSimulatorProvider({ name, settings, clock });
  return createHttpProvider(name, settings, sealedKeys.get(name) ?? []);
}

function passesThrough(settings: ProviderConfig | undefined): boolean {
  return settings !== undefined && settings.type !== 'simulator' && settings.passThroughCredentials;
}

/**
 * A virtual model with other settings in place of its own, the last ones winning.
 * @throws where there is no such model
 */
export function variantOf(name: string, sets: readonly VariantSettings[], config: Config): VirtualModel {
  const settings = config.models.get(name);
  if (!settings) throw new Error(`no virtual model ${name}`);
  return virtualModel(name, resolveModel(sets.reduce(changed, settings)), config);
}

/**
 * Who names a target means no other, and who names a route means no target beside it. Rules stay unless others are
 * named: they say who may see a request, which nobody changes by trying another model.
 */
function changed(settings: ModelSettings, set: VariantSettings): ModelSettings {
  const { target, route, ...rest } = settings;
  const rules = route?.rules ?? [];
  if (set.route) return { ...rest, ...set, route: { ...set.route, rules: named(set.route.rules, rules) } };
  if (!set.target) return { ...rest, ...(target && { target }), ...(route && { route }), ...set };
  if (rules.length === 0) return { ...rest, ...set };
  const { target: only, ...others } = set;
  return { ...rest, ...others, route: { by: 'order', targets: [{ ...ALONE, target: only }], rules, sticky: 'none' } };
}

const ALONE = { weight: 1, tiers: [] };

function named<Rule>(own: Rule[], before: Rule[]): Rule[] {
  return own.length > 0 ? own : before;
}

function virtualModel(name: string, settings: ResolvedModel, config: Config): VirtualModel {
  const { target, fallback, prompt, parameters } = settings;
  return {
    name,
    target,
    fallback,
    passThroughCredentials: settings.passThroughCredentials ?? passesThrough(config.providers.get(target.provider)),
    ...routeRules(settings, config),
    route: routePlanOf(settings.route),
    ...(prompt && { prompt, promptVersion: prompt.version }),
    parameters,
    version: versionOf(settings, config),
  };
}

/** Changes with what answers depend on: the model's settings, and those of its providers but for their keys. */
function versionOf(settings: ResolvedModel, { providers, defaults, capabilities }: Config): string {
  const names = targetsOf(settings).map((one) => one.provider);
  const asked = [...new Set(names)].map((name) => [name, withoutKeys(providers.get(name))]);
  return digestOf([settings, defaults, capabilities, asked]);
}

/** Everybody who may be asked for the model. */
function targetsOf(settings: ResolvedModel): readonly Target[] {
  const { target, route, fallback, contextLengthFallback, contentPolicyFallback } = settings;
  const routed = route
    ? [...route.targets.map((one) => one.target), ...route.rules.flatMap((rule) => rule.targets)]
    : [];
  const escalated = route?.cascade ? [route.cascade.to] : [];
  return [target, ...routed, ...escalated, ...fallback, ...contextLengthFallback, ...contentPolicyFallback];
}

/** Of models that are asked for as provider/model. */
function versionOfAll({ providers, defaults, capabilities }: Config): string {
  return digestOf([defaults, capabilities, [...providers].map(([name, one]) => [name, withoutKeys(one)])]);
}

function digestOf(settings: unknown): string {
  const said = JSON.stringify(settings, (_, value: unknown) => (value instanceof Map ? [...value] : value));
  // A later program may translate otherwise.
  return hash('sha256', `${VERSION} ${said}`).slice(0, 16);
}

function withoutKeys(settings: ProviderConfig | undefined): unknown {
  if (settings === undefined) return undefined;
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !/key|secret|token|credential/i.test(name)));
}

/** What the model says, else what is said for all models, else what is usual; part by part. */
function routeRules(model: ModelSettings | undefined, { defaults }: Config): RouteRules {
  const timeouts = model?.timeouts ?? defaults.timeouts;
  return {
    timeouts: timeouts && assignedTimeouts(timeouts),
    cache: cachePolicyOf(model?.cache ?? defaults.cache),
    promptCache: promptCachePolicyOf(model?.promptCache ?? defaults.promptCache),
    guards: model?.guards ?? defaults.guards,
    policy: {
      retries: model?.retries ?? defaults.retries ?? USUAL_POLICY.retries,
      breaker: model?.breaker ?? defaults.breaker ?? USUAL_POLICY.breaker,
      queue: model?.queue ?? defaults.queue ?? USUAL_POLICY.queue,
      pacing: model?.pacing ?? defaults.pacing ?? USUAL_POLICY.pacing,
      hedge: model?.hedge,
      continue: model?.continue ?? false,
      onContextLength: model?.contextLengthFallback ?? [],
      onContentPolicy: model?.contentPolicyFallback ?? [],
    },
  };
}

function assignedTimeouts({ connect, firstToken, idle, total }: TimeoutSettings): Assignment['timeouts'] {
  return {
    ...(connect === undefined ? {} : { connect }),
    ...(firstToken === undefined ? {} : { headers: firstToken }),
    ...(idle === undefined ? {} : { idle }),
    ...(total === undefined ? {} : { total }),
  };
}
