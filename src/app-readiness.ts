import type { Logger } from 'pino';

import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { probedServers } from './models/readiness/probed-servers.ts';
import { type ReadinessChange, ReadinessProbe } from './models/readiness/readiness-probe.ts';
import type { OpenedParts } from './opened-parts.ts';

/** Asks the servers of the configuration in force whether their models are ready. */
export function openReadiness(live: LiveCatalog, log: Logger, opened: OpenedParts): ReadinessProbe {
  const probe = new ReadinessProbe({
    scheduler: systemScheduler,
    random: Math.random,
    onChange: (change) => logChange(log, change),
  });
  live.watch(() => probe.watch(serversOf(live)));
  return opened.keep(probe, (one) => one.close());
}

function serversOf({ config, current, sealedKeys }: LiveCatalog) {
  const targets = current.virtualModels.flatMap(({ target, fallback = [], policy }) => [
    target,
    ...fallback,
    ...(policy?.onContextLength ?? []),
    ...(policy?.onContentPolicy ?? []),
  ]);
  return probedServers({ settings: config.providers, providers: current.providers, sealedKeys, targets });
}

function logChange(log: Logger, { provider, model, ready, reason }: ReadinessChange): void {
  if (ready) log.info({ provider, model }, 'the model is ready');
  else log.warn({ provider, model, reason }, 'the model is not ready; other targets are preferred');
}
