import { priceBookOf } from './app-catalog.ts';
import type { Choosing } from './app-choosing.ts';
import type { Clock } from './core/clock.ts';
import { GatewayError } from './core/errors.ts';
import { estimateCall } from './edge/estimate-call.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { isInForce } from './pipeline/rollouts/definition.ts';
import type { OpenedRollouts } from './pipeline/rollouts/open-rollouts.ts';
import type { Database } from './storage/database/database.ts';
import { ReplayPrices } from './work/replay/prices.ts';
import { previewRoutes } from './work/route-preview/routes.ts';

interface Parts {
  readonly database: Database;
  readonly writer: { flush(timeoutMs: number): Promise<void> };
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly trials: Pick<OpenedRollouts, 'directory' | 'desk'>;
}

/** What another route would change. */
export function openRoutePreview({ database, writer, live, clock, trials }: Parts, { routing, prompts }: Choosing) {
  const context = { clock, limits: { trustedProxies: 0 } };
  const { directory, desk } = trials;
  return previewRoutes({
    database,
    writer,
    deps: () => ({
      clock,
      plan: routing.unasked,
      prompts,
      makeCall: (path, body, headers) => estimateCall(context, path, body, headers),
      prices: pricesOf(live),
    }),
    inForce(model) {
      if (!live.config.models.has(model)) throw noModel(model);
      const route = directory.find('route', model);
      const set = route && isInForce(route) ? route.definition?.set : undefined;
      return set ? live.variant(model, [set]) : live.current.assign(model);
    },
    proposed: (model, set) => live.variant(model, [desk.read('route', model, set).set]),
    tried: (model) =>
      (['flag', 'experiment', 'canary'] as const).flatMap((kind) =>
        directory
          .list(kind)
          .filter((one) => isInForce(one) && one.definition?.model === model)
          .map(({ id }) => `${kind} ${id}`),
      ),
  });
}

function pricesOf({ current, config, storedPrices }: LiveCatalog): ReplayPrices {
  const families = new Map(current.providers.map(({ name, family }) => [name, family]));
  return new ReplayPrices(priceBookOf(config, storedPrices), families);
}

function noModel(model: string): GatewayError {
  return new GatewayError('request_invalid', {
    message: `There is no virtual model "${model.slice(0, 100)}". Routes are of the models of causeway.yaml.`,
    param: 'model',
  });
}
