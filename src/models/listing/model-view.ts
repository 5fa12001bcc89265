import type { Assignment, Target } from '../../core/call.ts';
import { targetName } from '../../core/call.ts';
import type { ModelCatalog } from '../catalog.ts';
import type { Price } from '../pricing/price.ts';
import type { ModelTargetView, ModelView, TryingView } from './model-schema.ts';

/** A virtual model as requests get it now, and what is tried of it. */
export interface ListedModel {
  readonly name: string;
  readonly assignment: Assignment;
  /** Who says how it chooses. */
  readonly routedBy: 'file' | 'admin';
  readonly trying: readonly TryingView[];
}

export interface ListingDeps {
  readonly catalog: () => ModelCatalog;
  /** True where nobody asked for it to be found out. */
  readonly isReady: (target: Target) => boolean;
}

export function modelView({ name, assignment, routedBy, trying }: ListedModel, deps: ListingDeps): ModelView {
  const { cache, promptCache, guards, version, promptVersion, parameters } = assignment;
  return {
    name,
    origin: 'file',
    version: version ?? null,
    targets: rolesOf(assignment).map((one) => targetView(one, deps)),
    route: routeView(assignment, routedBy),
    policy: policyView(assignment),
    timeouts: timeoutsView(assignment),
    cache: cache
      ? {
          scope: cache.scope,
          exact_ttl_ms: cache.exact?.ttl ?? null,
          coalesce: cache.coalesce,
          semantic_ttl_ms: cache.semantic?.ttl ?? null,
          semantic_max_error_rate: cache.semantic?.maxErrorRate ?? null,
        }
      : null,
    prompt_cache: promptCache ? { ...promptCache } : null,
    guards: guards ?? null,
    prompt_version: promptVersion ?? null,
    parameters: parametersView(parameters),
    pass_through_credentials: assignment.passThroughCredentials,
    trying: [...trying],
  };
}

interface Asked {
  readonly target: Target;
  readonly role: ModelTargetView['role'];
  readonly weight?: number;
  readonly tiers?: readonly string[];
}

/** Each target with when it is asked; one that is asked on two occasions stands there twice. */
export function rolesOf({ targets, route, policy }: Assignment): readonly Asked[] {
  const chosen = route?.candidates.map(({ target, weight, tiers }): Asked => ({
    target,
    role: 'route',
    weight,
    tiers,
  }));
  const first = chosen ?? targets.slice(0, 1).map((target): Asked => ({ target, role: 'target' }));
  const ruled = route?.rules.flatMap((rule) => rule.targets) ?? [];
  const cascade = route?.cascade ? [route.cascade.to] : [];
  return [
    ...first,
    ...as('rule', ruled),
    ...as('cascade', cascade),
    ...as('fallback', targets.slice(first.length)),
    ...as('context_length', policy?.onContextLength ?? []),
    ...as('content_policy', policy?.onContentPolicy ?? []),
  ];
}

function as(role: Asked['role'], targets: readonly Target[]): Asked[] {
  const once = new Map(targets.map((target) => [targetName(target), target]));
  return [...once.values()].map((target) => ({ target, role }));
}

function targetView({ target, role, weight, tiers = [] }: Asked, { catalog, isReady }: ListingDeps): ModelTargetView {
  const provider = catalog().provider(target.provider);
  const price = catalog().priceOf(provider, target.model);
  const capabilities = catalog().capabilitiesOf(provider, target.model);
  return {
    target: targetName(target),
    ...target,
    role,
    weight: weight ?? null,
    tiers: [...tiers],
    simulated: provider.simulated,
    ready: isReady(target),
    price_known: price !== undefined,
    price: price ? priceView(price) : null,
    capabilities: capabilities ? snakeCased(capabilities) : null,
  };
}

function priceView({ version, input, output, cacheRead, cacheWrite }: Price): ModelTargetView['price'] {
  return {
    version,
    input_usd: input,
    output_usd: output,
    cache_read_usd: cacheRead ?? null,
    cache_write_usd: cacheWrite ?? null,
  };
}

function routeView({ route }: Assignment, origin: 'file' | 'admin'): ModelView['route'] {
  if (!route) return null;
  return {
    origin,
    by: route.by,
    sticky: route.sticky,
    rules: route.rules.map(({ name }) => name),
    cascade_to: route.cascade ? targetName(route.cascade.to) : null,
    cascade_check: route.cascade?.check ?? null,
  };
}

function policyView({ policy }: Assignment): ModelView['policy'] {
  if (!policy) return null;
  const { retries, breaker, queue, hedge } = policy;
  return {
    retries: { max: retries.max, base_delay_ms: retries.baseDelay, max_delay_ms: retries.maxDelay },
    breaker: {
      failures: breaker.failures,
      failure_rate: breaker.failureRate,
      window_ms: breaker.window,
      open_for_ms: breaker.openFor,
    },
    queue: {
      concurrency: queue.concurrency,
      size: queue.size,
      max_wait_ms: queue.maxWait,
      adaptive: queue.adaptive,
    },
    hedge_after: hedge ? String(hedge.after) : null,
    continue: policy.continue,
  };
}

function timeoutsView({ timeouts }: Assignment): ModelView['timeouts'] {
  return {
    connect_ms: timeouts?.connect ?? null,
    first_token_ms: timeouts?.headers ?? null,
    idle_ms: timeouts?.idle ?? null,
    total_ms: timeouts?.total ?? null,
  };
}

function parametersView(parameters: Assignment['parameters']): ModelView['parameters'] {
  return snakeCased({ ...parameters });
}

/** As names are on the wire; what is undefined is left out. */
function snakeCased(values: object): Record<string, unknown> {
  const named = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    named.map(([name, value]) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value as unknown]),
  );
}
