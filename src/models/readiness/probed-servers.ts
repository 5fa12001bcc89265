import type { Target } from '../../core/call.ts';
import type { Provider } from '../providers/provider.ts';
import type { ProviderConfig } from '../providers/settings.ts';
import { readinessPlan } from './plan.ts';
import type { ProbedServer } from './server-probe.ts';

export interface ProbedCatalog {
  readonly settings: ReadonlyMap<string, ProviderConfig>;
  readonly providers: readonly Pick<Provider, 'name' | 'transport'>[];
  /** Provider name → keys that were opened from the database. */
  readonly sealedKeys: ReadonlyMap<string, readonly string[]>;
  /** All that virtual models may go to. */
  readonly targets: Iterable<Target>;
}

/** The servers that are asked whether they are ready: of each the models that the operator names. */
export function probedServers({ settings, providers, sealedKeys, targets }: ProbedCatalog): ProbedServer[] {
  const named = Map.groupBy(targets, ({ provider }) => provider);
  return providers.flatMap(({ name, transport }): ProbedServer[] => {
    const config = settings.get(name);
    if (!config || config.type === 'simulator') return [];
    const plan = readinessPlan(config, sealedKeys.get(name));
    if (!plan) return [];
    const wanted = (named.get(name) ?? []).map(({ model }) => model);
    return [{ provider: name, plan, transport, models: [...new Set([...config.models, ...wanted])] }];
  });
}
