import type { Origin } from './config/config.ts';
import { joinKey } from './config/problems.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { assignmentOf } from './models/catalog.ts';
import type { ListedModel } from './models/listing/model-view.ts';
import { modelRoutes } from './models/listing/routes.ts';
import { ROLLOUT_KINDS, isInForce } from './pipeline/rollouts/definition.ts';
import type { RolloutDirectory } from './pipeline/rollouts/directory/rollout-directory.ts';
import type { RouteDeps } from './pipeline/resilience/route/route-deps.ts';

interface ListingParts {
  readonly live: LiveCatalog;
  readonly resilience: Pick<RouteDeps, 'isReady'>;
  readonly trials: { readonly directory: RolloutDirectory };
  /** Where the values of the configuration in force came from. */
  readonly origins: () => ReadonlyMap<string, Origin>;
}

/** What the admin API shows of models and providers. */
export function listingRoutes({ live, resilience, trials, origins }: ListingParts) {
  return modelRoutes({
    catalog: () => live.current,
    isReady: (target) => resilience.isReady(target),
    models: () => live.current.virtualModels.map((model) => listed(model.name, live, trials.directory)),
    provider(name) {
      const settings = live.config.providers.get(name);
      if (!settings) throw new Error(`no provider ${name}`);
      return { settings, origin: origins().get(joinKey('providers', name)) ?? 'default' };
    },
  });
}

/** With the route of the admin API in place of its own, where one is in force. */
function listed(name: string, live: LiveCatalog, directory: RolloutDirectory): ListedModel {
  const own = live.current.virtualModels.find((model) => model.name === name);
  if (!own) throw new Error(`no virtual model ${name}`);
  const route = directory.find('route', name);
  const other = route && isInForce(route) ? route.definition?.set : undefined;
  const trying = ROLLOUT_KINDS.flatMap((kind) =>
    directory.list(kind).filter((one) => one.definition?.model === name),
  ).map((one) => {
    const { kind, id, origin, problem } = one;
    return { kind, id, origin, in_force: isInForce(one), problem: problem ?? null };
  });
  const assignment = other ? live.variant(name, [other]) : assignmentOf(own);
  return { name, assignment, routedBy: other ? 'admin' : 'file', trying };
}
